"""Photos and PDFs of a ticket: judged by what they are, kept without anything but their content, and encrypted."""

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
import requests
from PIL import Image

from services.intake.actions.rotation import rotate
from services.intake.contents import context_of
from services.intake.store.ciphers import keys_in_use
from services.plumbing.ciphers import FieldCipher, rotate_keys
from tests.integration.intake_desk import KEYS, Desk, opened_desk
from tests.integration.intake_uploads import added, by_citizen, given
from tests.stack.files import PLACE, bomb, pdf, photo, stream

MEGABYTE = 1 << 20


@pytest.fixture(scope="module")
def desk(amqp_uri: str, database_url: str) -> Iterator[Desk]:
    with opened_desk(
        amqp_uri, database_url, BANCHENG_UPLOAD_MEGABYTES="2", BANCHENG_TRUSTED_PROXIES="127.0.0.0/8"
    ) as opened:
        yield opened


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
