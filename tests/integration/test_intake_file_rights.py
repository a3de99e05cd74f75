"""Who sends the files of a ticket, sees them and takes them back, and what is told of that."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest

from schemas.enums import Role
from schemas.events.attachments import AttachmentAdded, AttachmentRemoved
from services.intake.rules.files import MOST_FILES
from tests.integration.intake_desk import CLERK, ELSEWHERE, FEED, LEADER, LIAISON, Desk, answered, opened_desk, routed
from tests.integration.intake_uploads import added, by_citizen, given, send
from tests.stack.access import bearer
from tests.stack.files import photo

OTHER_DEPARTMENT = bearer("home-clerk", Role.LIAISON, department="ZJJ")


@pytest.fixture(scope="module")
def desk(amqp_uri: str, database_url: str) -> Iterator[Desk]:
    with opened_desk(amqp_uri, database_url, BANCHENG_TRUSTED_PROXIES="127.0.0.0/8") as opened:
        yield opened


def test_without_the_right_code_nothing_is_read(desk: Desk) -> None:
    receipt, other = desk.registers(), desk.registers()
    path = f"/tickets/{receipt['number']}/attachments"
    for code in ({}, {"Query_Code": other["query_code"]}, {"Query_Code": "x" * 5000}):
        assert send(desk, path, photo(), "image/jpeg", None, **code).status_code in (404, 431)
    assert send(desk, path, photo(), "text/html", None, Query_Code=receipt["query_code"]).status_code == 415


def test_the_citizen_sees_what_was_sent_and_may_take_it_back(desk: Desk) -> None:
    receipt = desk.registers()
    desk.does(f"/tickets/{receipt['id']}/materials", items=["身份证复印件", "租赁合同"])
    path, code = f"/tickets/{receipt['number']}", {"code": receipt["query_code"]}
    sent = send(desk, f"{path}/attachments?item=1", photo(), "image/jpeg", None, Query_Code=receipt["query_code"])
    assert sent.json()["item"] == "租赁合同"
    by_clerk = added(desk, receipt, photo("png"), "image/png")
    status = desk.good(200, "POST", f"{path}/status", None, code)
    assert [(each["kind"], each["by_citizen"]) for each in status["attachments"]] == [("jpeg", True), ("png", False)]
    assert status["may_attach"] is True
    desk.problem(404, "POST", f"{path}/attachments/{by_clerk['id']}/remove", None, code)
    desk.good(200, "POST", f"{path}/attachments/{sent.json()['id']}/remove", None, code)
    assert [each["kind"] for each in desk.good(200, "POST", f"{path}/status", None, code)["attachments"]] == ["png"]
    (row,) = desk.house.rows("SELECT content, removed_by FROM attachments WHERE id = %(id)s", id=sent.json()["id"])
    assert (row.content, row.removed_by) == (None, None)
    assert given(desk, receipt, sent.json()).status_code == 404
    wrong = send(desk, f"{path}/attachments?item=7", photo(), "image/jpeg", None, Query_Code=receipt["query_code"])
    assert "item" in wrong.json()["errors"]


def test_only_who_works_on_the_ticket_gets_a_file_and_each_is_noted(desk: Desk) -> None:
    receipt = desk.registers()
    attachment = added(desk, receipt, photo())
    for who in (LIAISON, OTHER_DEPARTMENT, ELSEWHERE):
        assert given(desk, receipt, attachment, who).status_code == 404
    assert given(desk, receipt, attachment, FEED).status_code == 403
    assert desk.ask("GET", f"/tickets/{receipt['id']}/attachments/{attachment['id']}", None).status_code == 401
    desk.hears(receipt["id"], "assigned", routed(UUID(receipt["id"])))
    for who in (LIAISON, LEADER):
        assert given(desk, receipt, attachment, who).status_code == 200
    assert given(desk, receipt, attachment, OTHER_DEPARTMENT).status_code == 404
    assert given(desk, desk.registers(), attachment).status_code == 404, "of another ticket"
    assert given(desk, receipt, {"id": uuid4()}).status_code == 404
    rows = desk.house.rows(
        "SELECT staff FROM attachment_views WHERE attachment_id = %(id)s ORDER BY id", id=attachment["id"]
    )
    assert [row.staff for row in rows] == ["tax-clerk", "gu"]
    papers = desk.gets(f"/tickets/{receipt['id']}/papers", LIAISON)
    assert [each["id"] for each in papers["attachments"]] == [attachment["id"]]


def test_only_a_clerk_adds_and_removes_at_the_window(desk: Desk) -> None:
    receipt = desk.registers()
    path = f"/tickets/{receipt['id']}/attachments"
    for who, status in ((LEADER, 403), (LIAISON, 403), (FEED, 403), (ELSEWHERE, 404), ({}, 401)):
        assert send(desk, path, photo(), who=who).status_code == status
    attachment = added(desk, receipt, photo())
    for who, status in ((LEADER, 403), (LIAISON, 403), (ELSEWHERE, 404)):
        desk.refuses(status, "POST", f"{path}/{attachment['id']}/remove", who, {})
    desk.does(f"{path}/{attachment['id']}/remove")
    desk.refuses(404, "POST", f"{path}/{attachment['id']}/remove", CLERK, {})


def test_it_is_announced_without_anything_that_is_in_it(desk: Desk) -> None:
    receipt = desk.registers()
    sent = by_citizen(desk, receipt, photo()).json()
    (said,) = desk.tap.wait_for(AttachmentAdded, receipt["id"])
    assert (str(said.attachment_id), said.kind, said.size, said.added_by) == (sent["id"], "jpeg", sent["size"], None)
    desk.does(f"/tickets/{receipt['id']}/attachments/{sent['id']}/remove")
    (removed,) = desk.tap.wait_for(AttachmentRemoved, receipt["id"])
    assert (str(removed.attachment_id), removed.removed_by) == (sent["id"], "fang")


def test_sent_again_with_the_same_key_it_is_one_file(desk: Desk) -> None:
    receipt = desk.registers()
    path = f"/tickets/{receipt['id']}/attachments"
    sent = [send(desk, path, photo(), Idempotency_Key="twice").json()["id"] for _ in range(2)]
    assert sent[0] == sent[1]
    assert len(desk.gets(f"/tickets/{receipt['id']}/papers")["attachments"]) == 1


def test_an_answered_ticket_takes_no_file_and_no_ticket_takes_many(desk: Desk) -> None:
    receipt = desk.registers()
    desk.hears(receipt["id"], "answered", routed(UUID(receipt["id"])), answered(UUID(receipt["id"])))
    assert send(desk, f"/tickets/{receipt['id']}/attachments", photo()).status_code == 409
    full, small = desk.registers(), photo(size=(16, 16))
    for _ in range(MOST_FILES):
        added(desk, full, small)
    reply = send(desk, f"/tickets/{full['id']}/attachments", small)
    assert (reply.status_code, "all that is allowed" in reply.text) == (409, True)
