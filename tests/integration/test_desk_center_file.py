"""The operator's center file in the browser: edited as YAML and as a form, checked, published, compared."""

import re
from collections.abc import Iterator
from html import unescape

import pytest

from tests.stack.desk_house import DeskHouse, Visitor, desk_house

EDIT = "/center-file/edit"
_YAML = re.compile(r'<textarea[^>]* name="yaml"[^>]*>\n(.*?)</textarea>', re.DOTALL)
_FIELD = re.compile(r"<(?:input|select|option|textarea)\b[^>]*>")


@pytest.fixture(scope="module")
def house() -> Iterator[DeskHouse]:
    with desk_house() as standing:
        yield standing


@pytest.fixture(scope="module")
def operator(house: DeskHouse) -> Visitor:
    return house.person("wei-tao")


def text_in(page: str) -> str:
    """The draft that a page carries."""
    found = _YAML.search(page)
    assert found, page
    return unescape(found[1])


def newest(operator: Visitor) -> int:
    """The version in force."""
    found = re.search(r"/center-file/versions/(\d+)", operator.get("/center-file").text)
    assert found
    return int(found[1])


def send(operator: Visitor, **form: object):  # type: ignore[no-untyped-def]
    return operator.send(f"{EDIT}?part=yaml", EDIT, {"based_on": newest(operator)} | form)


