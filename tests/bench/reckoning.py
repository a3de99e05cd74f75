"""How many due times a second one core reckons."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from schemas.center.center import Limit
from services.calendar.calendar import work_calendar
from tests.bench.figures import Figure
from tests.bench.house import demo_center
from tests.bench.servers import Servers

STARTS = 20_000


def measure(_servers: Servers, *, full: bool) -> Iterator[Figure]:
    """Limits of two and five working days and of four working hours, from instants all over two years."""
    calendar = work_calendar(demo_center().calendar)
    first = datetime(2025, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai"))
    starts = [first + timedelta(minutes=52 * number) for number in range(STARTS)]
    for key, limit, aim in (
        ("2 working days", Limit(working_days=2), 100_000),
        ("5 working days", Limit(working_days=5), 100_000),
        ("4 working hours", Limit(working_hours=4), None),
    ):
        calendar.due(starts[0], limit)
        began = time.perf_counter()
        for start in starts * (5 if full else 1):
            calendar.due(start, limit)
        seconds = time.perf_counter() - began
        yield Figure(
            key=f"due.{key}",
            what=f"Due times reckoned, {key} each",
            value=STARTS * (5 if full else 1) / seconds,
            unit="/s",
            aim=aim,
            bounded_by="Python on one core: a look into a table of working days, no loop over days.",
        )
