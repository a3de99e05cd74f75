"""The network between the services and their servers fails: rows 9, 10 and 17."""

import time

from tests.faults.house import Plan
from tests.faults.row import row
from tests.faults.rows.broker import intake_goes_on
from tests.faults.run import Run


@row(9, "a proxy stops forwarding for 25 s")
def the_way_to_the_broker_is_a_black_hole(run: Run) -> None:
    """The connections to the broker lead into a black hole. SIGTERM ends a process within 30 s all the same."""
    with run.house(Plan(amqp_proxy=True)) as house:
        run.some_time(3, 6)
        with run.fault("black hole"):
            house.amqp_proxy.black_hole()
            gone = time.time()
            time.sleep(5)
            supervised = run.chance.choice(house.supervisor.all)
            code, seconds = supervised.stop()
            run.expect(code == 0 and seconds < 30, f"F {supervised.service} ended with {code} after {seconds:.1f} s")
            supervised.start()
            time.sleep(max(0.0, gone + 25 - time.time()))
            if supervised.service != "intake":
                intake_goes_on(run, gone)
            house.amqp_proxy.heal()


@row(10, "a proxy sends RST every second, to the broker's clients for 15 s, then to the database's for 10 s")
def connections_are_reset(run: Run) -> None:
    """Connections are reset every second."""
    with run.house(Plan(amqp_proxy=True, database_proxy=True)) as house:
        for proxy, times in ((house.amqp_proxy, 15), (house.database_proxy, 10)):
            run.some_time(1, 3)
            with run.fault("resets"):
                for _ in range(times):
                    proxy.reset_all()
                    time.sleep(1)


@row(17, "a proxy loses the reply to COMMIT, 12 times, at whomever it hits")
def the_reply_to_commit_is_lost(run: Run) -> None:
    """The database commits and its reply is lost. The client asks again with its Idempotency-Key."""
    with run.house(Plan(database_proxy=True)) as house:
        for _ in range(12):
            run.some_time(0.2, 1.5)
            house.database_proxy.cut_after(b"COMMIT")
        with run.fault("commits cut"):
            time.sleep(1)
            house.database_proxy.heal()
        run.result.faults = house.database_proxy.cuts
        run.expect(house.database_proxy.cuts >= 6, f"B only {house.database_proxy.cuts} replies were lost")
