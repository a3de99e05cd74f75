"""What the citizen sees and does with the ticket's number and code, without an account."""

from typing import Any

from schemas.requests import citizen
from schemas.requests import intake as api
from services.access import centers
from services.access.admission import route
from services.intake import store, views
from services.intake.actions import tickets
from services.intake.actions.applicants import HasKeys
from services.intake.rules.tickets import number_read
from services.plumbing.database.transaction import Row
from services.plumbing.http.group_commit import Call

PUBLIC: dict[str, Any] = {"roles": None, "per_minute": 30}
"""Whoever has the code may ask; it is too long to be guessed at this rate."""
NUMBERED = "/tickets/<code:center>-<int:day>-<int:sequence>"


@route("POST", f"{NUMBERED}/status", body=citizen.StatusWithCode, reply=citizen.CitizenStatus, keyed=False, **PUBLIC)
def follow(service: HasKeys, call: Call, **number: Any) -> citizen.CitizenStatus:
    """Show the citizen where the ticket stands and why it is due when it is due, without data of the applicant."""
    row = of_citizen(service, call, call.body.code, number)
    return views.citizen_status(call.tx, row, centers.current(call.tx, row.center))


@route("POST", f"{NUMBERED}/withdraw", body=citizen.WithdrawWithCode, reply=api.TicketStateReply, **PUBLIC)
def withdraw_with_code(service: HasKeys, call: Call, **number: Any) -> api.TicketStateReply:
    """The citizen withdraws."""
    return tickets.withdraw(call.tx, of_citizen(service, call, call.body.code, number, lock=True), staff=None)


@route("POST", f"{NUMBERED}/rating", body=citizen.RateWithCode, reply=api.TicketStateReply, **PUBLIC)
def rate_with_code(service: HasKeys, call: Call, **number: Any) -> api.TicketStateReply:
    """The citizen rates; a bad rating opens a new round."""
    row = of_citizen(service, call, call.body.code, number, lock=True)
    return tickets.rate(call.tx, service.cipher, row, call.body, recorded_by=None)


def of_citizen(service: HasKeys, call: Call, code: str, number: dict[str, Any], *, lock: bool = False) -> Row:
    """The ticket with the number of the address and this code. Raises NotFound."""
    codes = service.cipher.fingerprints(code)
    return store.tickets.ticket_of_citizen(call.tx, number_read(**number), codes, lock=lock)
