"""Bancheng's clock: the database's time, which a demonstration may speed up and a driver may step.

``BANCHENG_CLOCK`` unset is the real time. ``2025-01-24T09:00:00+08:00@3600`` starts at that instant and runs 3600 times
as fast; ``2025-01-24T09:00:00+08:00@0`` stands still until a driver steps it. The first process to come installs the
setting in the database, so that it is the same for all. A database whose clock was set is refused without the variable:
nobody's promise may run on a simulated clock by mistake.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

SCHEMA = """
CREATE SCHEMA IF NOT EXISTS bancheng;
CREATE TABLE IF NOT EXISTS bancheng.clock (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    setting text NOT NULL,
    house_time timestamptz NOT NULL,
    real_time timestamptz NOT NULL DEFAULT clock_timestamp(),
    speed double precision NOT NULL
);
CREATE OR REPLACE FUNCTION bancheng.real_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
    SELECT clock_timestamp()
$$;
CREATE OR REPLACE FUNCTION bancheng.now() RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT coalesce(
        (SELECT house_time + (bancheng.real_now() - real_time) * speed FROM bancheng.clock),
        bancheng.real_now()
    )
$$;
CREATE OR REPLACE FUNCTION bancheng.real_seconds_ago(seconds double precision) RETURNS timestamptz
LANGUAGE sql STABLE AS $$
    SELECT bancheng.now() - make_interval(secs => seconds * coalesce((SELECT speed FROM bancheng.clock), 1))
$$;
CREATE OR REPLACE FUNCTION bancheng.real_seconds_until(instant timestamptz) RETURNS double precision
LANGUAGE sql STABLE AS $$
    SELECT extract(epoch FROM instant - bancheng.now())
        / nullif(coalesce((SELECT speed FROM bancheng.clock), 1), 0)
$$;
"""


class ClockMismatch(Exception):
    """The database runs on another clock than this process was told."""


@dataclass(frozen=True)
class ClockSetting:
    """Where a simulated clock starts and how fast it runs (0 stands still)."""

    text: str
    starts_at: datetime
    speed: float


def parse(text: str) -> ClockSetting:
    """The setting that ``BANCHENG_CLOCK`` describes. Raises ValueError when it is not ``<ISO instant>@<speed>``."""
    instant, separator, speed = text.partition("@")
    starts_at = datetime.fromisoformat(instant)
    if not separator or starts_at.tzinfo is None or float(speed) < 0:
        raise ValueError("BANCHENG_CLOCK is <instant with offset>@<speed>, such as 2025-01-24T09:00:00+08:00@3600")
    return ClockSetting(text, starts_at, float(speed))


def install(connection: Any, text: str | None) -> None:
    """Make the database run on the clock that ``text`` describes. Raises ClockMismatch if it runs on another one."""
    if text:
        wanted = parse(text)
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO bancheng.clock (setting, house_time, speed) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
                (wanted.text, wanted.starts_at, wanted.speed),
            )
    check(connection, text)


def check(connection: Any, text: str | None) -> None:
    """Raises ClockMismatch if the database runs on another clock than ``text`` says."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT setting FROM bancheng.clock")
        found = cursor.fetchone()
    setting = found[0] if found else None
    if setting != (text or None):
        raise ClockMismatch(
            f"the database runs on {setting or 'the real clock'}, BANCHENG_CLOCK says {text or 'nothing'}"
        )


def step(connection: Any, instant: datetime) -> None:
    """Set a simulated clock to ``instant``, for every process at once. Raises ValueError on a naive instant."""
    if instant.tzinfo is None:
        raise ValueError("the clock is stepped to an instant with an offset")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE bancheng.clock SET house_time = %s, real_time = clock_timestamp()", (instant,))
        if cursor.rowcount != 1:
            raise ClockMismatch("the database runs on the real clock, which nobody steps")


def let_run(connection: Any) -> None:
    """Let a simulated clock go on from where it is, as fast as the real one, for every process at once."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE bancheng.clock SET house_time = bancheng.now(), real_time = clock_timestamp(), speed = 1"
        )
        if cursor.rowcount != 1:
            raise ClockMismatch("the database runs on the real clock, which runs by itself")
