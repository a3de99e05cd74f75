"""Documents off the pages where their matter stands, by our templates or a center's own."""

import io
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import docx
import eventlet
import pytest
import requests

from schemas.enums import Role
from services.desk.actions import pdfs
from services.plumbing.database.database import Database
from services.plumbing.runtime import office
from tests.stack.desk_house import SCRIPT, DeskHouse, Visitor, desk_house
from tests.stack.eventually import eventually
from tests.unit.test_files_word import template, with_part, words_of

CLERK, LEADER, DIRECTOR, HEAD, OPERATOR = "he-jing", "gu-yan", "shen-guoqiang", "xie-weidong", "wei-tao"
REPORT = f"专题报告：文旅与教育、住建现场会商，先办消防意见书。\n=1+1 {SCRIPT}"


@pytest.fixture(scope="module")
def house() -> Iterator[DeskHouse]:
    with desk_house() as standing:
        yield standing


@pytest.fixture(scope="module")
def paths(house: DeskHouse) -> dict[str, str]:
    """Where each document is, by its name."""
    actors = house.actors
    declined = actors.register("邻里纠纷没人管", f"楼上漏水{SCRIPT}")
    actors.clerk.post(
        f"/tickets/{declined.id}/decline", {"reason": "private_dispute", "remedy": "请到社区调解室，带房产证。"}
    )
    waiting = actors.register("营业执照变更被退回", "营业执照变更法人，每次都说缺材料。")
    actors.clerk.post(f"/tickets/{waiting.id}/materials", {"items": ["=cmd|身份证复印件", "股东会决议"]})
    reported = actors.register("托管班办证消防手续卡住", "培训机构办证要消防意见。", cause="department_gap")
    actors.accept(reported, *(each["department"] for each in actors.ticket(reported)["assignments"]))
    actors.liaison("WTJ").post(f"/tickets/{reported.id}/report", {"report": REPORT})
    actors.liaison("JYJ").post(f"/tickets/{reported.id}/report/sign")
    late = actors.register("发票开不出来", "跑了三次税务窗口，都让等通知。")
    leader = house.sandbox.client("routing", house.sandbox.token("peng-zhiyuan", Role.DUTY_LEADER))
    sitting = leader.post("/sittings/open")["id"]
    actors.now("2026-04-28 12:00")
    leader.post(f"/sittings/{sitting}/close")
    actors.now("2026-05-07 11:00")
    return {
        "decline": f"/desk/{declined.id}/decline-notice",
        "materials": f"/desk/{waiting.id}/papers-wanted",
        "report": f"/tickets/{reported.id}/report",
        "supervision": f"/tickets/{late.id}/supervision-notice",
        "minutes": f"/sittings/{sitting}/minutes.docx",
        "handover": f"/sittings/{sitting}/handover.docx",
        "bulletin": "/figures/bulletin?since=2026-04-27&until=2026-05-03",
        "of_decline": f"/desk/{declined.id}",
        "of_late": f"/tickets/{late.id}",
    }


def name_of(reply: requests.Response) -> str:
    return unquote(reply.headers["Content-Disposition"].partition("UTF-8''")[2])


@pytest.mark.parametrize(
    ("document", "title", "said"),
    [
        ("decline", "不予受理告知书", ["属民事纠纷", "请到社区调解室，带房产证。", "周**"]),
        ("materials", "补正材料清单", ["=cmd|身份证复印件", "股东会决议", "一次性补齐"]),
        ("report", "专题报告", [REPORT, "教育局", "文化广电旅游局"]),
        ("supervision", "督办单", ["发票开不出来", "税务局", "请立即办理", "谢卫东"]),
        ("minutes", "窗口坐班纪要", ["彭志远", "4月28日"]),
        ("handover", "交接单", ["彭志远"]),
        ("bulletin", "办理情况通报", ["按期率", "(0/", "/figures?since=2026-04-27&until=2026-05-03"]),
    ],
)
def test_each_document_says_what_its_page_says(
    house: DeskHouse, paths: dict[str, str], document: str, title: str, said: list[str]
) -> None:
    reply = house.person(LEADER).get(paths[document])
    assert reply.status_code == 200, reply.text
    assert name_of(reply).startswith(title)
    words = words_of(reply.content)
    assert words.startswith(title)
    assert [each for each in said if each not in words] == [], words
    assert "{{" not in words.replace("{{7*7}}", "")


def test_the_bulletin_counts_as_the_page_does(house: DeskHouse, paths: dict[str, str]) -> None:
    words = words_of(house.person(DIRECTOR).get(paths["bulletin"]).content)
    total = house.actors.leader.get("/statistics", since="2026-04-27", until="2026-05-03")["total"]
    assert f"({total['kept']}/{total['due']})" in words
    own = words_of(house.person(HEAD).get(paths["bulletin"]).content)
    assert "税务局" in own
    assert "教育局" not in own


def test_documents_speak_the_reader_s_language(house: DeskHouse, paths: dict[str, str]) -> None:
    person = house.person(LEADER)
    person.http.cookies.set("language", "en")
    assert words_of(person.get(paths["supervision"]).content).startswith("Supervision notice")


