"""Open tickets that a draft of the center file may concern."""

from collections.abc import Collection
from uuid import UUID

from services.plumbing.database.transaction import Row, Transaction

_CONCERNED = """
SELECT id, number, title, text, matter, cause, complexity, state, lead, assisting,
    ARRAY(SELECT department FROM assignments a WHERE a.ticket_id = t.id AND a.state IN ('made', 'accepted')) AS at_work,
    ARRAY(SELECT department FROM assignments a WHERE a.ticket_id = t.id AND a.round = t.round AND a.state = 'returned')
        AS returned
FROM tickets t WHERE id IN (
    (SELECT id FROM tickets WHERE center = %(center)s AND state = 'assigned' AND lead = ANY(%(gone)s)
        AND id > %(after)s ORDER BY id LIMIT %(limit)s)
    UNION (SELECT ticket_id FROM assignments WHERE center = %(center)s AND department = ANY(%(gone)s)
        AND state IN ('made', 'accepted') AND ticket_id > %(after)s ORDER BY ticket_id LIMIT %(limit)s)
    UNION (SELECT id FROM tickets WHERE center = %(center)s
        AND shown_state IN ('registered', 'in_arbitration', 'awaiting_materials')
        AND state IN ('registered', 'in_arbitration') AND id > %(after)s ORDER BY id LIMIT %(limit)s)
) ORDER BY id LIMIT %(limit)s
"""


def concerned(tx: Transaction, center: str, gone: Collection[str], after: UUID, *, limit: int) -> list[Row]:
    """Open tickets after one, by age, that a department of ``gone`` works on, or of which nobody has decided yet who
    handles them; ``returned`` are the departments that sent one back.
    """
    return tx.rows(_CONCERNED, center=center, gone=list(gone), after=after, limit=limit)
