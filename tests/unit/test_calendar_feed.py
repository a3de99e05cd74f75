"""The calendar that other programs read: as RFC 5545 has it."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from services.desk.rules.calendar_feed import CalendarEntry, calendar_text
from tests.builders import at

NOW = datetime(2026, 4, 28, 1, 0, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def an_entry(**changes: object) -> CalendarEntry:
    entry = CalendarEntry("x@bancheng", at("2026-05-07T09:00"), at("2026-05-07T12:00"), "窗口坐班")
    return entry._replace(**changes)  # type: ignore[arg-type]


def text(*entries: CalendarEntry, zone: ZoneInfo = SHANGHAI) -> str:
    return calendar_text("坐班", entries, zone, NOW)


def test_an_entry_has_local_times_and_the_rules_of_its_zone() -> None:
    said = text(an_entry())
    assert "DTSTART;TZID=Asia/Shanghai:20260507T090000\r\nDTEND;TZID=Asia/Shanghai:20260507T120000\r\n" in said
    assert "DTSTAMP:20260428T010000Z\r\n" in said
    zone = said.partition("BEGIN:VTIMEZONE")[2].partition("END:VTIMEZONE")[0]
    assert zone.count("BEGIN:STANDARD") == 1
    assert "TZOFFSETFROM:+0800\r\nTZOFFSETTO:+0800\r\nTZNAME:CST" in zone
    assert said.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert said.endswith("END:VCALENDAR\r\n")
    assert re.findall(r"[^\r]\n", said) == []


def test_what_means_something_in_the_format_is_escaped() -> None:
    said = text(an_entry(summary="a,b;c\\d\ne\r\nBEGIN:VEVENT"))
    assert "SUMMARY:a\\,b\\;c\\\\d\\ne\\nBEGIN:VEVENT\r\n" in said
    assert said.count("\r\nBEGIN:VEVENT\r\n") == 1


def test_no_line_is_longer_than_75_octets_and_no_character_is_cut() -> None:
    long = "坐" * 100 + "x"
    said = text(an_entry(description=long))
    for line in said.encode().split(b"\r\n"):
        assert len(line) <= 75
        line.decode()
    assert f"DESCRIPTION:{long}\r\n" in said.replace("\r\n ", "")


def test_a_zone_with_summer_time_says_when_it_changes() -> None:
    summer = an_entry(starts_at=at("2026-07-01T09:00"), ends_at=at("2026-07-01T12:00"))
    winter = an_entry(starts_at=at("2026-12-01T09:00"), ends_at=at("2026-12-01T12:00"))
    zone = text(summer, winter, zone=ZoneInfo("Europe/Berlin")).partition("END:VTIMEZONE")[0]
    assert "BEGIN:DAYLIGHT" in zone
    standard = zone.partition("BEGIN:STANDARD")[2]
    assert "DTSTART:20261025T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nTZNAME:CET" in standard


def test_a_calendar_without_sittings_is_one() -> None:
    said = text()
    assert "VEVENT" not in said
    assert "BEGIN:VTIMEZONE" in said
    assert timedelta(0) == SHANGHAI.dst(datetime(2026, 1, 1))  # noqa: DTZ001
