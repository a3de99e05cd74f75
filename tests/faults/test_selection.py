"""Everything is killed once while 500 tickets are on their way, and what hurts most besides.

All rows, with more seeds: ``make faults``.
"""

import time

import pytest

from tests.faults.result import Size
from tests.faults.row import ROWS
from tests.faults.rows import ALL
from tests.faults.run import Run

pytestmark = pytest.mark.alone

TICKETS = Size(tickets=500, seconds=45)
BLACK_HOLE, POISON = 9, 21


def test_every_part_is_killed_in_the_middle_of_500_tickets() -> None:
    run = Run(0, "everything is killed once", 1, TICKETS)
    with run.house() as house:
        for supervised in house.supervisor.all:
            run.some_time(2, 4)
            with run.fault(f"{supervised.service} killed"):
                supervised.kill()
        with run.fault("broker killed"):
            house.rabbit.kill()
            time.sleep(1)
            house.rabbit.start()
        with run.fault("PostgreSQL killed"):
            house.postgres.kill()
            time.sleep(1)
            house.postgres.start()
    assert run.result.violations == []
    assert run.result.tickets >= TICKETS.tickets
    assert run.result.faults == 5


@pytest.mark.parametrize("number", [BLACK_HOLE, POISON])
def test_a_row_of_the_table_breaks_no_promise(number: int) -> None:
    assert ALL, "importing the rows declares them"
    result = ROWS[number].run(1, Size(tickets=150))
    assert result.violations == []
    assert result.tickets >= 150
