"""Photos and PDFs of a ticket: judged by what they are, kept without anything but their content, and encrypted."""

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import pytest
import requests
from PIL import Image

from schemas.enums import Role
from schemas.events.attachments import AttachmentAdded, AttachmentRemoved
from services.intake.actions.rotation import rotate
from services.intake.ciphers import FieldCipher, rotate_keys
from services.intake.contents import context_of
from services.intake.rules.files import MOST_FILES
from services.intake.store.ciphers import keys_in_use
from tests.integration.intake_desk import (
    CLERK,
    ELSEWHERE,
    FEED,
    KEYS,
    LEADER,
    LIAISON,
    Desk,
    Header,
    answered,
    opened_desk,
    routed,
)
from tests.stack.access import bearer
from tests.stack.files import PLACE, bomb, pdf, photo, stream

OTHER_DEPARTMENT = bearer("home-clerk", Role.LIAISON, department="ZJJ")
MEGABYTE = 1 << 20
_senders = count()


@pytest.fixture(scope="module")
def desk(amqp_uri: str, database_url: str) -> Iterator[Desk]:
    with opened_desk(
        amqp_uri, database_url, BANCHENG_UPLOAD_MEGABYTES="2", BANCHENG_TRUSTED_PROXIES="127.0.0.0/8"
    ) as opened:
        yield opened


def send(
    desk: Desk,
    path: str,
    content: bytes,
    said: str = "image/jpeg",
    who: Header | None = CLERK,
    **headers: str,
) -> requests.Response:
    """The reply to who sends a file."""
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    more["X-Forwarded-For"] = f"10.1.0.{next(_senders) % 250}"
    return desk.service.ask("POST", path, headers=(who or {}) | {"Content-Type": said} | more, data=content)


def by_citizen(desk: Desk, receipt: dict[str, str], content: bytes, said: str = "image/jpeg") -> requests.Response:
    path = f"/tickets/{receipt['number']}/attachments"
    return send(desk, path, content, said, None, Query_Code=receipt["query_code"])


def added(desk: Desk, receipt: dict[str, str], content: bytes, said: str = "image/jpeg") -> dict[str, Any]:
    """A file that a clerk adds."""
    reply = send(desk, f"/tickets/{receipt['id']}/attachments", content, said)
    assert reply.status_code == 201, reply.text
    shown: dict[str, Any] = reply.json()
    return shown


def given(desk: Desk, receipt: dict[str, str], attachment: dict[str, Any], who: Header = CLERK) -> requests.Response:
    return desk.ask("GET", f"/tickets/{receipt['id']}/attachments/{attachment['id']}", who)


def why_not(reply: requests.Response) -> str:
    """What is said of the file that is refused."""
    assert reply.status_code == 422, reply.text
    (sentence,) = reply.json()["errors"]["file"]
    return str(sentence)


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp"])
def test_a_photo_is_kept_upright_and_without_its_place(desk: Desk, kind: str) -> None:
    receipt = desk.registers()
    shown = added(desk, receipt, photo(kind, turned=True), f"image/{kind}")
    assert (shown["kind"], shown["by_citizen"], shown["scanned"]) == (kind, False, False)
    reply = given(desk, receipt, shown)
    assert reply.headers["Content-Type"] == f"image/{kind}"
    assert PLACE not in reply.content
    assert b"Camera" not in reply.content
    image = Image.open(BytesIO(reply.content))
    assert image.size == (480, 640)
    assert not image.getexif()
    assert len(reply.content) == shown["size"]


