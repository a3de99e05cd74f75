"""Every way in which the observations break a promise of the house, as a sentence that begins with its letter.

A  what was accepted is stored            D  parked is the poison that was sent, and nothing else
B  each event took effect once            E  outboxes and queues are empty
C  marks: once, not early, not late       F  it worked again in time
"""

from collections import Counter
from collections.abc import Iterator

from tests.faults.deadlines import deadlines_agree, marks, told_for_nothing
from tests.faults.effects import acts, routed, taken, told_once
from tests.faults.journal import registered
from tests.faults.observations import SERVICES, Observations


def violations(observations: Observations) -> list[str]:
    """All that is wrong; nothing, if the house kept its promises."""
    checks = (
        accepted,
        acts,
        routed,
        told_once,
        taken,
        marks,
        told_for_nothing,
        deadlines_agree,
        parked,
        drained,
        working_again,
        answers,
    )
    return [found for check in checks for found in check(observations)]


def accepted(observations: Observations) -> Iterator[str]:
    """A ticket for which a client has a 201 is stored by all, once, as promised."""
    promised = registered(observations.journal)
    stored = {name: {row["id"] for row in observations.tables[name]} for name in _tickets_of()}
    rows_of_mark = Counter(row["title"][row["title"].rfind("〔") :] for row in observations.tables["intake_tickets"])
    for mark, ids in promised.items():
        if len(ids) > 1:
            yield f"A {mark} was promised {len(ids)} tickets for one key"
        for name, found in stored.items():
            if lost := ids - found:
                yield f"A {mark} got a 201 and is not in {name}: {sorted(lost)}"
    for mark, count in rows_of_mark.items():
        if mark and count > 1:
            yield f"A {mark} was posted once and is stored {count} times"
    numbers = Counter(row["number"] for row in observations.tables["intake_tickets"])
    yield from (f"A the number {number} was given {count} times" for number, count in numbers.items() if count > 1)
    for name, found in stored.items():
        if found != stored["intake_tickets"]:
            yield f"A {name} and intake_tickets differ by {len(found ^ stored['intake_tickets'])} tickets"


def _tickets_of() -> tuple[str, ...]:
    return ("intake_tickets", "routing_tickets", "watched_tickets")


def parked(observations: Observations) -> Iterator[str]:
    """Given up is what was meant to be given up."""
    for service in SERVICES:
        parked_here, sent = observations.parked[service], observations.poison.get(service, 0)
        if parked_here != sent:
            yield f"D {service} parked {parked_here}, poison sent {sent}"
    if observations.dead_lettered:
        yield f"D the broker put {observations.dead_lettered} messages aside"


def drained(observations: Observations) -> Iterator[str]:
    """Nothing waits for anything."""
    yield from (f"E the outbox of {service} holds {count}" for service, count in observations.outbox.items() if count)
    yield from (f"E {service} has {count} held events" for service, count in observations.waiting.items() if count)
    if observations.queued:
        yield f"E the queues hold {observations.queued}"


def working_again(observations: Observations) -> Iterator[str]:
    """After each fault a ticket soon went all the way."""
    for fault in observations.faults:
        took = fault.recovered - fault.ended
        if not fault.recovered or took > observations.limit_s:
            yield f"F after {fault.name} it took {took:.1f} s" if fault.recovered else f"F {fault.name}: no recovery"


def answers(observations: Observations) -> Iterator[str]:
    """What cannot be done at the moment is a 503; a client is never told of an accident and never left hanging."""
    for entry in observations.journal:
        if entry.status == 500:
            yield f"A {entry.act} was answered 500 at {entry.at:.1f}"
        elif entry.error == "ReadTimeout":
            yield f"F {entry.act} was not answered within {entry.took:.0f} s at {entry.at:.1f}"
