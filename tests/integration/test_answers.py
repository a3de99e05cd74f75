"""The question base is asked: citizens and staff are shown what is for them, and what they asked is kept masked."""

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from schemas.center.center import CenterPublished
from schemas.entries import Audience, Basis, SuspensionReason
from schemas.enums import Role
from services.access import centers
from services.knowledge import store
from services.knowledge.actions import drafting, showing
from services.knowledge.rules.entry import EntryDraft
from services.plumbing.database.transaction import new_id
from tests.routing_builders import a_city_center
from tests.stack.access import bearer
from tests.stack.desk import Desk, Header
from tests.stack.far_side import Post, Reply, WebServer
from tests.stack.one_service import OneService

TAX = bearer("tax-clerk", Role.LIAISON, department="SWJ")
POLICE = bearer("police-clerk", Role.LIAISON, department="GAJ")
CLERK = bearer("he-jing", Role.CLERK)
BASIS = Basis(title="发票管理办法", number="国务院令第587号", article="第十五条", in_force=date(2011, 2, 1))


@pytest.fixture(scope="module")
def recogniser() -> Iterator[WebServer]:
    with WebServer() as server:
        yield server


@pytest.fixture(scope="module")
def desk(amqp_uri: str, database_url: str, recogniser: WebServer) -> Iterator[Desk]:
    house = OneService("knowledge", amqp_uri, database_url, clock="2025-01-24T10:00:00+08:00@0")
    process = house.process()
    process.environment["BANCHENG_SPEECH_URL"] = f"{recogniser.url}/recognise"
    process.environment["BANCHENG_TRUSTED_PROXIES"] = "127.0.0.0/8"
    with house.tap() as tap, process as service:
        made = Desk(house, service, tap)
        made.hears_until(
            lambda: house.rows("SELECT 1 FROM centers"),
            CenterPublished(center="BC", version=1, body=a_city_center(microphone=True)),
            source="routing",
        )
        yield made
        print(service.log[-4000:])
    house.database.close()


def published(desk: Desk, question: str, audience: Audience = Audience.PUBLIC, **more: Any) -> UUID:
    """An entry of the tax office that is shown, whoever vetted it."""
    draft = EntryDraft(
        question=question,
        answer="带身份证到二楼税务窗口，当场办结。",
        steps="取号\n交表",
        materials=("身份证",),
        basis=(BASIS,),
        departments=("SWJ",),
        audience=audience,
        **({"valid_until": date(2025, 12, 31)} | more),
    )
    with desk.house.database.transaction() as tx:
        entry = drafting.create_draft(tx, centers.current(tx, "BC"), draft, "tax-clerk")
        showing.publish(tx, entry, store.entries.version(tx, entry.id, 1))
    return entry.id


def found(desk: Desk, words: str, who: Header | None = None) -> list[str]:
    return [each["entry_id"] for each in asked(desk, words, who)["items"]]


def asked(desk: Desk, words: str, who: Header | None = None) -> Any:
    return desk.good(200, "GET", "/answers", who or client(desk), params={"q": words})


def client(desk: Desk) -> Header:
    """Somebody at an address of their own."""
    return {"X-Forwarded-For": f"192.0.2.{len(desk.house.rows('SELECT 1 FROM asked')) % 200 + 1}"}


def kept(desk: Desk, asked_id: str) -> Any:
    (row,) = desk.house.rows("SELECT * FROM asked WHERE id = %(id)s", id=asked_id)
    return row


def test_a_citizen_is_told_what_is_published_and_by_what_right(desk: Desk) -> None:
    entry = published(desk, "增值税发票领用簿遗失了怎么补办？", other_wordings=("发票本丢了",))
    published(desk, "养犬登记要带什么？")
    reply = asked(desk, "领用簿丢失如何补办")
    (answer,) = reply["items"]
    assert answer["entry_id"] == str(entry)
    assert (answer["materials"], answer["departments"], answer["reviewed_on"]) == (["身份证"], ["Tax"], "2025-01-24")
    assert answer["basis"] == [BASIS.dump() | {"in_force": "2011-02-01", "ends": None}]
    assert found(desk, "发票本丢了") == [str(entry)]
    assert found(desk, "灵用博一失") == [str(entry)], "as it may be heard"
    assert found(desk, "鼋鼍龘靐齉齾") == []
    assert kept(desk, reply["id"]).by_role is None
    assert kept(desk, asked(desk, "领用簿", TAX)["id"]).by_role == "liaison"


