"""What pages show anew after an event. Pure."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from schemas.events.entries import ENTRY_EVENTS
from schemas.events.event import Event
from schemas.events.notices import NoticeFailed, NoticePlaced
from schemas.events.roster import RosterChanged
from schemas.events.sittings import MinutesSigned, SittingClosed, SittingOpened


class Change(NamedTuple):
    """Something of a center to look at again: ``ticket:<id>``, ``department:<code>``, ``person:<staff>``,
    ``notices:<staff>``, ``docket``, ..."""

    center: str
    topic: str


CENTER_WIDE = ("tickets", "docket", "board")
"""The pages of a whole center, which any event about a ticket may change."""
OF_EVENTS: dict[type[Event], tuple[str, ...]] = {
    NoticeFailed: (),
    **dict.fromkeys(ENTRY_EVENTS, ("entries",)),
    RosterChanged: ("roster", "docket"),
    SittingOpened: ("sittings", "docket"),
    SittingClosed: ("sittings", "docket"),
    MinutesSigned: ("sittings", "docket"),
}
"""The pages that an event about no ticket changes."""


def notices_of(center: str, staff: str) -> Change:
    """Somebody has a notice more, or has read one."""
    return Change(center, f"notices:{staff}")


def changes_of(events: Iterable[Any]) -> Iterator[Change]:
    """What each event changes. One that names no department still changes the page of its ticket, which who works on
    the ticket has open; lists are fetched anew once a minute anyway.
    """
    for event in events:
        if isinstance(event, NoticePlaced):  # nothing has become of the ticket
            yield from (notices_of(event.center, staff) for staff in event.to)
            continue
        if isinstance(event, NoticeFailed):
            yield notices_of(event.center, event.recipient)
        if (ticket_id := getattr(event, "ticket_id", None)) is None:
            for topic in OF_EVENTS.get(type(event), ("center",)):
                yield Change(event.center, topic)
            continue
        yield Change(event.center, f"ticket:{ticket_id}")
        for topic in CENTER_WIDE:
            yield Change(event.center, topic)
        for staff in {*getattr(event, "to", ()), getattr(event, "acknowledged_by", None)} - {None}:
            yield Change(event.center, f"person:{staff}")
        departments = {getattr(event, name, None) for name in ("department", "lead")}
        for department in departments | set(getattr(event, "assisting", ())) | set(getattr(event, "departments", ())):
            if department:
                yield Change(event.center, f"department:{department}")
