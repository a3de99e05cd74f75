"""The pages of who answers for promises, and of who watches: each sees what is theirs, and acknowledges it."""

import re
from collections.abc import Iterator

import pytest

from tests.e2e.actors import Ticket
from tests.stack.desk_house import DeskHouse, desk_house

BROKEN_AT = "2026-05-07 11:00"
HEAD, OTHER_HEAD, DIRECTOR, SUPERVISOR, AUDITOR = "xie-weidong", "su-haitao", "shen-guoqiang", "tan-lihua", "shen-pei"
_ACKNOWLEDGE = re.compile(r'action="(/escalations/[0-9a-f-]{36}/acknowledge)"')


@pytest.fixture(scope="module")
def house() -> Iterator[DeskHouse]:
    with desk_house() as standing:
        yield standing


@pytest.fixture(scope="module")
def broken(house: DeskHouse) -> Ticket:
    """A ticket of the tax office whose promise is days late."""
    ticket = house.actors.register("发票开不出来", "跑了三次税务窗口，都让等通知。")
    house.actors.accept(ticket, "SWJ")
    house.actors.now(BROKEN_AT)
    house.actors.register("契税减免一直没有答复", "契税减免申请交上去一个月，没有答复。")
    return ticket


@pytest.mark.parametrize(
    ("staff", "home"),
    [
        (HEAD, "/overview"),
        (DIRECTOR, "/overview"),
        (SUPERVISOR, "/overview"),
        (AUDITOR, "/audit"),
        ("gu-yan", "/docket"),
        ("luo-min", "/inbox"),
        ("he-jing", "/desk"),
        ("wei-tao", "/center-file"),
    ],
)
def test_everybody_lands_where_their_work_is(house: DeskHouse, staff: str, home: str) -> None:
    person = house.person(staff)
    reply = person.get("/")
    assert (reply.status_code, reply.headers["Location"]) == (302, home)
    assert person.get(home).status_code == 200


def test_a_head_sees_the_own_department_and_acts_for_it_nowhere(house: DeskHouse, broken: Ticket) -> None:
    person = house.person(HEAD)
    page = person.get("/overview").text
    assert "发票开不出来" in page
    assert "契税减免一直没有答复" in page
    assert 'class="light red"' in page
    ticket = person.get(f"/tickets/{broken.id}?department=SWJ").text
    assert "发票开不出来" in ticket
    assert "/complete" not in ticket
    assert '/answer"' not in ticket
    assert '<p class="quiet">税务局</p>' in person.get("/overview?department=SJJ").text, "of another there is no page"
    other = house.person(OTHER_HEAD)
    assert "发票开不出来" not in other.get("/overview").text
    assert other.get(f"/tickets/{broken.id}").status_code == 404


def test_who_was_told_acknowledges_and_the_others_see_it(house: DeskHouse, broken: Ticket) -> None:
    person = house.person(HEAD)
    page = person.get("/overview").text
    (path,) = set(_ACKNOWLEDGE.findall(page))
    reply = person.send("/overview", path, {"then": "/overview"})
    assert (reply.status_code, reply.headers["Location"]) == (303, "/overview")
    assert _ACKNOWLEDGE.findall(person.get("/overview").text) == []
    assert person.send("/account", path, {}).status_code == 409
    assert house.person("luo-min").send("/account", path, {}).status_code == 404
    shown = house.person("he-jing").get(f"/tickets/{broken.id}").text
    assert "✓ 已知悉：谢卫东" in shown
    assert "确认知悉上报" in shown


def test_the_director_and_the_supervisor_see_the_whole_center(house: DeskHouse, broken: Ticket) -> None:
    for staff in (DIRECTOR, SUPERVISOR):
        page = house.person(staff).get("/overview").text
        assert "发票开不出来" in page
        assert "尚有人未知悉" in page
        of_another = house.person(staff).get("/overview?department=SJJ").text
        assert "发票开不出来" not in of_another.partition("<h2>已超期的承诺")[2].partition("尚有人未知悉")[0]
    assert house.person(SUPERVISOR).get(f"/tickets/{broken.id}").status_code == 200
    assert house.person(SUPERVISOR).get("/docket").status_code == 404


@pytest.mark.parametrize("staff", [HEAD, DIRECTOR, SUPERVISOR, "he-jing", "wei-tao"])
def test_the_audit_is_the_auditors_alone(house: DeskHouse, staff: str) -> None:
    assert house.person(staff).get("/audit").status_code == 404


@pytest.mark.parametrize("staff", ["luo-min", "he-jing", "gu-yan", AUDITOR])
def test_the_overview_is_not_everybodys(house: DeskHouse, staff: str) -> None:
    assert house.person(staff).get("/overview").status_code == 404


def test_the_auditor_reads_who_came_in_and_who_saw_an_applicant(house: DeskHouse, broken: Ticket) -> None:
    path = f"/desk/{broken.id}"
    reply = house.person("he-jing").send(path, f"{path}/applicant", {"reason": "须与当事人电话核实"})
    assert reply.status_code == 200
    house.visitor().log_in("nobody-at-all", "not the password")
    auditor = house.person(AUDITOR)
    logins = auditor.get("/audit").text
    assert "工号不存在" in logins
    assert "nobody-at-all" in logins
    reveals = auditor.get("/audit?part=reveals").text
    assert "何静" in reveals
    assert "须与当事人电话核实" in reveals
    assert broken.number in reveals
    assert "139000" not in reveals
    assert auditor.get("/audit?part=phone-searches").status_code == 200
    assert auditor.get("/audit?part=else").status_code == auditor.get("/audit?after=x").status_code == 404
    assert auditor.get(f"/tickets/{broken.id}").status_code == 404
