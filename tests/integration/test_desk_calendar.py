"""The calendar page: the year, how far it is known, and what will be counted anew."""

import re
from collections.abc import Iterator

import pytest

from tests.stack.desk_house import DeskHouse, desk_house


@pytest.fixture(scope="module")
def house() -> Iterator[DeskHouse]:
    with desk_house() as standing:
        yield standing


def test_the_year_says_how_far_its_days_are_known(house: DeskHouse) -> None:
    page = house.person("wei-tao").get("/calendar?year=2026").text
    assert page.count("<td class=") == 365
    assert "2026年12月24日" in page
    assert re.search(r'aria-current="date">28<', page)
    assert "没有：所有未结事项的期限都在已公布的日子之内。" in page


def test_what_will_be_counted_anew_is_listed(house: DeskHouse) -> None:
    house.actors.now("2026-12-28 10:00")
    ticket = house.actors.register("发票开不出来", "跑了三次税务窗口，都让等通知。")
    house.sandbox.settle()
    assert ticket.number in house.person("wei-tao").get("/calendar").text
    clerk = house.person("he-jing").get("/calendar").text
    assert f'href="/tickets/{ticket.id}"' in clerk


@pytest.mark.parametrize("year", ["0", "99999999999", "x", "-1", "2001", "2099"])
def test_any_year_is_a_page(house: DeskHouse, year: str) -> None:
    assert house.person("wei-tao").get(f"/calendar?year={year}").status_code == 200


def test_who_has_no_business_with_the_calendar_does_not_find_it(house: DeskHouse) -> None:
    assert house.person("luo-min").get("/calendar").status_code == 404
