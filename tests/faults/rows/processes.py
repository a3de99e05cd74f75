"""Processes that die: rows 1 to 5 and 22."""

from tests.faults.house import Plan
from tests.faults.row import row
from tests.faults.run import Run

KILLS = 3


def _killed(run: Run, service: str) -> None:
    with run.house() as house:
        for _ in range(KILLS):
            run.some_time(2, 8)
            (supervised,) = house.supervisor.of(service)
            with run.fault(f"{service} killed"):
                supervised.kill()


@row(1, "kill -9 at random moments")
def intake_is_killed(run: Run) -> None:
    """Intake is killed."""
    _killed(run, "intake")


@row(2, "kill -9 at random moments")
def routing_is_killed(run: Run) -> None:
    """Routing is killed."""
    _killed(run, "routing")


@row(3, "kill -9 at random moments")
def deadline_watch_is_killed(run: Run) -> None:
    """deadline_watch is killed."""
    _killed(run, "deadline_watch")


def _dies_at(run: Run, place: str) -> None:
    with run.house() as house:
        for supervised in run.chance.sample(house.supervisor.all, 3):
            run.some_time(1, 4)
            with run.fault(f"{supervised.service} dies at {place!r}"):
                with supervised.lock:
                    supervised.process.kill()
                    supervised.process.environment["BANCHENG_FAILPOINT"] = place
                    supervised.process.launch()
                code = supervised.process.wait(60)  # the load brings it there; the supervisor starts it without
                run.expect(code == -9, f"B {supervised.service} ended with {code} at {place!r}")


@row(4, "failpoint")
def the_relay_dies_after_the_confirm(run: Run) -> None:
    """The relay dies after the broker's confirm, before the events are marked. They are published again."""
    _dies_at(run, "relay: confirmed, not marked")
    run.expect(run.result.published_twice > 0, "B nothing was published twice: the failpoint was not reached")


@row(5, "failpoint")
def a_worker_dies_after_the_commit(run: Run) -> None:
    """A worker dies after the commit, before the ack. The events are delivered again."""
    _dies_at(run, "inbox: committed, not acked")
    run.expect(run.result.suppressed > 0, "B no duplicate was met: the failpoint was not reached")


@row(22, "SIGTERM, one replica of each service after the other")
def four_replicas_are_rolled(run: Run) -> None:
    """Four replicas of each service are stopped in turn and started again, under load."""
    with run.house(Plan(replicas=dict.fromkeys(("intake", "routing", "deadline_watch"), 4))) as house:
        for nth in range(4):
            run.some_time(0.5, 2)
            with run.fault(f"replicas {nth} are stopped"):
                for service in ("intake", "routing", "deadline_watch"):
                    supervised = house.supervisor.of(service)[nth]
                    code, seconds = supervised.stop()
                    run.expect(code == 0 and seconds < 30, f"F {service} ended with {code} after {seconds:.1f} s")
                    supervised.start()
                house.supervisor.await_ready()