def test_nobody_is_shown_what_is_for_others(desk: Desk) -> None:
    everybody = published(desk, "紫云英花海门票怎么退")
    window = published(desk, "紫云英花海门票怎么退：窗口口径", Audience.WINDOW)
    department = published(desk, "紫云英花海门票怎么退：内部流程", Audience.DEPARTMENT)
    later = published(desk, "紫云英花海门票怎么退：明年起", valid_from=date(2025, 6, 1))

    def sees(who: Header | None) -> set[str]:
        return set(found(desk, "紫云英花海门票怎么退", who))

    assert sees(None) == {str(everybody)}
    assert sees(CLERK) == sees(POLICE) == {str(everybody), str(window)}
    assert sees(TAX) == {str(everybody), str(window), str(department)}
    assert str(later) not in sees(TAX)
    assert desk.ask("GET", "/answers", {"Authorization": "Bearer no"}, params={"q": "x"}).status_code == 401


def test_what_is_being_checked_is_no_answer(desk: Desk) -> None:
    entry = published(desk, "琥珀蜜蜡鉴定去哪里")
    assert found(desk, "琥珀蜜蜡鉴定") == [str(entry)]
    with desk.house.database.transaction() as tx:
        showing.suspend(tx, store.entries.lock(tx, "BC", entry), SuspensionReason.DECIDED, "正在核对", "tax-clerk")
    assert found(desk, "琥珀蜜蜡鉴定", TAX) == []


def test_what_was_asked_is_kept_without_personal_data(desk: Desk) -> None:
    words = "我叫张三，电话13812348888，身份证11010519491231002X，榫卯斗拱怎么修"
    row = kept(desk, asked(desk, words)["id"])
    assert "13812348888" not in row.words_masked
    assert "11010519491231002X" not in row.words_masked
    assert "榫卯斗拱怎么修" in row.words_masked
    assert (row.found, row.is_missed) == (0, True)
    assert "13812348888" not in desk.service.log


def test_what_came_of_it_is_kept(desk: Desk) -> None:
    entry = published(desk, "古法造纸作坊登记")
    reply = asked(desk, "古法造纸作坊登记怎么办")
    path = f"/asked/{reply['id']}"
    assert desk.good(200, "POST", f"{path}/opened", None, {"entry_id": str(entry)})["opened"] == str(entry)
    assert desk.good(200, "POST", f"{path}/helped", None, {"helped": True})["helped"] is True
    assert desk.good(200, "POST", f"{path}/helped", CLERK, {"helped": False, "not_there": True})["not_there"] is True
    assert kept(desk, reply["id"]).is_missed
    desk.problem(422, "POST", f"{path}/opened", None, {"entry_id": str(new_id())})
    desk.problem(422, "POST", f"{path}/helped", None, {"helped": True, "not_there": True})
    for who in (None, CLERK):
        desk.problem(422, "POST", f"{path}/helped", who, {"helped": False, "ticket_id": str(new_id())})
    assert desk.ask("POST", f"/asked/{new_id()}/helped", None, {"helped": True}).status_code == 404
    stranger = bearer("he-jing", Role.CLERK, center="ELSEWHERE")
    assert desk.ask("POST", f"{path}/helped", stranger, {"helped": True}).status_code == 404


def test_asking_has_its_limits(desk: Desk) -> None:
    one = {"X-Forwarded-For": "198.51.100.7"}
    for words in ("", "  ", "问" * 301):
        desk.problem(422, "GET", f"/answers?q={words}", one)
    replies = [desk.ask("GET", "/answers?q=x", one).status_code for _ in range(30)]
    assert (replies[0], replies[-1]) == (200, 429)
    assert desk.ask("GET", "/answers?q=x", one | CLERK).status_code == 200, "the staff is not counted"
    assert desk.ask("GET", "/answers?q=x&center=ELSEWHERE", client(desk)).status_code == 404


def test_what_is_said_is_written_down_by_the_recogniser(desk: Desk, recogniser: WebServer) -> None:
    def speaks(content: bytes, who: Header | None = None, media_type: str = "audio/webm;codecs=opus") -> Any:
        headers = (who or client(desk)) | {"Content-Type": media_type}
        return desk.service.ask("POST", "/speech", headers=headers, data=content)

    recording = b"\x1aE\xdf\xa3" + b"opus" * 100
    recogniser.answer = lambda _post: Reply(body='{"text": "公积金怎么提取"}'.encode())
    for who in (None, CLERK):
        assert speaks(recording, who).json() == {"text": "公积金怎么提取"}
    assert recogniser.posts[-1].body == recording
    assert recogniser.posts[-1].headers["Content-Type"] == "audio/webm"
    assert speaks(b"<html>").status_code == 422
    assert speaks(recording, media_type="text/html").status_code == 415
    assert speaks(recording + b" " * (2 << 20)).status_code == 413
    for answer in (Reply(status=500), Reply(body=b"no"), Reply(body=b"{}"), Reply(hangs_up=True)):
        recogniser.answer = partial(_answered, answer)
        assert "type the question instead" in speaks(recording).json()["detail"]
    assert speaks(recording).status_code == 503


def _answered(reply: Reply, _post: Post) -> Reply:
    return reply
