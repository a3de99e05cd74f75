"""More time: the report of a ticket that becomes complex, and extensions."""

from schemas.enums import Complexity, DeadlineState, Light
from schemas.events.deadlines import MarkReached
from tests import deadline_builders as given
from tests.deadline_builders import at
from tests.deadline_story import REPORT, Story


def test_a_ticket_that_becomes_complex_on_day_two_keeps_the_time_spent() -> None:
    story = Story(given.registered("2025-01-24 10:00"), given.routed("2025-01-24 10:01"))
    story.now("2025-01-27 09:00").record(given.reclassified("2025-01-27 10:00"))
    assert story.names == ["set", "approaching 1", "cancelled", "set"]
    report = story.deadline(REPORT)
    assert (report.started_at, report.due_at) == (at("2025-01-24 10:00"), at("2025-02-07 17:00"))
    assert (report.department, report.light, report.round) == ("SWJ", Light.GREEN, 1)


def test_a_complex_ticket_is_promised_a_report_from_the_start() -> None:
    complex_ = given.routed("2025-01-24 10:01", complexity=Complexity.COMPLEX)
    story = Story(given.registered("2025-01-24 10:00"), complex_, complex_)
    assert story.names == ["set", "cancelled", "set"]
    story.record(given.report_filed("2025-02-07 16:00"), given.answered("2025-02-07 16:30"))
    assert (story.names[-1], story.deadline(REPORT).state) == ("met", DeadlineState.MET)


def test_a_promise_broken_before_the_routing_stays_broken() -> None:
    story = Story(given.registered("2025-01-24 10:00")).now("2025-01-27 17:01")
    story.record(given.routed("2025-02-05 09:00", complexity=Complexity.COMPLEX))
    assert story.names == ["set", "approaching 1", "breached 2", "set"]
    assert story.deadline().state is DeadlineState.BREACHED
    assert story.deadline(REPORT).due_at == at("2025-02-07 17:00")


def test_a_late_reclassification_voids_an_announced_breach() -> None:
    story = Story(given.registered("2025-01-24 10:00"), given.routed("2025-01-24 10:01")).now("2025-01-27 17:01")
    story.record(given.reclassified("2025-01-27 16:59"))
    assert story.names == ["set", "approaching 1", "breached 2", "cancelled", "voided 2", "set"]
    assert story.deadline().state is DeadlineState.CANCELLED


def test_a_report_that_is_late_from_the_start_is_broken_at_once() -> None:
    """The router was stuck for two weeks: the breach of the report is not left out, its warning is."""
    story = Story(given.registered("2025-01-24 10:00"))
    story.record(given.routed("2025-02-12 09:00", complexity=Complexity.COMPLEX)).now("2025-02-12 09:00")
    kinds = [(event.kind, name) for event, name in zip(story.announced, story.names, strict=True)]  # type: ignore[attr-defined]
    assert [name for kind, name in kinds if kind is REPORT] == ["set", "breached 2", "overdue 3"]


def test_an_extension_moves_the_due_time_and_all_marks_to_come() -> None:
    story = Story(given.registered("2025-01-24 10:00"), given.extension_granted("2025-01-26 10:00"))
    assert story.deadline().due_at == at("2025-02-07 17:00")
    assert (story.deadline().revision, story.deadline().announced_changes[0].due_at) == (2, at("2025-01-27 17:00"))
    story.now("2025-02-07 09:00").now("2025-02-07 17:01")
    assert story.names == ["set", "moved", "approaching 1", "breached 2"]
    assert {event.revision for event in story.announced if isinstance(event, MarkReached)} == {2}


def test_an_extension_granted_in_time_and_heard_late_voids_the_breach() -> None:
    story = Story(given.registered("2025-01-24 10:00")).now("2025-01-27 17:01")
    story.record(given.extension_granted("2025-01-26 10:00"))
    assert (story.deadline().state, story.deadline().light) == (DeadlineState.RUNNING, Light.GREEN)


def test_an_extension_after_the_due_time_changes_nothing() -> None:
    story = Story(given.registered("2025-01-24 10:00"), given.extension_granted("2025-02-05 10:00"))
    assert (story.deadline().due_at, story.deadline().revision) == (at("2025-01-27 17:00"), 1)
