"""What can become of a solved ticket, and whether its words can be read by everybody. Pure."""

from collections.abc import Callable, Mapping

from schemas.enums import Outcome
from schemas.errors import Conflict, Invalid
from services.knowledge.rules.ticket import KnownTicket
from services.privacy.masking import is_an_office
from services.privacy.normalised_text import NormalisedText
from services.privacy.numbers import Kind
from services.privacy.personal_data import personal_data_in

_STILL_HOLDS = {
    Kind.PHONE: "Still holds a phone number; take it out.",
    Kind.ID_NUMBER: "Still holds an ID number; take it out.",
    Kind.CARD: "Still holds the number of a bank card; take it out.",
    Kind.E_MAIL: "Still holds an e-mail address; take it out.",
    Kind.PLATE: "Still holds a licence plate; take it out.",
    Kind.PASSPORT: "Still holds the number of a passport; take it out.",
    Kind.ACCOUNT: "Still holds an account of WeChat or QQ; take it out.",
}


def is_solved(ticket: KnownTicket) -> bool:
    """Whether others can learn from it: closed as resolved, and nobody came back about it."""
    return ticket.case is not None and ticket.outcome is Outcome.RESOLVED


def ensure_solved(ticket: KnownTicket) -> None:
    """Raises Conflict."""
    if not is_solved(ticket):
        raise Conflict("only a ticket that is closed as resolved can be learnt from")


def departments_in(ticket: KnownTicket) -> tuple[str, ...]:
    """Whose case it is, the lead first: each of them consents before others read it."""
    return tuple(dict.fromkeys(each for each in (ticket.lead, *ticket.assisting) if each))


def ensure_impersonal(texts: Mapping[str, str], pause: Callable[[], None]) -> None:
    """Nothing personal may be left in texts that everybody reads; landlines of offices may. Raises Invalid, which says
    what is left, and in which of the texts.
    """
    for name, text in texts.items():
        left = [each.kind for each in personal_data_in(NormalisedText(text), pause) if not is_an_office(each)]
        if left:
            raise Invalid(name, _STILL_HOLDS[left[0]])
