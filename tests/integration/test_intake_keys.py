"""The keys that personal data are encrypted with: what they must be, and how services and operators rotate them."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from services.intake.actions import rotation
from services.intake.store.ciphers import keys_in_use
from services.plumbing.ciphers import FieldCipher, associated_data, rotate_keys
from tests.integration.intake_desk import ID_NUMBER, KEYS, Desk, opened_desk
from tests.stack.eventually import eventually
from tests.stack.services import ServiceProcess


@pytest.fixture(scope="module")
def whole_desk(amqp_uri: str, database_url: str) -> Iterator[Desk]:
    with opened_desk(amqp_uri, database_url) as opened:
        yield opened


@pytest.fixture
def desk(whole_desk: Desk) -> Desk:
    """Without tickets of other tests, since they are encrypted with keys that are gone."""
    whole_desk.house.rows("TRUNCATE tickets CASCADE")
    return whole_desk


def bancheng(desk: Desk, keys: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **desk.service.environment, "BANCHENG_DATA_KEY": keys, "COLUMNS": "120"}
    command = [sys.executable, "-W", "ignore", "-m", "services.cli", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def tickets_by_key(desk: Desk) -> dict[str, int]:
    with desk.house.database.transaction() as tx:
        return keys_in_use(tx)


def test_a_running_service_encrypts_anew_until_the_old_key_may_go(desk: Desk) -> None:
    ticket_ids = [desk.ticket() for _ in range(rotation.BATCH + 5)]
    rotated = rotate_keys(KEYS).rotated
    before = bancheng(desk, rotated, "keys", "status")
    assert before.returncode == 0
    assert "still to be encrypted anew" in before.stdout
    process = desk.house.process()
    process.environment["BANCHENG_DATA_KEY"] = rotated
    with process as replica:
        assert eventually(lambda: set(tickets_by_key(desk)) == {"k2"}, seconds=30), replica.log[-2000:]
        after = bancheng(desk, rotated, "keys", "status")
        assert (after.returncode, "may be left out" in after.stdout) == (0, True)
    new, hash_ = (part for part in rotated.split(",") if part.startswith(("k2:", "hash:")))
    (row,) = desk.house.rows("SELECT * FROM tickets WHERE id = %(id)s", id=str(ticket_ids[0]))
    assert (
        FieldCipher(f"{new},{hash_}").decrypt(row.encrypted_name, context=associated_data(row.id, "name")) == "周小满"
    )


def test_no_service_starts_without_a_key_that_tickets_need(desk: Desk) -> None:
    desk.ticket()
    (present,) = tickets_by_key(desk)
    hash_ = KEYS.split(",")[1]
    other = rotate_keys(rotate_keys(KEYS).rotated).rotated.split(",")[0]
    process: ServiceProcess = desk.house.process()
    process.environment["BANCHENG_DATA_KEY"] = f"{other},{hash_}"
    try:
        process.launch()
        assert process.wait(30) == 1
        assert f"BANCHENG_DATA_KEY lacks {present}" in process.log.splitlines()[-1]
    finally:
        process.close()
    told = bancheng(desk, f"{other},{hash_}", "keys", "status")
    assert (told.returncode, "MISSING" in told.stdout) == (1, True)


def test_a_service_is_not_ready_once_a_key_is_used_that_it_lacks(desk: Desk) -> None:
    desk.ticket()
    cipher = FieldCipher(rotate_keys(KEYS).rotated)
    with desk.house.database.transaction() as tx:
        rotation.rotate(tx, cipher, limit=1)

    def readiness() -> tuple[int, str]:
        reply = desk.service.ask_operations("/health/ready")
        return reply.status_code, reply.text

    assert eventually(lambda: readiness()[0] == 503, seconds=40)
    assert "BANCHENG_DATA_KEY lacks k2" in readiness()[1]


def test_fingerprints_rotate_with_the_keys_and_everybody_is_still_found(desk: Desk) -> None:
    person = {"kind": "person", "name": "周小满", "phone": "13566667777", "id_number": ID_NUMBER}
    receipt = desk.registers(applicant=person)
    printed = bancheng(desk, KEYS, "keys", "rotate", "--fingerprints").stdout
    rotated = [line.partition("=")[2] for line in printed.splitlines() if line.startswith("BANCHENG")][1]
    process = desk.house.process()
    process.environment["BANCHENG_DATA_KEY"] = rotated
    old_print = FieldCipher(KEYS).fingerprint("13566667777")
    with process as replica:
        there = Desk(desk.house, replica, desk.tap)
        assert eventually(lambda: set(tickets_by_key(desk)) == {"k2"}, seconds=30), replica.log[-2000:]
        assert not desk.house.rows("SELECT 1 FROM tickets WHERE phone_fingerprint = %(old)s", old=old_print)
        found = there.does("/tickets:by-phone", phone="13566667777", reason="来电查询进度")["items"]
        assert [each["id"] for each in found] == [receipt["id"]]
        status = there.does(f"/tickets/{receipt['number']}/status", None, code=receipt["query_code"])
        assert status["state"] == "registered"
        assert there.registers(applicant=person | {"phone": "13566668888"})["repeat_of"] == receipt["id"]


def test_the_command_prints_both_steps_of_a_rotation(desk: Desk) -> None:
    printed = bancheng(desk, KEYS, "keys", "rotate").stdout
    prepared, rotated = (line.partition("=")[2] for line in printed.splitlines() if not line.startswith("#"))
    assert (FieldCipher(prepared).key_ids, FieldCipher(rotated).key_ids) == (["k1", "k2"], ["k2", "k1"])
    assert "BANCHENG_SECRET=" in bancheng(desk, KEYS, "keys").stdout


def test_what_was_sealed_with_an_old_key_is_sealed_anew_in_bites(desk: Desk) -> None:
    ticket_ids = [desk.ticket() for _ in range(5)]
    newer = rotate_keys(KEYS).rotated
    cipher, done = FieldCipher(newer), 0
    while True:
        with desk.house.database.transaction() as tx:
            rotated = rotation.rotate(tx, cipher, limit=2)
        assert rotated <= 2
        done += rotated
        if not rotated:
            break
    with desk.house.database.transaction() as tx:
        assert keys_in_use(tx) == {"k2": done}
    assert done >= len(ticket_ids)
    k2, hash_ = (part for part in newer.split(",") if part.startswith(("k2:", "hash:")))
    (row,) = desk.house.rows("SELECT * FROM tickets WHERE id = %(id)s", id=str(ticket_ids[0]))
    assert FieldCipher(f"{k2},{hash_}").decrypt(row.encrypted_name, context=associated_data(row.id, "name")) == "周小满"


@pytest.mark.parametrize("keys", ["k1:AAAA,hash:BBBB", KEYS.split(",")[0]], ids=["too short", "no hash"])
def test_bad_keys_keep_the_service_from_starting(desk: Desk, keys: str) -> None:
    process: ServiceProcess = desk.house.process()
    process.environment["BANCHENG_DATA_KEY"] = keys
    try:
        process.launch()
        assert process.wait(20) != 0
        assert "BANCHENG_DATA_KEY cannot be used" in process.log.splitlines()[-1]
        assert keys.partition(":")[2] not in process.log
    finally:
        process.close()
