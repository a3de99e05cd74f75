"""What departments do together goes on on pages of its own where the inbox ends."""

import re
from collections.abc import Iterator
from html import unescape

import pytest

from tests.stack.complex_tickets import register_complex
from tests.stack.desk_house import DeskHouse, desk_house

LEAD, ASSISTING, STRANGER = "kang-ting", "tan-kai", "luo-min"
SHOWN = {
    "meetings": re.compile(r'id="meeting-([0-9a-f-]{36})"'),
    "reports": re.compile(r'id="report-([0-9a-f-]{36})"'),
}


@pytest.fixture(scope="module")
def house() -> Iterator[DeskHouse]:
    """With more meetings to come, and reports to be signed, than an inbox shows."""
    with desk_house() as standing:
        register_complex(standing, 23)
        lead, leader = standing.actors.liaison("WTJ"), standing.actors.leader
        called = {"meets_at": "2026-04-29T14:30:00+08:00", "place": "三楼会议室", "departments": ["WTJ", "JYJ"]}
        for assignment in lead.get("/assignments?limit=50")["items"]:
            lead.post(f"/assignments/{assignment['id']}/accept")
            ticket = f"/tickets/{assignment['ticket_id']}"
            leader.post(f"{ticket}/meetings", called)
            lead.post(f"{ticket}/report", {"report": "专题报告：先办消防意见书，再办许可，五日内办结。"})
        standing.sandbox.settle()
        yield standing


@pytest.mark.parametrize("part", ["meetings", "reports"])
def test_a_part_goes_on_where_the_inbox_ends(house: DeskHouse, part: str) -> None:
    liaison, row = house.person(ASSISTING), SHOWN[part]
    inbox = liaison.get("/inbox").text
    more = re.search(rf'id="more-{part}" href="([^"]+)"', inbox)
    assert more
    following = liaison.get(unescape(more[1])).text
    first, rest = row.findall(inbox), row.findall(following)
    assert (len(first), len(rest), len({*first, *rest})) == (20, 3, 23)
    assert f"more-{part}" not in following
    assert "全部收件" in following, "one finds the way back"
    fragment = liaison.get(unescape(more[1]), headers={"HX-Request": "true"}).text
    assert fragment.lstrip().startswith("<div")
    looks_again = re.search(r'hx-get="([^"]+)"', fragment)
    assert looks_again, "an open page looks again at itself"
    again = liaison.get(unescape(looks_again[1]), headers={"HX-Request": "true"}).text
    assert row.findall(again) == rest
    other = "reports" if part == "meetings" else "meetings"
    assert not SHOWN[other].findall(again)


def test_a_later_page_shows_what_is_ones_own(house: DeskHouse) -> None:
    assert not SHOWN["reports"].findall(house.person(LEAD).get("/inbox/together?part=reports").text)
    for part, row in SHOWN.items():
        for path in (f"/inbox/together?part={part}", f"/inbox/together?part={part}&department=JYJ"):
            assert not row.findall(house.person(STRANGER).get(path).text)
    assert house.person("gu-yan").get("/inbox/together?part=meetings").status_code == 404
    assert house.person(ASSISTING).get("/inbox/together?part=needed").status_code == 404
    assert house.person(ASSISTING).get("/inbox/together?part=meetings&after=x").status_code in (400, 422)
