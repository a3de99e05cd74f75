"""What a page says where something is refused, and where it leads; and that a button says what it does."""

from collections.abc import Iterator

import pytest

from tests.stack.desk_house import DeskHouse, desk_house


@pytest.fixture(scope="module")
def house() -> Iterator[DeskHouse]:
    with desk_house() as standing:
        yield standing


def test_a_refusal_leads_back_to_a_page_of_ours_only(house: DeskHouse) -> None:
    clerk, form = house.person("he-jing"), {"csrf_token": "forged"}
    back = clerk.post("/desk/new", form, headers={"Referer": f"{house.url}/desk/new?x=1"})
    assert 'id="back" href="/desk/new?x=1"' in back.text
    host = house.url.removeprefix("http://")
    for elsewhere in ("https://evil.example/desk", f"http://{host}@evil.example/", f"http://{host}//evil.example/", ""):
        assert 'id="back"' not in clerk.post("/desk/new", form, headers={"Referer": elsewhere}).text


def test_the_second_factor_is_not_set_up_by_a_word_for_papers(house: DeskHouse) -> None:
    page = house.person("cai-yun").get("/account/second-factor").text
    assert "启用" in page
    assert "容缺受理" not in page


def test_who_signs_without_a_tick_is_told_to_tick_first(house: DeskHouse) -> None:
    liaison = house.person("luo-min")
    form = {"csrf_token": liaison.csrf_token, "department": "SWJ", "key": "none"}
    assert "请先勾选要签收的事项" in liaison.post("/inbox/accept", form, headers={"HX-Request": "true"}).text


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ("since=&until=", "未登记坐班"),
        ("since=2026-04-28&until=2026-04-01", "不能早于起始日"),
        ("since=never&until=2026-04-01", "起始日：不是有效日期"),
    ],
)
def test_days_that_are_none_are_said_in_words(house: DeskHouse, days: str, said: str) -> None:
    page = house.person("gu-yan").get(f"/sittings?{days}").text
    assert said in page
    assert "field_" not in page
    assert "Some fields" not in page


def test_who_arbitrates_without_a_department_is_told_so(house: DeskHouse) -> None:
    ticket = house.actors.register("楼道里的旧沙发没人搬", "楼道里堆了旧沙发半年，打了几个电话都说找别人。")
    leader = house.person("gu-yan")
    form = {"csrf_token": leader.csrf_token, "key": "no-lead", "lead": "", "why": "谁家的沙发谁来搬。"}
    page = leader.post(f"/docket/{ticket.id}/arbitrate", form).text
    assert "牵头：此项不能为空" in page
