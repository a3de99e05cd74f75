"""Every event of an act says who did it, and the timeline shows that person and nobody else."""

import json
from pathlib import Path

import pytest

from schemas.events import assignments, decisions, escalations, meetings, tickets
from schemas.events.event import VOCABULARY, Event
from services.routing.rules.events import timeline_row

BY_THE_RULES: set[type[Event]] = {
    tickets.TicketRouted,  # names a leader where one decided
    tickets.TicketReopened,
    tickets.TicketEscalated,
    tickets.EscalationVoided,
    escalations.EscalationPassedUp,
    decisions.ArbitrationRequested,
    assignments.AssignmentMade,
    assignments.AssignmentReplaced,
}
"""What follows from something else, without anybody's doing."""

SAMPLES = Path(__file__).parents[1] / "contract" / "samples"

ACTS = [
    declared
    for declared in VOCABULARY.values()
    if declared.__module__ in {each.__name__ for each in (assignments, decisions, escalations, meetings, tickets)}
    and declared not in BY_THE_RULES
]


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.TYPE)
def test_the_timeline_names_who_did_it(act: type[Event]) -> None:
    actors = [name for name in act.schema().fields if name.endswith("_by")]
    assert actors, "nobody did it"
    sample = json.loads((SAMPLES / f"{act.TYPE}.json").read_text(encoding="utf-8"))["data"]
    entry = timeline_row(act.load(sample | {actors[-1]: "who-did-it"}))
    assert entry is not None
    assert entry.actor == "who-did-it"
