"""The applicants of a page of the ledger (台账), masked, or for a leader's stated reason as they were given."""

from schemas.enums import Role
from schemas.requests import ledger as api
from services.access.admission import route
from services.intake.actions import ledger
from services.intake.actions.applicants import HasKeys
from services.intake.routes.window import READERS
from services.plumbing.http.group_commit import Call

AT_ONCE = 2


@route(
    "POST",
    "/ledger/applicants",
    body=api.FindLedgerApplicants,
    reply=api.LedgerApplicants,
    roles=READERS,
    keyed=False,
    at_once=AT_ONCE,
)
def find_applicants(service: HasKeys, call: Call) -> api.LedgerApplicants:
    """Say whose tickets they are, masked."""
    return ledger.applicants(call, service.cipher)


@route(
    "POST",
    "/ledger/applicants/reveal",
    body=api.RevealLedgerApplicants,
    reply=api.LedgerApplicants,
    roles={Role.DUTY_LEADER, Role.DIRECTOR},
    keyed=False,
    at_once=AT_ONCE,
)
def reveal_applicants(service: HasKeys, call: Call) -> api.LedgerApplicants:
    """Say whose tickets they are, unmasked; it is recorded for each ticket who asked."""
    return ledger.revealed(call, service.cipher)
