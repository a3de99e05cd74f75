"""What one request makes intake compute is done in pieces, so that all others are answered meanwhile.

Measured in processor time of this thread between two turns of the others: how busy the machine is makes no difference.
"""

import time
from collections.abc import Callable

import pytest

from services.access import centers
from services.intake.actions import projections, registration
from services.plumbing.ciphers import FieldCipher
from services.plumbing.database.database import Database
from services.privacy.fingerprints import MaskingKeys
from tests.builders import a_center, published
from tests.integration.intake_desk import KEYS, NOW, a_ticket, an_applicant, answered
from tests.stack.one_service import OneService
from tests.stack.services import MASKING_KEY

pytestmark = pytest.mark.usefixtures("nothing_to_collect")

LONGEST_SECONDS = 0.25
BODY_BYTES = 1 << 20
CIPHER = FieldCipher(KEYS)
MASKING = MaskingKeys(MASKING_KEY)


@pytest.fixture(scope="module")
def database(amqp_uri: str, database_url: str) -> Database:
    house = OneService("intake", amqp_uri, database_url, clock=f"{NOW.isoformat()}@0")
    with house.database.transaction() as tx:
        centers.keep(tx, published(a_center()))
    return house.database


class Turns:
    """How much processor time passed between two turns of the others."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._since = time.thread_time()

    def __call__(self, _seconds: float) -> None:
        self.longest = max(self.longest, time.thread_time() - self._since)
        self._since = time.thread_time()


@pytest.fixture
def turns(monkeypatch: pytest.MonkeyPatch) -> Turns:
    counted = Turns()
    monkeypatch.setattr("eventlet.sleep", counted)
    return counted


def register(database: Database, texts: list[str]) -> list[int]:
    assert sum(len(text.encode()) for text in texts) < BODY_BYTES
    person = an_applicant()
    items = [a_ticket(text=text, applicant=person) for text in texts]
    with database.transaction() as tx:
        results = registration.register_each(tx, CIPHER, MASKING, a_center(), items, "fang")
    return [result.status for result in results]


def longest_turn(turns: Turns, attempt: Callable[[], None]) -> float:
    """The longest turn of the best of three attempts.

    Work that is not divided takes long each time. A processor that others share too is slow now and then.
    """
    best = float("inf")
    for _ in range(3):
        turns(0)
        turns.longest = 0.0
        attempt()
        turns(0)
        best = min(best, turns.longest)
        if best < LONGEST_SECONDS:
            break
    return best


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param(["\ufdfa" * 560] * 480, id="characters that expand"),
        pytest.param([f"{n}" + "".join(map(chr, range(0x4E00, 0x4E00 + 640))) for n in range(480)], id="harmless"),
        pytest.param(["0 " * 10_000] * 3, id="groups of one digit"),
        pytest.param(["3501 0219 9001 " * 1333] * 3, id="nearly ID numbers"),
        pytest.param([("a" + "\u0315\u0300" * 10_000)[:20_000]] * 25, id="combining marks"),
    ],
)
def test_a_feed_of_one_phone_gives_way_while_it_is_worked_out(
    database: Database, turns: Turns, texts: list[str]
) -> None:
    def attempt() -> None:
        assert set(register(database, texts)) == {201}

    assert longest_turn(turns, attempt) < LONGEST_SECONDS


def test_answers_that_arrive_together_give_way_too(database: Database, turns: Turns) -> None:
    with database.transaction() as tx:
        results = registration.register_each(tx, CIPHER, MASKING, a_center(), [a_ticket() for _ in range(9)], "fang")
    events = [answered(result.id, answer="0 " * 10_000) for result in results if result.id]
    groups = iter((events[:3], events[3:6], events[6:]))

    def attempt() -> None:
        with database.transaction() as tx:
            projections.answered(tx, CIPHER, next(groups))

    assert len(events) == 9
    assert longest_turn(turns, attempt) < LONGEST_SECONDS
