"""Plays the story over the public HTTP interfaces, each moment at its time on the simulated clock."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import Any

from services.demo.people import People, Receipt, StoryWentWrong
from services.demo.sentence import Refusal
from services.demo.story import Moment, StoryTicket, TimedActs
from services.sandbox.client import CallRefused
from services.sandbox.sandbox import Sandbox


class Player:
    """Lets each moment of the story happen when its time has come."""

    def __init__(self, sandbox: Sandbox, people: People) -> None:
        self._sandbox, self._people = sandbox, people

    def play(self, step: TimedActs) -> list[Refusal]:
        """Move the clock, do everything, wait until all of it has been handled. Raises StoryWentWrong."""
        self._sandbox.step(step.at)
        refusals: list[Refusal] = []
        arriving = [ticket for ticket, moment in step.acts if moment is None]
        for batch, group in groupby(arriving, key=lambda ticket: ticket.batch):
            if batch is not None:
                refusals += self._feed_batch(step.at, batch, list(group))
                continue
            for ticket in group:
                receipt = self._people.clerk(ticket, "intake").post("/tickets", ticket.registration())
                self._keep_receipt(step.at, ticket, receipt)
        for ticket, moment in step.acts:
            if moment is not None:
                refusals += self._act(step.at, ticket, moment)
        for of_leader in step.of_leaders:
            _perform(step.at, of_leader.leader, partial(self._people.lead, of_leader))
        for of_operator in step.of_operators:
            _perform(step.at, of_operator.operator, partial(self._people.operate, of_operator))
        self._sandbox.settle()
        return refusals

    def _feed_batch(self, at: datetime, batch: str, tickets: list[StoryTicket]) -> list[Refusal]:
        """Tickets that a feeding system sends in one request; those that the story expects to be refused are."""
        body = {"tickets": [ticket.registration() for ticket in tickets]}
        results = self._people.feeding_system().post("/tickets:batch", body)["results"]
        refusals = []
        for ticket, result in zip(tickets, results, strict=True):
            if (result["status"] == 201) == (ticket.garbled_phone is not None):
                raise StoryWentWrong(f"{_place(at, ticket)}: the feed got the reply {result}")
            if result["status"] == 201:
                self._keep_receipt(at, ticket, result)
            else:
                reasons = tuple(_by_field("", result.get("errors"))) or (("", str(result.get("detail"))),)
                refusals.append(Refusal(None, reasons, title=ticket.title, batch=batch, size=len(tickets)))
        return refusals

    def _keep_receipt(self, at: datetime, ticket: StoryTicket, receipt: dict[str, Any]) -> None:
        kept = Receipt(receipt["id"], receipt["number"], receipt["query_code"], receipt["repeat_of"])
        expected = self._people.receipts[ticket.repeats].ticket_id if ticket.repeats else None
        if kept.repeat_of != expected:
            raise StoryWentWrong(f"{_place(at, ticket)}: linked to {kept.repeat_of}, not to {expected}")
        self._people.receipts[ticket.key] = kept

    def _act(self, at: datetime, ticket: StoryTicket, moment: Moment) -> list[Refusal]:
        """All acts of a moment, up to one that the story expects to be refused. Raises StoryWentWrong."""
        receipt = self._people.receipts[ticket.key]
        for act in moment.acts:
            try:
                self._people.act(act, at, ticket, moment)
            except CallRefused as refusal:
                if moment.refused is None or moment.refused not in str(refusal):
                    raise StoryWentWrong(f"{_place(at, ticket)}, {act}: {refusal}") from None
                return [Refusal(receipt.number, (("", refusal.detail),), act=act)]
            if moment.refused is not None:
                raise StoryWentWrong(f"{_place(at, ticket)}, {act}: was not refused")
        return []


def _perform(at: datetime, who: str, act: Callable[[], None]) -> None:
    """What somebody does that is about no single ticket. Raises StoryWentWrong."""
    try:
        act()
    except CallRefused as refusal:
        raise StoryWentWrong(f"{at:%a %d %b %H:%M}, {who}: {refusal}") from None


def _place(at: datetime, ticket: StoryTicket) -> str:
    return f"{at:%a %d %b %H:%M}, {ticket.key}"


def _by_field(path: str, errors: Any) -> list[tuple[str, str]]:
    """``("applicant.phone", "Must be a phone.")`` for each error of one ticket of a batch."""
    if isinstance(errors, dict):
        return [pair for field, inner in errors.items() for pair in _by_field(f"{path}.{field}".lstrip("."), inner)]
    return [(path, str(error)) for error in errors or ()]
