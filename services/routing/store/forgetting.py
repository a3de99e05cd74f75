"""The texts of a ticket whose personal data were deleted. What is counted stays: times, departments, who acted."""

from datetime import datetime
from uuid import UUID

from schemas.values import NO_TITLE
from services.plumbing.database.transaction import Transaction

CODES = (
    *("ticket.rated", "ticket.closed", "ticket.escalated", "escalation.voided", "escalation.passed_up"),
    *("escalation.acknowledged", "assignment.made", "arbitration.requested", "notice.failed"),
    "tolerance.lapsed",
)
"""Entries of the timeline whose text is a code, or staff ids."""

BEGIN_WITH_A_CODE = ("meeting.called", "meeting.moved", "assignment.handed_over")
"""Those whose text is an instant or a staff id, and then words."""

_CHANGES = (
    "UPDATE tickets SET title = %(title)s, text = '', why = NULL, answer = NULL, report = NULL,"
    " applicant_fingerprints = '{}', forgotten_at = %(at)s WHERE id = %(id)s",
    "UPDATE timeline SET text = CASE WHEN what = ANY(%(begins)s) THEN split_part(text, ', ', 1) END"
    " WHERE ticket_id = %(id)s AND what <> ALL(%(codes)s)",
    "UPDATE assignments SET explanation = NULL, result = NULL, progress = NULL WHERE ticket_id = %(id)s",
    "UPDATE arbitrations SET why = NULL WHERE ticket_id = %(id)s",
    "UPDATE extensions SET reason = '', legal_basis = '', why = NULL WHERE ticket_id = %(id)s",
    "UPDATE meetings SET place = '', outcome = NULL, why = NULL WHERE ticket_id = %(id)s",
    "DELETE FROM search_terms WHERE ticket_id = %(id)s",
    "DELETE FROM search_backlog WHERE ticket_id = %(id)s",
)


def forget(tx: Transaction, ticket_id: UUID, at: datetime) -> None:
    """Delete every text of a locked ticket."""
    for change in _CHANGES:
        tx.execute(change, id=ticket_id, at=at, title=NO_TITLE, codes=list(CODES), begins=list(BEGIN_WITH_A_CODE))
