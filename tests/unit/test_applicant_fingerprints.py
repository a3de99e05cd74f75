"""Staff texts are masked against an applicant of whom only fingerprints are known."""

import time
from itertools import pairwise
from uuid import UUID

import pytest

from schemas.requests.applicants import Applicant
from services.privacy.fingerprints import BadMaskingKey, MaskingKeys
from services.privacy.masking import mask_reply

pytestmark = pytest.mark.usefixtures("nothing_to_collect")

TICKET, OTHER_TICKET = UUID(int=1), UUID(int=2)
KEYS = MaskingKeys("k" * 32)
PERSON = Applicant.load(
    {"kind": "person", "name": "欧阳静怡", "phone": "0591-87654321", "id_number": "11010519491231002X"}
)
OTHERS = [
    Applicant.load({"kind": "person", "name": "Li Min", "phone": "13812348000"}),
    Applicant.load({"kind": "person", "name": "张三", "phone": "0591-87654321-123"}),
]


def masked(text: str, applicant: Applicant = PERSON, keys: MaskingKeys = KEYS) -> str:
    return keys.mask_staff_text(text, TICKET, KEYS.fingerprints(TICKET, applicant))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("致欧阳静怡女士", "致欧阳**女士"),
        ("欧阳 静 怡、欧阳·静怡", "欧阳**、欧阳**"),
        ("请回电0591-87654321", "请回电0591-****4321"),
        ("办件87654321号", "办件****4321号"),
        ("8765转4321，八七六五四三二一", "****4321，****4321"),
        ("110105转19491231转002X", "110***********002X"),
        ("老号110105491231002", "老号110********1002"),
        ("经办李科长0591-88881234，手机13900001111", "经办李科长0591-88881234，手机139****1111"),
        ("2024年1月15日已答复，共跑3次", "2024年1月15日已答复，共跑3次"),
        ("", ""),
    ],
)
def test_the_applicant_is_hidden_and_the_office_can_be_read(text: str, shown: str) -> None:
    assert masked(text) == shown == mask_reply(text, PERSON)


def test_names_in_other_letters_and_extensions_are_hidden_too() -> None:
    assert masked("li min, LI MIN: 138a1234b8000", OTHERS[0]) == "l****, L****: 138****8000"
    assert masked("张三的分机0591-87654321-123", OTHERS[1]) == "张*的分机0591-****4321-123"


def test_the_fingerprints_of_one_ticket_say_nothing_of_another() -> None:
    here, there = (set(KEYS.fingerprints(ticket, PERSON)) for ticket in (TICKET, OTHER_TICKET))
    assert not here & there
    assert KEYS.mask_staff_text("欧阳静怡 87654321", OTHER_TICKET, here) == "欧阳静怡 87654321"


def test_an_earlier_key_recognises_and_another_does_not() -> None:
    assert masked("欧阳静怡", keys=MaskingKeys(f"{'n' * 32},{'k' * 32}")) == "欧阳**"
    assert masked("欧阳静怡", keys=MaskingKeys("n" * 32)) == "欧阳静怡"


def test_fingerprints_hold_nothing_that_can_be_read() -> None:
    said = ",".join(KEYS.fingerprints(TICKET, PERSON))
    assert not any(own in said for own in ("欧阳", "8765", "4321", "1949", "002X"))


def test_what_is_no_fingerprint_is_left_out() -> None:
    strange = [
        "",
        "name",
        "name:0:0123456789abcdef",
        "name:2:zz",
        "number:9999:0123456789abcdef",
        "x:2:0123456789abcdef",
    ]
    assert KEYS.mask_staff_text("欧阳静怡", TICKET, strange) == "欧阳静怡"


@pytest.mark.parametrize("keys", ["", "short", f"{'k' * 32},", f"{'k' * 31},{'n' * 32}"])
def test_a_key_that_could_be_guessed_is_refused_without_being_shown(keys: str) -> None:
    with pytest.raises(BadMaskingKey) as refusal:
        MaskingKeys(keys)
    assert "kkk" not in str(refusal.value)


@pytest.mark.parametrize("piece", ["好", "0", "0 ", "一", "1a", "三四", "87654321", "欧阳静怡"])
def test_the_longest_text_is_worked_through_in_short_pieces(piece: str) -> None:
    text = "".join(f"{piece}{chr(0x4E00 + place % 20_000) if len(piece) == 1 else ''}" for place in range(50_000))[
        :50_000
    ]
    assert min(_longest_piece(text) for _ in range(3)) < 0.25  # a processor that others share too is slow now and then


def _longest_piece(text: str) -> float:
    turns = [time.thread_time()]
    KEYS.mask_staff_text(text, TICKET, KEYS.fingerprints(TICKET, PERSON), lambda: turns.append(time.thread_time()))
    turns.append(time.thread_time())
    return max(later - earlier for earlier, later in pairwise(turns))
