"""The figures of the two weeks of the story are those that somebody finds who counts for themselves."""

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any

import psycopg2
import pytest

from schemas.enums import Role
from schemas.figures import Figure
from services.sandbox.client import Client
from tests.e2e.actors import refusal
from tests.e2e.counting import Fact, facts_of, figures, group_of, tickets_of
from tests.stack.played_story import PlayedStory, played_story

DIRECTOR, HEAD = "shen-guoqiang", "xie-weidong"


@pytest.fixture(scope="module")
def story() -> Iterator[PlayedStory]:
    with played_story() as played:
        yield played


@pytest.fixture(scope="module")
def director(story: PlayedStory) -> Client:
    return story.sandbox.client("routing", story.sandbox.token(DIRECTOR, Role.DIRECTOR))


@pytest.fixture(scope="module")
def facts(story: PlayedStory) -> list[Fact]:
    repeated = {id_ for (id_,) in rows(story, "SELECT id::text FROM intake.tickets WHERE repeat_of IS NOT NULL")}
    tickets = [each | {"is_repeated": each["id"] in repeated} for each in tickets_of(story.sandbox)]
    return [fact for ticket in tickets for fact in facts_of(ticket)]


@pytest.fixture(scope="module")
def now(story: PlayedStory) -> datetime:
    ((instant,),) = rows(story, "SELECT bancheng.now()")
    assert isinstance(instant, datetime)
    return instant


def rows(story: PlayedStory, sql: str) -> list[tuple[Any, ...]]:
    with closing(psycopg2.connect(story.sandbox.database_url)) as connection, connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def said(row: dict[str, Any]) -> dict[str, Any]:
    """A row without its group and its zeros."""
    return {name: value for name, value in row.items() if name != "group" and value}


@pytest.mark.parametrize("by", ["department", "cause", "channel", "leader"])
@pytest.mark.parametrize(("skipped", "days"), [(0, 30), (0, 7), (4, 1), (200, 10)])
def test_each_figure_is_what_an_independent_count_finds(
    director: Client, facts: list[Fact], now: datetime, by: str, skipped: int, days: int
) -> None:
    since = min(fact.at for fact in facts).date() + timedelta(days=skipped)
    until = since + timedelta(days=days - 1)
    view = director.get("/statistics", since=str(since), until=str(until), by=by)
    expected = figures(facts, by, since, until, now)
    assert {row["group"]: said(row) for row in view["rows"]} == expected
    assert said(view["total"]) == figures(facts, None, since, until, now).get(None, {})


def test_behind_each_figure_stand_its_tickets(director: Client, facts: list[Fact], now: datetime) -> None:
    since = min(fact.at for fact in facts).date()
    asked = {"since": str(since), "until": str(since + timedelta(days=30))}
    for by in ("department", "leader"):
        for row in director.get("/statistics", by=by, **asked)["rows"]:
            group = {"ungrouped": "true"} if row["group"] is None else {"group": row["group"]}
            for figure in Figure:
                listed = list(pages(director, figure=figure, by=by, **group, **asked))
                expected = sorted(
                    each.ticket["number"]
                    for each in facts
                    if each.figure == figure and group_of(each, by) == row["group"] and each.at < now
                )
                counted = row[figure]
                assert (len(listed), sorted(each["number"] for each in listed)) == (counted, expected), (figure, group)


def pages(client: Client, **asked: str) -> Iterator[dict[str, Any]]:
    """All that a list holds, three at a time."""
    after = None
    while True:
        page = client.get("/statistics/tickets", limit=3, **asked, **({"after": after} if after else {}))
        yield from page["items"]
        if (after := page["next"]) is None:
            return


def test_a_head_is_told_of_the_own_department_alone(story: PlayedStory, director: Client) -> None:
    sandbox = story.sandbox
    head = sandbox.client("routing", sandbox.token(HEAD, Role.DEPARTMENT_HEAD, department="SWJ"))
    asked = {"since": "2026-04-20", "until": "2026-05-20"}
    (own,) = (row for row in director.get("/statistics", **asked)["rows"] if row["group"] == "SWJ")
    view = head.get("/statistics", **asked)
    assert view["rows"] == [own]
    assert said(view["total"]) == said(own)
    assert head.get("/statistics", department="CGJ", **asked)["rows"] == []
    listed = head.get("/statistics/tickets", figure="registered", **asked)["items"]
    assert {each["lead"] for each in listed} == {"SWJ"}
    assert head.get("/statistics/tickets", figure="registered", department="CGJ", **asked)["items"] == []


@pytest.mark.parametrize(
    ("staff", "role"), [("liu-yang", Role.CLERK), ("shen-pei", Role.AUDITOR), ("wei-tao", Role.OPS)]
)
def test_the_figures_are_not_everybodys(story: PlayedStory, staff: str, role: Role) -> None:
    client = story.sandbox.client("routing", story.sandbox.token(staff, role))
    assert refusal(client.get, "/statistics?since=2026-04-20&until=2026-04-21").status == 403
    assert refusal(client.get, "/statistics/tickets?figure=kept&since=2026-04-20&until=2026-04-21").status == 403


@pytest.mark.parametrize("until", ["2026-04-19", "2027-04-22"])
def test_a_span_that_is_none_is_refused(director: Client, until: str) -> None:
    refused = refusal(director.get, f"/statistics?since=2026-04-20&until={until}")
    assert (refused.status, "Must not be before the first day" in refused.detail) == (422, True)
