"""What citizens ask with number and code: each for themselves, and nothing of it in an address."""

from collections.abc import Iterator

import pytest
import requests

from tests.integration.intake_desk import CLERK, Desk, opened_desk


@pytest.fixture(scope="module")
def desk(amqp_uri: str, database_url: str) -> Iterator[Desk]:
    with opened_desk(amqp_uri, database_url) as opened:
        yield opened


def _rates(desk: Desk, receipt: dict[str, str], key: dict[str, str]) -> requests.Response:
    body = {"code": receipt["query_code"], "rating": "satisfied"}
    return desk.ask("POST", f"/tickets/{receipt['number']}/rating", None, body, headers=key)


def test_the_same_key_of_two_citizens_is_two_keys(desk: Desk) -> None:
    key = {"Idempotency-Key": "1"}
    receipts = [desk.answered() for _ in range(2)]
    assert [_rates(desk, receipt, key).status_code for receipt in receipts] == [200, 200]
    assert _rates(desk, receipts[0], key).status_code == 200, "sent again, it is answered again"


def test_what_is_only_looked_up_is_kept_nowhere(desk: Desk) -> None:
    receipt, key = desk.registers(), {"Idempotency-Key": "look"}
    path, body = f"/tickets/{receipt['number']}/status", {"code": receipt["query_code"]}
    assert desk.ask("POST", path, None, body, headers=key).json()["state"] == "registered"
    desk.does(f"/tickets/{receipt['id']}/withdraw")
    assert desk.ask("POST", path, None, body, headers=key).json()["state"] == "withdrawn"
    assert (
        desk.ask(
            "POST", "/tickets:by-phone", CLERK, {"phone": "13900000000", "reason": "来电查询进度"}, headers=key
        ).status_code
        == 200
    )
    assert desk.house.rows("SELECT FROM idempotency WHERE key = 'look'") == []


def test_a_code_in_an_address_is_not_taken(desk: Desk) -> None:
    """Addresses stand in the logs of every proxy, and in the browser's history."""
    receipt = desk.registers()
    path = f"/tickets/{receipt['number']}"
    assert desk.ask("GET", f"{path}?code={receipt['query_code']}", None).status_code == 404
    assert set(desk.refuses(422, "POST", f"{path}/status?code={receipt['query_code']}", None, {})) == {"code"}
