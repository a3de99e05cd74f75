"""The broker fails: rows 6 to 8 and 11."""

import time

from tests.faults.row import row
from tests.faults.run import Run


@row(6, "kill -9, started again after 2 s, twice")
def the_broker_is_killed(run: Run) -> None:
    """The broker is killed and restarted."""
    with run.house() as house:
        for _ in range(2):
            run.some_time(2, 6)
            with run.fault("broker killed"):
                house.rabbit.kill()
                time.sleep(2)
                house.rabbit.start()


@row(7, "stopped for 10 minutes")
def the_broker_is_down(run: Run) -> None:
    """The broker is down. Intake goes on accepting."""
    with run.house(at_least=run.size.outage(600) + 8) as house:
        run.some_time(4, 8)
        with run.fault("broker down"):
            house.rabbit.stop()
            gone = time.time()
            time.sleep(run.size.outage(600))
            intake_goes_on(run, gone)
            house.rabbit.start()


@row(8, "SIGSTOP for 60 s")
def the_broker_is_frozen(run: Run) -> None:
    """The broker is frozen: alive, connected and silent."""
    with run.house(at_least=run.size.outage(60) + 8) as house:
        run.some_time(4, 8)
        with run.fault("broker frozen"):
            house.rabbit.freeze()
            gone = time.time()
            try:
                time.sleep(run.size.outage(60))
                intake_goes_on(run, gone)
            finally:
                house.rabbit.thaw()


@row(11, "watermark of the memory 0 for 20 s")
def the_broker_is_out_of_memory(run: Run) -> None:
    """The broker raises the memory alarm. Publishers are blocked, clients are not."""
    with run.house() as house:
        run.some_time(3, 6)
        with run.fault("memory alarm"):
            house.rabbit.ctl("set_vm_memory_high_watermark", "0")
            gone = time.time()
            time.sleep(20)
            intake_goes_on(run, gone)
            house.rabbit.ctl("set_vm_memory_high_watermark", "absolute", "768MB")


def intake_goes_on(run: Run, since: float) -> None:
    """Note a violation unless what was posted since the fault began was accepted, each within seconds."""
    posts = [entry for entry in run.journal.since(since, "register") if entry.at < time.time() - 5]
    bad = [entry for entry in posts if not entry.is_done]
    slow = max((entry.took for entry in posts), default=0.0)
    run.expect(bool(posts) and not bad and slow < 5, f"A {len(bad)} of {len(posts)} not accepted, slowest {slow:.1f} s")
