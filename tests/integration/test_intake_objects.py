"""Files in a store of objects: encrypted there too, forgotten there too, and rotated with the keys."""

from collections.abc import Iterator
from io import BytesIO
from uuid import UUID

import pytest
from PIL import Image

from services.intake.contents import context_of
from services.intake.store.ciphers import keys_in_use
from services.plumbing.ciphers import FieldCipher, rotate_keys
from tests.integration.intake_desk import KEYS, Desk, opened_desk
from tests.integration.intake_uploads import added, given, send
from tests.stack.eventually import eventually
from tests.stack.files import pdf, photo
from tests.stack.objects import ObjectServer


@pytest.fixture(scope="module")
def server() -> Iterator[ObjectServer]:
    with ObjectServer() as running:
        yield running


@pytest.fixture(scope="module")
def desk(amqp_uri: str, database_url: str, server: ObjectServer) -> Iterator[Desk]:
    settings = {"BANCHENG_ATTACHMENTS_S3": server.address, "BANCHENG_TRUSTED_PROXIES": "127.0.0.0/8"}
    with opened_desk(amqp_uri, database_url, **settings) as opened:
        yield opened


def test_a_file_lies_encrypted_in_the_store_and_is_given_out(desk: Desk, server: ObjectServer) -> None:
    receipt = desk.registers()
    content = pdf(b"(my secret address)")
    attachment = added(desk, receipt, content, "application/pdf")
    (path,) = [each for each in server.objects if attachment["id"] in each]
    assert path == f"/files/BC/{attachment['id']}"
    assert b"secret" not in server.objects[path]
    (row,) = desk.house.rows("SELECT content FROM attachments WHERE id = %(id)s", id=attachment["id"])
    assert row.content is None
    assert given(desk, receipt, attachment).content == content
    desk.does(f"/tickets/{receipt['id']}/attachments/{attachment['id']}/remove")
    assert path not in server.objects


def test_while_the_store_is_away_nothing_is_taken_or_lost(desk: Desk, server: ObjectServer) -> None:
    receipt = desk.registers()
    attachment = added(desk, receipt, photo())
    kept = dict(server.objects)
    server.objects.clear()
    assert given(desk, receipt, attachment).status_code == 503
    server.objects.update(kept)
    assert Image.open(BytesIO(given(desk, receipt, attachment).content)).size == (640, 480)
    assert send(desk, f"/tickets/{receipt['id']}/attachments", photo()).status_code == 201


def test_files_in_the_store_are_encrypted_anew_with_the_next_key(desk: Desk, server: ObjectServer) -> None:
    """Until the key before may go: what only that one could decrypt would be lost."""
    receipt = desk.registers()
    content = pdf(b"(an older secret)")
    attachment = added(desk, receipt, content, "application/pdf")
    path = f"/files/BC/{attachment['id']}"
    before = server.objects[path]
    rotated = rotate_keys(KEYS).rotated
    process = desk.house.process()
    process.environment |= {"BANCHENG_DATA_KEY": rotated, "BANCHENG_ATTACHMENTS_S3": server.address}
    with process as replica:
        assert eventually(lambda: set(_keys(desk)) == {"k2"}, seconds=30), replica.log[-2000:]
    only_the_new = ",".join(part for part in rotated.split(",") if part.startswith(("k2:", "hash:")))
    context = context_of(UUID(receipt["id"]), UUID(attachment["id"]))
    assert server.objects[path] != before
    assert FieldCipher(only_the_new).decrypt_bytes(server.objects[path], context=context) == content


def _keys(desk: Desk) -> dict[str, int]:
    with desk.house.database.transaction() as tx:
        return keys_in_use(tx)
