"""Weeks of three centers over a Spring Festival, every ticket against the oracle; `make long-run` takes two years."""

from datetime import date

from tests.histories.run_of_days import RunOfDays


def test_every_deadline_over_a_spring_festival_is_the_oracles() -> None:
    run = RunOfDays(seed=26, first=date(2026, 2, 5), last=date(2026, 3, 6), a_day=2)
    run.run(lambda now: None)
    assert not run.wrong, "\n".join(run.wrong)
    assert run.counts["tickets compared"] == run.counts["tickets"] > 100
    assert run.counts["rungs climbed"] > 150