def test_a_browser_saves_a_file_and_never_shows_it(desk: Desk) -> None:
    receipt = desk.registers()
    reply = given(desk, receipt, added(desk, receipt, pdf(), "application/pdf"))
    assert reply.content == pdf()
    assert reply.headers["Content-Disposition"].startswith('attachment; filename="BC-')
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in reply.headers["Content-Security-Policy"]
    assert reply.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("content", "said", "sentence"),
    [
        (photo("png"), "image/jpeg", "The file is said to be image/jpeg, and its content is image/png."),
        (pdf(), "image/png", "The file is said to be image/png, and its content is application/pdf."),
        (b"<html><script>alert(1)</script>", "image/jpeg", "Must be a JPEG, PNG or WebP picture, or a PDF."),
        (b"MZ" + bytes(100), "application/pdf", "Must be a JPEG, PNG or WebP picture, or a PDF."),
        (b"", "image/jpeg", "The file is empty."),
        (b"\0\0\0\x20ftypheic" + bytes(100), "application/octet-stream", "HEIC pictures cannot be read everywhere"),
        (photo()[:200], "image/jpeg", "The file cannot be read; it may be damaged."),
        (b"\xff\xd8\xff" + os.urandom(5000), "image/jpeg", "The file cannot be read; it may be damaged."),
        (b"GIF89a" + bytes(100), "application/octet-stream", "Must be a JPEG, PNG or WebP picture, or a PDF."),
        (bomb(), "image/png", "The file is too large once it is unpacked."),
        (b"%PDF-1.7\n" + bytes(100), "application/pdf", "The file cannot be read; it may be damaged."),
        (pdf(b"<< /S /JavaScript /JS (app.alert) >>"), "application/pdf", "The PDF would start a program"),
        (pdf(b"<< /S /J#61vaScript >>"), "application/pdf", "The PDF would start a program"),
        (pdf(b"<< /S /Launch /F (cmd.exe) >>"), "application/pdf", "The PDF would start a program"),
        (pdf(stream(b"/Type /ObjStm /N 1 /First 4", b"5 0 << /S /JavaScript >>")), "application/pdf", "The PDF would"),
        (pdf(b"% >>\nstream\n<< /S /Launch >>\nendstream"), "application/pdf", "The PDF would start a program"),
        (pdf(b"<< /Encrypt 5 0 R >>"), "application/pdf", "The PDF is encrypted; save it without a password."),
        (pdf(stream(b"/Type /ObjStm", bytes(70 * MEGABYTE))), "application/pdf", "The file is too large once"),
    ],
    ids=range(18),
)
def test_what_is_no_paper_is_refused_with_a_sentence(desk: Desk, content: bytes, said: str, sentence: str) -> None:
    receipt = desk.registers()
    assert why_not(by_citizen(desk, receipt, content, said)).startswith(sentence)
    assert desk.house.rows("SELECT FROM attachments WHERE ticket_id = %(id)s", id=receipt["id"]) == []


def test_what_only_looks_like_a_program_by_chance_is_taken(desk: Desk) -> None:
    data = bytes(range(256)) * 40 + b"/JS /Launch" + bytes(range(256)) * 40
    receipt = desk.registers()
    added(desk, receipt, pdf(stream(b"/Subtype /Image", data, packed=False)), "application/pdf")


def test_a_file_that_is_too_large_is_not_even_read(desk: Desk) -> None:
    receipt = desk.registers()
    reply = by_citizen(desk, receipt, pdf(padding=3 * MEGABYTE), "application/pdf")
    assert reply.status_code == 413
    assert by_citizen(desk, receipt, pdf(padding=MEGABYTE), "application/pdf").status_code == 201


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


def test_nothing_of_a_file_can_be_read_in_the_database(desk: Desk) -> None:
    receipt = desk.registers()
    content = pdf(b"(my secret address)")
    attachment = added(desk, receipt, content, "application/pdf")
    (row,) = desk.house.rows("SELECT * FROM attachments WHERE id = %(id)s", id=attachment["id"])
    assert b"secret" not in bytes(row.content)
    context = context_of(row.ticket_id, row.id)
    assert FieldCipher(KEYS).decrypt_bytes(row.content, context=context) == content


def test_a_rotation_of_the_keys_takes_the_files_with_it(desk: Desk) -> None:
    desk.house.rows("TRUNCATE tickets CASCADE")
    receipt = desk.registers()
    attachments = [added(desk, receipt, photo()) for _ in range(3)]
    rotated = FieldCipher(rotate_keys(KEYS).rotated)
    for _ in range(5):
        with desk.house.database.transaction() as tx:
            rotate(tx, rotated)
    with desk.house.database.transaction() as tx:
        assert set(keys_in_use(tx)) == {"k2"}
    row = desk.house.rows("SELECT * FROM attachments WHERE id = %(id)s", id=attachments[0]["id"])[0]
    content = rotated.decrypt_bytes(row.content, context=context_of(row.ticket_id, row.id))
    assert Image.open(BytesIO(content)).size == (640, 480)


def test_nobody_waits_for_those_who_send_large_files(desk: Desk) -> None:
    """While large photos and PDFs come in, others are answered within a quarter of a second."""
    receipts = [desk.registers() for _ in range(4)]
    large = photo(size=(6000, 4500))
    waited: list[float] = []
    with ThreadPoolExecutor(4) as senders:
        jobs = [
            senders.submit(by_citizen, desk, receipt, content, said)
            for receipt in receipts
            for content, said in ((large, "image/jpeg"), (pdf(padding=2 * MEGABYTE - 5000), "application/pdf"))
        ]
        while not all(job.done() for job in jobs):
            began = time.monotonic()
            desk.gets(f"/tickets/{receipts[0]['id']}")
            waited.append(time.monotonic() - began)
            time.sleep(0.01)
    assert {job.result().status_code for job in jobs} <= {201, 429}
    assert sorted(waited)[int(len(waited) * 0.95)] < 0.25, sorted(waited)[-5:]