def test_a_document_is_for_who_may_read_its_page(house: DeskHouse, paths: dict[str, str]) -> None:
    for staff, document in ((HEAD, "supervision"), (CLERK, "supervision"), (HEAD, "decline"), ("luo-min", "minutes")):
        assert house.person(staff).get(paths[document]).status_code == 404
    assert house.person(HEAD).get(paths["report"]).status_code == 404, "of another department"
    assert house.person(CLERK).get("/figures/bulletin").status_code == 404
    clerk = house.person(CLERK)
    assert clerk.get(paths["of_decline"].replace("/desk/", "/desk/") + "/papers-wanted").status_code == 404
    assert 'decline-notice"' in clerk.get(paths["of_decline"]).text
    assert 'supervision-notice"' in house.person(LEADER).get(paths["of_late"]).text


def put(person: Visitor, document: str, content: bytes, **form: str) -> requests.Response:
    hidden = {"csrf_token": person.csrf_token}
    return person.post(f"/documents/{document}/template", hidden | form, files={"file": ("x.docx", content)})


def test_a_center_puts_a_template_of_its_own_in_place(house: DeskHouse, paths: dict[str, str]) -> None:
    person = house.person(OPERATOR)
    assert put(person, "materials", template("滨城 {{ number }}", "{{ applicant }}请带齐材料。")).status_code == 303
    words = words_of(house.person(LEADER).get(paths["materials"]).content)
    assert words.startswith("滨城 BC-20260428-0002")
    page = person.get("/documents").text
    assert "自有模板" in page
    assert words_of(person.get("/documents/materials.docx").content).startswith("滨城 {{ number }}")
    assert put(person, "materials", b"", ours="yes").status_code == 303
    assert words_of(house.person(LEADER).get(paths["materials"]).content).startswith("补正材料清单")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (template("{{ titel }} {{ number.nam }}"), "没有这些字段：nam, titel"),
        (template("{{ number.upper() }}"), "不允许的代码"),
        (template("{% for a in papers %}"), "不允许的代码"),
        (with_part("word/vbaProject.bin", b"x"), "宏"),
        (b"no archive", "无法读取"),
    ],
)
def test_a_template_that_cannot_be_used_is_refused(house: DeskHouse, content: bytes, said: str) -> None:
    person = house.person(OPERATOR)
    reply = put(person, "materials", content)
    assert reply.status_code == 422
    assert said in reply.text
    assert "自有模板</span>" not in person.get("/documents").text


def test_templates_are_the_operator_s(house: DeskHouse) -> None:
    for staff in (CLERK, LEADER, DIRECTOR):
        person = house.person(staff)
        assert person.get("/documents").status_code == 404
        assert put(person, "materials", template("x")).status_code == 404
    operator = house.person(OPERATOR)
    assert put(operator, "else", template("x")).status_code == 404
    assert operator.get("/documents/else.docx").status_code == 404


def test_a_document_opens_again(house: DeskHouse, paths: dict[str, str]) -> None:
    document = docx.Document(io.BytesIO(house.person(LEADER).get(paths["report"]).content))
    assert [table.style.name for table in document.tables if table.style] == ["Table Grid"] * 3


def test_a_pdf_that_takes_long_is_made_on_and_fetched_later(
    house: DeskHouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "soffice"
    makes_it = 'while [ "$1" != --outdir ]; do shift; done\necho %PDF- > "$2/document.pdf"'
    program.write_text(f"#!/bin/sh\nsleep 1\n{makes_it}\n")
    program.chmod(0o755)
    monkeypatch.setattr(office, "office", lambda: str(program))
    monkeypatch.setattr(pdfs, "PATIENCE_SECONDS", 0.1)
    database = Database(house.sandbox.database_url, "desk", size=2)
    with pytest.raises(pdfs.NotReady) as later:
        pdfs.make_pdf(database, "BC", DIRECTOR, "专题报告.pdf", b"a document")
    director, page = house.person(DIRECTOR), f"/documents/pdf/{later.value.pdf_id}"
    assert "正在生成 PDF" in director.get(page).text
    while "fetch-pdf" not in director.get(page).text:
        eventlet.sleep(0.1)
    fetched = director.get(f"{page}?fetch=yes")
    assert (fetched.content[:5], name_of(fetched)) == (b"%PDF-", "专题报告.pdf")
    assert house.person(LEADER).get(f"{page}?fetch=yes").status_code == 404
    monkeypatch.setattr(pdfs, "PATIENCE_SECONDS", 20)
    assert pdfs.make_pdf(database, "BC", DIRECTOR, "专题报告.pdf", b"a document") == b"%PDF-\n"
    database.close()


@pytest.mark.skipif(office.office() is None, reason="LibreOffice is not installed: no PDF is made here")
def test_libreoffice_makes_a_pdf_of_a_document_on_its_page(house: DeskHouse, paths: dict[str, str]) -> None:
    leader = house.person(LEADER)
    reply = leader.get(f"{paths['report']}?format=pdf")
    if reply.status_code == 303:  # the machine is busy
        page = reply.headers["Location"]
        assert eventually(lambda: "fetch-pdf" in leader.get(page).text, seconds=120)
        reply = leader.get(f"{page}?fetch=yes")
    assert (reply.content[:5], name_of(reply)[:4]) == (b"%PDF-", "专题报告")
