"""The page of figures: whoever answers for a center or a department reads them, and opens what is behind each."""

import csv
import io
import re
from collections.abc import Iterator
from html import unescape

import pytest

from tests.e2e.actors import Ticket
from tests.stack.desk_house import SCRIPT, DeskHouse, desk_house

HEAD, OTHER_HEAD, DIRECTOR, SUPERVISOR, LEADER = "xie-weidong", "su-haitao", "shen-guoqiang", "tan-lihua", "gu-yan"
DAYS = "since=2026-04-27&until=2026-05-10"


@pytest.fixture(scope="module")
def house() -> Iterator[DeskHouse]:
    with desk_house() as standing:
        yield standing


@pytest.fixture(scope="module")
def tickets(house: DeskHouse) -> list[Ticket]:
    """One that was answered in time, one whose promise broke, one that was sent back."""
    actors = house.actors
    answered = actors.register("发票开不出来", f"跑了三次税务窗口。{SCRIPT}", cause="system_fault")
    actors.accept(answered, "SWJ")
    actors.liaison("SWJ").post(f"/tickets/{answered.id}/answer", {"answer": "开票权限已恢复，可到窗口领票。"})
    broken = actors.register(f"契税减免没有答复{SCRIPT}", "契税减免申请交上去一个月，没有答复。")
    returned = actors.register("发票抬头改不了", "税务窗口说不归他们管。")
    actors.send_back(returned, "SWJ")
    actors.now("2026-05-08 11:00")
    return [answered, broken, returned]


@pytest.mark.parametrize("staff", [DIRECTOR, SUPERVISOR, LEADER, HEAD])
def test_overseers_read_figures_and_open_what_is_behind_each(
    house: DeskHouse, tickets: list[Ticket], staff: str
) -> None:
    person = house.person(staff)
    page = person.get(f"/figures?{DAYS}").text
    assert 'aria-label="按期: 1"' in page
    for path in sorted({unescape(each) for each in re.findall(r'href="(/figures/tickets\?[^"]+)"', page)}):
        shown = person.get(path)
        assert shown.status_code == 200
        assert "<td" in shown.text, path
        assert "<script>alert" not in shown.text
    kept = person.get(f"/figures/tickets?figure=kept&{DAYS}").text
    assert tickets[0].number in kept
    assert tickets[1].number not in kept


@pytest.mark.parametrize("by", ["department", "cause", "channel", "leader", "else"])
def test_figures_are_split_by_what_one_chooses(house: DeskHouse, tickets: list[Ticket], by: str) -> None:
    page = house.person(DIRECTOR).get(f"/figures?{DAYS}&by={by}").text
    assert page.count("<svg") > 6
    assert "style=" not in page


def test_a_head_is_shown_the_own_department_alone(house: DeskHouse, tickets: list[Ticket]) -> None:
    own, other = house.person(HEAD), house.person(OTHER_HEAD)
    assert tickets[1].number in own.get(f"/figures/tickets?figure=broken&{DAYS}").text
    for path in (f"/figures/tickets?figure=broken&{DAYS}", f"/figures/tickets?figure=broken&{DAYS}&department=SWJ"):
        assert tickets[1].number not in other.get(path).text
    assert "期间内没有" not in own.get(f"/figures?{DAYS}&department=CGJ").text


@pytest.mark.parametrize(
    "name", ["promises", "working_time", "ratings", "returns", "repeats", "escalations", "handled"]
)
def test_each_plot_is_given_as_a_table(house: DeskHouse, tickets: list[Ticket], name: str) -> None:
    reply = house.person(DIRECTOR).get(f"/figures/{name}.csv?{DAYS}")
    assert reply.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert reply.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
    rows = list(csv.reader(io.StringIO(reply.content.decode("utf-8-sig"))))
    assert rows[0][0] == "部门"
    assert rows[-1][0] == "合计"


def test_a_number_in_the_table_is_the_one_on_the_page(house: DeskHouse, tickets: list[Ticket]) -> None:
    text = house.person(DIRECTOR).get(f"/figures/promises.csv?{DAYS}").content.decode("utf-8-sig")
    rows = {row[0]: row[1:] for row in csv.reader(io.StringIO(text))}
    assert rows["税务局"] == ["1", "2", "3"], "one was sent back, and is still the lead's"


@pytest.mark.parametrize("staff", ["he-jing", "luo-min", "wei-tao", "shen-pei"])
def test_the_figures_are_not_everybody_s(house: DeskHouse, staff: str) -> None:
    person = house.person(staff)
    paths = ("/figures", "/figures/promises.csv", "/figures/tickets?figure=kept")
    assert {person.get(path).status_code for path in paths} == {404}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/figures?since=2026-05-10&until=2026-05-01", 422),
        ("/figures?since=yesterday", 200),
        ("/figures/tickets?figure=else", 404),
        ("/figures/tickets?figure=kept&after=x", 422),
        ("/figures/else.csv", 404),
    ],
)
def test_what_cannot_be_asked_is_said(house: DeskHouse, path: str, status: int) -> None:
    assert house.person(DIRECTOR).get(path).status_code == status
