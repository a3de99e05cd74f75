"""Whoever took a ticket in sees on their list how far it has come, and who was told that it is late."""

from collections.abc import Iterator

import pytest

from tests.stack.desk_house import DeskHouse, desk_house

SCRIPT = "<script>alert('x')</script>"


@pytest.fixture(scope="module")
def house() -> Iterator[DeskHouse]:
    """With a ticket that is late, of which its department reported, and another that is in time."""
    with desk_house() as standing:
        actors = standing.actors
        late = actors.register("发票开不出来", "跑了三次税务窗口，都让等通知。")
        actors.accept(late, "SWJ")
        path = f"/assignments/{actors.assignment(late, 'SWJ')['id']}/progress"
        actors.liaison("SWJ").post(path, {"progress": f"等外省回函{SCRIPT}"})
        actors.now("2026-05-06 09:30")
        yield standing


@pytest.mark.parametrize("path", ["/desk", "/desk?mine=1"])
def test_the_own_list_says_how_far_each_has_come(house: DeskHouse, path: str) -> None:
    page = house.person("liu-yang").get(path).text
    assert "最近进展" in page
    assert "等外省回函" in page
    assert SCRIPT not in page
    assert "未知悉" in page


def test_the_list_of_all_says_it_of_none(house: DeskHouse) -> None:
    rows = house.person("he-jing").get("/desk").text
    assert "发票开不出来" in rows
    assert "等外省回函" not in rows
