"""However long the story of a ticket or of a center is, one reply tells a page of it, and reads no other center's."""

from typing import Any
from uuid import UUID

import pytest

from schemas.enums import Role
from tests.integration.routing.desk import CLERK, Desk
from tests.stack.access import bearer
from tests.stack.others import Others

pytestmark = [pytest.mark.alone, pytest.mark.usefixtures("nothing_to_collect")]

MEBIBYTE = 1 << 20
LONG = "长" * 20_000
CALM = bearer("he-jing", Role.CLERK, center="CALM")


def _happens(desk: Desk, ticket_id: UUID, times: int, text: str = "", center: str = "BC") -> None:
    desk.house.rows(
        "INSERT INTO timeline (ticket_id, center, at, what, text) SELECT %(id)s, %(center)s, now(), 'ticket.rated',"
        " number || %(text)s FROM generate_series(1, %(times)s) AS number",
        id=str(ticket_id),
        center=center,
        times=times,
        text=text,
    )


def _page(desk: Desk, ticket_id: UUID, **query: int) -> tuple[list[str], int | None]:
    """The texts of a page of the ticket's story, and where the one before it ends."""
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    reply = desk.ask("GET", f"/tickets/{ticket_id}?{asked}", CLERK)
    assert reply.status_code == 200, reply.text
    assert len(reply.content) < MEBIBYTE
    shown = reply.json()
    return [each["text"] for each in shown["timeline"]], shown["timeline_before"]


def test_a_ticket_shows_the_latest_hundred_entries_and_where_to_read_on(desk: Desk) -> None:
    ticket_id = desk.registered()
    before = len(desk.ticket(ticket_id)["timeline"])
    assert desk.ticket(ticket_id)["timeline_before"] is None
    _happens(desk, ticket_id, 150)
    latest, place = _page(desk, ticket_id)
    assert latest == [str(number) for number in range(51, 151)]
    assert place is not None
    earlier, nothing = _page(desk, ticket_id, timeline_before=place)
    assert (len(earlier), earlier[-50:], nothing) == (before + 50, [str(number) for number in range(1, 51)], None)
    assert _page(desk, ticket_id, timeline_limit=2)[0] == ["149", "150"]


def test_a_story_of_long_texts_is_told_in_short_pages(desk: Desk) -> None:
    """A ticket that was opened again and again had a reply of three megabytes."""
    ticket_id = desk.registered()
    _happens(desk, ticket_id, 60, LONG)
    told, place = _page(desk, ticket_id)
    while place is not None:
        earlier, place = _page(desk, ticket_id, timeline_before=place)
        assert earlier
        told = earlier + told
    assert [text for text in told if LONG in (text or "")] == [f"{number}{LONG}" for number in range(1, 61)]


def test_a_ticket_tells_its_text_once(desk: Desk) -> None:
    shown = desk.ticket(desk.registered(text=LONG))
    assert shown["text"] == LONG
    assert [each for each in shown["assignments"] if "text" in each] == []


def test_the_story_of_a_center_is_told_in_short_pages_too(desk: Desk) -> None:
    ticket_id = desk.registered()
    _happens(desk, ticket_id, 40, LONG)
    after, told = 0, list[str]()
    while (page := _all(desk, CLERK, after))["items"]:
        told += [each["text"] or "" for each in page["items"]]
        after = page["next"]
    assert [text for text in told if text.endswith(LONG)][-40:] == [f"{number}{LONG}" for number in range(1, 41)]


def test_a_list_of_long_letters_comes_in_short_pages(desk: Desk) -> None:
    """Two hundred of them were twelve megabytes, and everybody waited while these were written."""
    registered = {str(desk.registered(text=LONG)) for _ in range(20)}
    after, seen = "", list[str]()
    with Others(desk.service, "/nothing") as others:
        while True:
            reply = desk.ask("GET", f"/assignments?limit=200{after}", CLERK)
            assert len(reply.content) < MEBIBYTE
            seen += [each["ticket_id"] for each in reply.json()["items"]]
            if reply.json()["next"] is None:
                break
            after = f"&after={reply.json()['next']}"
    assert registered <= set(seen)
    assert len(seen) == len(set(seen))
    assert others.longest < 0.25


def test_a_small_centers_story_reads_no_others(desk: Desk) -> None:
    """Among 600,000 entries of others, a page of the small center took half a second."""
    quiet = desk.registered(center="CALM")
    busy = desk.registered()
    _happens(desk, busy, 20_000)
    _happens(desk, quiet, 3, center="CALM")
    desk.house.rows("ANALYZE timeline")
    (plan,) = desk.house.rows(
        "EXPLAIN (ANALYZE, BUFFERS OFF, TIMING OFF, FORMAT JSON) SELECT seq FROM timeline"
        " WHERE center = 'CALM' AND seq > 0 ORDER BY seq LIMIT 50"
    )
    assert _removed(plan[0][0]["Plan"]) == 0
    assert [each["text"] for each in _all(desk, CALM, 0)["items"]][-3:] == ["1", "2", "3"]


def _all(desk: Desk, who: dict[str, str], after: int) -> dict[str, Any]:
    reply = desk.ask("GET", f"/timeline?after={after}&limit=200", who)
    assert reply.status_code == 200, reply.text
    assert len(reply.content) < MEBIBYTE
    page: dict[str, Any] = reply.json()
    return page


def _removed(plan: dict[str, Any]) -> int:
    """How many rows were read and thrown away."""
    return int(plan.get("Rows Removed by Filter", 0)) + sum(map(_removed, plan.get("Plans", [])))
