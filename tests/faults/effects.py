"""The checker of effects: each event took effect once, and reached everybody who subscribes to it (letter B)."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from tests.faults.journal import Entry
from tests.faults.observations import Observations, grouped

_ACTS = {  # by the ticket or assignment they are about
    "accept": ("assignment.accepted", "assignment_id"),
    "return": ("assignment.returned", "assignment_id"),
    "complete": ("assignment.completed", "assignment_id"),
    "answer": ("ticket.answered", "ticket_id"),
    "report": ("report.filed", "ticket_id"),
    "close": ("ticket.closed", "ticket_id"),
    "arbitrate": ("arbitration.decided", "ticket_id"),
    "extend": ("extension.granted", "ticket_id"),
    "reclassify": ("ticket.reclassified", "ticket_id"),
    "materials": ("materials.requested", "ticket_id"),
    "supply": ("materials.supplied", "ticket_id"),
    "withdraw": ("ticket.withdrawn", "ticket_id"),
    "rate": ("ticket.rated", "ticket_id"),
}
_TOLD_BY_ROUTING = (
    *("ticket.routed", "assignment.made", "assignment.accepted", "assignment.returned", "assignment.completed"),
    *(
        "assignment.replaced",
        "ticket.answered",
        "report.filed",
        "ticket.closed",
        "ticket.escalated",
        "escalation.voided",
    ),
    *("arbitration.requested", "arbitration.decided", "extension.granted", "ticket.reclassified"),
)


def acts(observations: Observations) -> Iterator[str]:
    """What a client was told is done was announced as often as it was asked for, and not without being asked."""
    for act, (type_, subject) in _ACTS.items():
        announced = {key[0]: len(events) for key, events in grouped(observations.events(type_), subject).items()}
        asked: dict[str, dict[str, Entry]] = {}
        for entry in observations.journal:
            if entry.act == act:
                keys = asked.setdefault(entry.about[0], {})
                keys[entry.key] = keys[entry.key] if entry.key in keys and keys[entry.key].is_done else entry
        for about, answers_ in asked.items():
            done = sum(answer.is_done for answer in answers_.values())
            perhaps = sum(answer.is_unclear for answer in answers_.values())
            times = announced.get(about, 0)
            if times < done or (times > done + perhaps and act != "complete"):
                yield f"B {act} of {about}: done {done} times, perhaps {perhaps} more, announced {times} times"
        if act != "complete" and (unasked := announced.keys() - asked.keys()):
            yield f"B {act}: announced of {len(unasked)} that nobody asked for"


def routed(observations: Observations) -> Iterator[str]:
    """Each ticket is announced once, routed once a decision, its parts given once, its promise set once."""
    for (id_,), events in grouped(observations.events("ticket.registered"), "ticket_id").items():
        if len(events) > 1:
            yield f"B {id_} was registered by {len(events)} events"
    known = {row["id"] for row in observations.tables["intake_tickets"]}
    announced = {event["subject"] for event in observations.events("ticket.registered")}
    if known != announced:
        yield f"B stored and announced tickets differ by {len(known ^ announced)}"
    counts = {
        type_: Counter(event["subject"] for event in observations.events(type_))
        for type_ in ("ticket.routed", "arbitration.requested", "arbitration.decided", "assignment.returned")
    }
    rounds = {row["id"]: row["round"] for row in observations.tables["routing_tickets"]}
    for id_ in known & rounds.keys():
        times, docketed, decided, returned = (counts[type_][id_] for type_ in counts)
        if not times + docketed or times > rounds[id_] + decided + returned:
            yield f"B {id_} was routed {times} times: {rounds[id_]} rounds, {decided} decisions, {returned} returns"
    for table, type_, column in (
        ("assignments", "assignment.made", "assignment_id"),
        ("deadlines", "deadline.set", "deadline_id"),
    ):
        made = Counter(event["data"][column] for event in observations.events(type_))
        rows = {row["id"] for row in observations.tables[table]}
        if made.keys() != rows or any(times > 1 for times in made.values()):
            yield f"B {table}: {len(rows)} rows, {made.total()} events {type_} about {len(made)}"
    promises = grouped(observations.tables["deadlines"], "ticket_id", "kind", "round")
    missing = [id_ for id_ in known if len(promises.get((id_, "answer", 1), [])) != 1]
    if missing:
        yield f"B {len(missing)} tickets have not one promise deadline, such as {missing[0]}"


def told_once(observations: Observations) -> Iterator[str]:
    """Timeline and events say the same; each level reached was announced, each decision asked for one notice."""
    on_timeline = {
        (row["ticket_id"], row["what"].removesuffix(".v1")): row["times"] for row in observations.tables["timeline"]
    }
    for type_ in _TOLD_BY_ROUTING:
        heard = Counter(event["subject"] for event in observations.events(type_))
        for id_ in heard.keys() | {ticket for ticket, what in on_timeline if what == type_}:
            if heard[id_] != on_timeline.get((id_, type_), 0):
                yield f"B {type_} of {id_}: {on_timeline.get((id_, type_), 0)} on the timeline, {heard[id_]} announced"
    rungs = Counter((row["ticket_id"], row["level"]) for row in observations.tables["escalations"])
    notices = observations.events("notice.requested")
    announced = Counter((each["subject"], each["data"]["level"]) for each in observations.events("ticket.escalated"))
    if rungs != announced:
        yield f"B {rungs.total()} levels reached, {announced.total()} announced: {_difference(rungs, announced)}"
    deals = {(each["subject"], each["data"]["made_at"]) for each in observations.events("assignment.made")}
    asked_for = Counter((each["subject"], each["data"]["template"]) for each in notices)
    due = Counter((subject, "assignment.made") for subject, _ in deals)
    due.update(
        (each["subject"], each["type"].removesuffix(".v1")) for each in observations.events("arbitration.requested")
    )
    if asked_for != due:
        yield f"B {due.total()} decisions, {asked_for.total()} notices asked for: {_difference(due, asked_for)}"


def _difference(one: Counter[Any], other: Counter[Any]) -> str:
    return ", ".join(f"{key}" for key in list((one - other) + (other - one))[:3])


def taken(observations: Observations) -> Iterator[str]:
    """Every event reached everybody who subscribes to it."""
    for row in observations.tables["subscriptions"]:
        if row["type"] == "source.reached.v1":
            continue  # the next one says it too, and none is remembered
        events = observations.events(row["type"].removesuffix(".v1"))
        if lost := {event["id"] for event in events} - observations.taken[row["service"]]:
            yield f"B {row['service']} never took {len(lost)} events {row['type']}, such as {sorted(lost)[0]}"
