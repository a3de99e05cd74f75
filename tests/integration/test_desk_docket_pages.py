"""What departments should do together goes on on pages of its own where the docket ends."""

import re
from collections.abc import Iterator
from html import unescape

import pytest

from tests.stack.complex_tickets import register_complex
from tests.stack.desk_house import DeskHouse, desk_house

MORE = re.compile(r'href="(/docket/together\?part=needed&amp;after=[^"]+)"')
NEEDED = re.compile(r'id="needed-([0-9a-f-]{36})"')


@pytest.fixture(scope="module")
def house() -> Iterator[DeskHouse]:
    """With more complex tickets of several departments than a page of the docket shows."""
    with desk_house() as standing:
        register_complex(standing, 23)
        yield standing


def test_needed_meetings_go_on_where_the_docket_ends(house: DeskHouse) -> None:
    leader = house.person("gu-yan")
    docket = leader.get("/docket").text
    more = MORE.search(docket)
    assert more
    address = unescape(more[1])
    following = leader.get(address).text
    first, rest = NEEDED.findall(docket), NEEDED.findall(following)
    assert (len(first), len(rest), len({*first, *rest})) == (20, 3, 23)
    assert not MORE.search(following)
    assert f'hx-get="{address.replace("&", "&amp;")}"' in following, "an open page looks again at itself"
    assert len(docket.encode()) < 100_000


def test_who_calls_a_meeting_on_a_later_page_goes_on_there(house: DeskHouse) -> None:
    leader = house.person("gu-yan")
    more = MORE.search(leader.get("/docket").text)
    assert more
    address = unescape(more[1])
    page = leader.get(address).text
    ticket = NEEDED.findall(page)[0]
    departments = re.findall(rf'id="come-{ticket}-([A-Z]+)"', page)
    back = re.findall(r'name="then" value="([^"]+)"', page)
    assert unescape(back[-1]) == address
    form = {"meets_at": "2026-04-29T14:30", "place": "三楼会议室", "departments": departments, "then": address}
    reply = leader.send(address, f"/tickets/{ticket}/meetings", form)
    assert (reply.status_code, reply.headers["Location"]) == (303, address)
    house.sandbox.settle()
    fragment = leader.get(address, headers={"HX-Request": "true"}).text
    assert ticket not in NEEDED.findall(fragment)
    assert fragment.lstrip().startswith("<div")


@pytest.mark.parametrize("part", ["needed", "meetings", "reports"])
def test_each_part_has_a_page_for_leaders_alone(house: DeskHouse, part: str) -> None:
    path = f"/docket/together?part={part}"
    assert house.person("gu-yan").get(path).status_code == 200
    assert house.person("luo-min").get(path).status_code == 404
    assert house.person("he-jing").get(path).status_code == 404


def test_a_part_that_there_is_not_is_no_page(house: DeskHouse) -> None:
    assert house.person("gu-yan").get("/docket/together?part=escalations").status_code == 404