def filled(page: str) -> dict[str, list[str]]:
    """All that a form says as it is shown."""
    form: dict[str, list[str]] = {}
    select = ""
    for tag in _FIELD.findall(page):
        attributes = {name: unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', tag)}
        if tag.startswith("<select"):
            select = attributes["name"]
            form[select] = [""]
        elif tag.startswith("<option"):
            if select and re.search(r"\bselected\b", tag):
                form[select] = [attributes["value"]]
        elif tag.startswith("<input") and "name" in attributes and _is_sent(attributes, tag):
            form.setdefault(attributes["name"], []).append(attributes.get("value", ""))
    return form | {"yaml": [text_in(page)]}


def _is_sent(attributes: dict[str, str], tag: str) -> bool:
    return attributes.get("type") not in ("checkbox", "radio") or bool(re.search(r"\bchecked\b", tag))


@pytest.mark.parametrize("staff", ["he-jing", "luo-min", "gu-yan", "shen-guoqiang"])
def test_only_an_operator_finds_the_center_file(house: DeskHouse, staff: str) -> None:
    person = house.person(staff)
    for path in ("/center-file", EDIT, "/center-file/versions/1", "/center-file/compare"):
        assert person.get(path).status_code == 404
    assert person.post(EDIT, {"go": "publish", "csrf_token": person.csrf_token}).status_code == 404


def test_yaml_is_checked_reviewed_and_published(operator: Visitor) -> None:
    before = newest(operator)
    text = "# a remark\n" + text_in(operator.get(f"{EDIT}?part=yaml").text)
    text = text.replace("name: 税务局,", "name: 国家税务局,").replace("name: 税务局\n", "name: 国家税务局\n")
    review = send(operator, part="yaml", go="review", yaml=text.replace("\n", "\r\n"))
    assert review.status_code == 200
    assert "国家税务局" in review.text
    assert text_in(review.text) == text, "with its remarks, and as it was typed"
    done = operator.post(EDIT, {name: values[-1] for name, values in filled(review.text).items()} | {"go": "publish"})
    assert (done.status_code, done.headers["Location"]) == (303, f"/center-file?published={before + 1}")
    assert "魏涛" in operator.get("/center-file").text
    compared = operator.get(f"/center-file/compare?before={before}&after={before + 1}").text
    assert "国家税务局" in compared


def test_what_is_refused_is_kept_with_the_fault_in_its_line(operator: Visitor) -> None:
    text = text_in(operator.get(f"{EDIT}?part=yaml").text).replace("xie-weidong", "nobody-at-all", 1)
    at = newest(operator)
    reply = send(operator, part="yaml", go="review", yaml=text)
    assert reply.status_code == 422
    assert text_in(reply.text) == text
    assert "没有这个人员" in reply.text
    assert re.search(r'<span class="wrong-line">[^<]*nobody-at-all', reply.text)
    broken = send(operator, part="yaml", go="review", yaml="a: b: c")
    assert (broken.status_code, text_in(broken.text)) == (422, "a: b: c")
    assert newest(operator) == at


@pytest.mark.parametrize("part", ["departments", "staff", "limits", "roster", "ladder", "calendar", "question_base"])
def test_a_form_that_nobody_touched_changes_nothing(operator: Visitor, part: str) -> None:
    page = operator.get(f"{EDIT}?part={part}")
    assert page.status_code == 200
    form = filled(page.text)
    review = operator.post(EDIT, form | {"go": "review"})
    assert review.status_code == 200, review.text
    assert "两个版本内容相同" in review.text
    if part not in ("roster", "calendar", "ladder"):
        assert text_in(review.text) == form["yaml"][0]


def test_the_time_to_acknowledge_is_set_and_taken_away(operator: Visitor) -> None:
    form = filled(operator.get(f"{EDIT}?part=ladder").text)
    name = "escalation_acknowledgement"
    assert (form[f"{name}.amount"], form[f"{name}.unit"]) == (["1"], ["working_days"])
    hours = form | {f"{name}.amount": ["4"], f"{name}.unit": ["working_hours"], "go": "review"}
    assert f"{name}: {{working_hours: 4}}" in text_in(operator.post(EDIT, hours).text)
    assert name not in text_in(operator.post(EDIT, form | {f"{name}.amount": [""], "go": "review"}).text)


def test_a_form_adds_changes_and_leaves_out(operator: Visitor) -> None:
    form = filled(operator.get(f"{EDIT}?part=staff").text)
    form |= {
        "new.code": ["lin-xi"],
        "new.name": ["林溪"],
        "new.title": ["税务局联络员"],
        "staff.he-jing.roles": ["clerk"],
    }
    page = operator.post(EDIT, form | {"go": "departments"})
    assert page.status_code == 200
    form = filled(page.text) | {"departments.SWJ.liaisons": ["luo-min，lin-xi"], "departments.JDB.remove": ["yes"]}
    refused = operator.post(EDIT, form | {"go": "review"})
    assert refused.status_code == 422
    assert "没有这个部门" in refused.text, "rules still name the one that was left out"
    form = filled(refused.text)
    assert form["departments.SWJ.liaisons"] == ["luo-min, lin-xi"]
    assert "departments.JDB.name" not in form


def test_two_operators_do_not_overwrite_each_other(operator: Visitor) -> None:
    at = newest(operator)
    text = text_in(operator.get(f"{EDIT}?part=yaml").text)
    mine, theirs = text.replace("何静", "何晶"), text.replace("魏涛", "魏滔")
    assert send(operator, part="review", go="publish", yaml=theirs, based_on=at).status_code == 303
    late = operator.send(f"{EDIT}?part=yaml", EDIT, {"part": "review", "go": "publish", "yaml": mine, "based_on": at})
    assert late.status_code == 409
    assert text_in(late.text) == mine
    assert f"/center-file/compare?before={at}&amp;after={at + 1}" in late.text


def test_what_it_would_do_to_open_tickets_is_shown_beforehand(house: DeskHouse, operator: Visitor) -> None:
    ticket = house.actors.register("楼道里的旧沙发没人搬", "楼道里堆了旧沙发半年，打了几个电话都说找别人。")
    house.actors.register("发票开不出来", "跑了三次税务窗口，都让等通知。")
    house.sandbox.settle()
    text = text_in(operator.get(f"{EDIT}?part=yaml").text)
    text = text.replace("[居委会,", "[旧沙发, 居委会,").replace(
        "answer: {working_days: 2}", "answer: {working_days: 3}"
    )
    page = send(operator, part="yaml", go="review", yaml=text).text
    handled, _, due = page.partition("期限将会变动的承诺")
    assert ticket.number in handled
    assert "街道办事处（便民服务中心）" in handled
    assert ticket.number in due
    assert "不变" in due, "what was promised stays"


def test_one_goes_back_to_an_earlier_version(operator: Visitor) -> None:
    at = newest(operator)
    page = operator.get("/center-file/versions/1").text
    review = operator.post(EDIT, filled(page) | {"go": "review"})
    assert review.status_code == 200
    form = filled(review.text)
    assert form["restores"] == ["1"]
    assert operator.post(EDIT, form | {"go": "publish"}).status_code == 303
    assert newest(operator) == at + 1
    assert "恢复为第 1 版的内容" in operator.get("/center-file").text


def test_what_people_write_into_the_file_is_text(operator: Visitor) -> None:
    script = "<script>alert(1)</script></textarea><img src=x>"
    text = text_in(operator.get(f"{EDIT}?part=yaml").text).replace("name: 魏涛", f'name: "{script}"', 1)
    for go in ("review", "staff", "yaml", "departments"):
        shown = send(operator, part="yaml", go=go, yaml=f"# {script}\n{text}").text
        assert "<script>alert" not in shown
        assert "<img" not in shown
    assert "<script>alert" not in send(operator, part="yaml", go="review", yaml=f"{script}: 1").text
