"""The pages speak Chinese and English: no text and no code is missing in a catalogue, and none is left over."""

import ast
import hashlib
import re
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from marshmallow import fields

from schemas.cases import TypicalCaseState
from schemas.center.center import Center
from schemas.channels import DeliveryState, NoticeChannel
from schemas.duty import RosterChangeKind, RosterChangeState, RosterGap, SittingState
from schemas.enums import (
    ApplicantKind,
    AssignmentState,
    AttachmentKind,
    Cause,
    Channel,
    Complexity,
    DeadlineKind,
    DeadlineState,
    DepartmentRole,
    ExtensionState,
    Light,
    Mark,
    MeetingState,
    Outcome,
    Post,
    Rating,
    Role,
    TicketState,
)
from schemas.reasons import ArbitrationReason, DayReason, DeclineReason, DryRunReason, ReturnReason, RoutingReason
from services.desk.pages.citizen import STEPS
from services.desk.pages.parked import SERVICES
from services.desk.rules.accounts import LoginOutcome, PasswordFault
from services.desk.rules.replies import REPLIES, parsed
from services.desk.wording import LANGUAGES, PageWording, catalogue
from services.intake.rules.tickets import Act
from services.routing.rules.events import _FIELDS
from tests.unit.document_codes import document_codes
from tests.unit.entry_codes import entry_codes
from tests.unit.page_codes import page_codes

DESK = Path(__file__).parents[2] / "services" / "desk"
HAN = re.compile(r"[\u3400-\u9fff]")
TEMPLATES = {file.name: file.read_text(encoding="utf-8") for file in (DESK / "templates").glob("*.html")}
MODULES = {file.name: file.read_text(encoding="utf-8") for file in DESK.rglob("*.py")}
MARKUP = re.compile(r"{%.*?%}|{{.*?}}|<(?:[^\"'>]|\"[^\"]*\"|'[^']*')*>", re.DOTALL)
SAID = re.compile(r"""\b(?:_|count)\((?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')""")
CALLS = {"say", "count"}
SHOWN: list[tuple[str, type[StrEnum]]] = [
    ("", ApplicantKind),
    ("", Cause),
    ("", Channel),
    ("", Complexity),
    ("", DeclineReason),
    ("", DepartmentRole),
    ("", Outcome),
    ("", PasswordFault),
    ("", Rating),
    ("", ReturnReason),
    ("arbitration_", ArbitrationReason),
    ("attachment_", AttachmentKind),
    ("assignment_", AssignmentState),
    ("change_", RosterChangeKind),
    ("change_", RosterChangeState),
    ("citizen_", TicketState),
    ("deadline_", DeadlineState),
    ("delivery_", DeliveryState),
    ("dry_run_", DryRunReason),
    ("extension_", ExtensionState),
    ("gap_", RosterGap),
    ("kind_", DeadlineKind),
    ("light_", Light),
    ("mark_", Mark),
    ("post_", Post),
    ("login_", LoginOutcome),
    ("meeting_", MeetingState),
    ("notice_channel_", NoticeChannel),
    ("role_", Role),
    ("sitting_", SittingState),
    ("state_", TicketState),
    ("case_", TypicalCaseState),
]
"""Which closed lists pages show, and what stands before a code where a list is worded in its own way."""
FORMS = {
    *("after", "since", "until"),
    *("attachment_id", "due_on", "file", "item", "promised_on", "signed"),
    *("answer", "assisting", "comment", "complexity", "explanation", "items", "lead", "legal_basis", "outcome"),
    *("first", "last", "leader", "opens_at", "other_opens_at", "substitute"),
    *("departments", "handover", "meets_at", "minutes", "place", "progress", "to"),
    *("rating", "reason", "remedy", "report", "result", "suggest", "verdict", "version", "why", "working_days"),
}
"""Fields of forms whose faults are shown on a page of their own."""


def codes() -> set[str]:
    """All codes that pages show."""
    found = {f"{prefix}{code}" for prefix, shown in SHOWN for code in shown}
    found |= {f"event_{event.TYPE.rpartition('.')[0]}" for event in _FIELDS}
    found |= {f"field_{name}" for name in FORMS} | {f"step_{step}" for step in STEPS}
    found |= {f"act_{act.replace(' ', '_')}" for act in Act} | {f"service_{each}" for each in SERVICES}
    found |= {f"center_{name}" for name in fields_of(Center.schema())} - {f"center_{kind}" for kind in DeadlineKind}
    found |= document_codes() | entry_codes() | page_codes()
    return found | {"differs", "roster_drop", "roster_shift", "wrong_password", *(f"weekday_{n}" for n in range(1, 8))}


def fields_of(schema: Any) -> set[str]:
    """The names of all fields of a record's schema, and of those within it."""
    found = set(schema.fields)
    for field in schema.fields.values():
        while not isinstance(field, fields.Nested) and (within := _within(field)):
            field = within
        if isinstance(field, fields.Nested):
            found |= fields_of(field.schema)
    return found


def _within(field: Any) -> Any:
    return getattr(field, "inner", None) or getattr(field, "value_field", None)


def texts() -> set[str]:
    """All texts of templates and modules."""
    found = {one or other for text in TEMPLATES.values() for one, other in SAID.findall(text)}
    for text in MODULES.values():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CALLS:
                found |= {each.value for each in ast.walk(node.args[0]) if isinstance(each, ast.Constant)}
    found -= {"code:"}
    return found | set(REPLIES)


def entries(language: str) -> set[str]:
    """What a catalogue words; of a phrase with a number its singular."""
    keys = catalogue(language)._catalog
    return {key if isinstance(key, str) else key[0] for key in keys} - {""}


def test_every_text_is_said_in_chinese() -> None:
    found, needed = {key for key in entries("zh") if not key.startswith("code:")}, texts()
    assert needed - found == set()
    assert found - needed == set(), "nobody says these"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_is_worded_in_both_languages(language: str) -> None:
    found, needed = {key for key in entries(language) if key.startswith("code:")}, {f"code:{each}" for each in codes()}
    assert needed - found == set()
    assert found - needed == set(), "nobody shows these"


def test_chinese_is_chinese_and_english_is_english() -> None:
    chinese = {key: value for key, value in catalogue("zh")._catalog.items() if key}
    assert {key for key, value in chinese.items() if not HAN.search(value) and "{" not in value} == set()
    assert {value for value in catalogue("en")._catalog.values() if HAN.search(value)} - {""} == set()


def test_a_text_keeps_the_names_in_its_braces() -> None:
    for key, value in catalogue("zh")._catalog.items():
        english = key if isinstance(key, str) else key[0]
        if english and not english.startswith("code:"):
            assert set(re.findall(r"{(\w+)}", english)) == set(re.findall(r"{(\w+)}", value)), english


def test_no_sentence_stands_in_a_template_itself() -> None:
    """Whatever people read goes through the catalogues."""
    for name, text in TEMPLATES.items():
        visible = re.sub(
            r"{%.*?%}|{{.*?}}|{#.*?#}|<!--.*?-->|<(?:[^\"'>]|\"[^\"]*\"|'[^']*')*>", " ", text, flags=re.DOTALL
        )
        assert re.findall(r"[A-Za-z]{3,}|[\u3400-\u9fff]{2,}", visible) == [], name


@pytest.mark.parametrize("language", LANGUAGES)
def test_why_a_day_counts_or_a_rule_fits_is_worded(language: str) -> None:
    for reason in (*DayReason, *RoutingReason):
        assert "_" not in PageWording(language).reasons((reason,))


def test_what_others_wrote_is_as_they_wrote_it() -> None:
    vendor = DESK / "static" / "vendor"
    listed = re.findall(
        r"^(\S+)  .*  ([0-9a-f]{128})$", (vendor / "MANIFEST").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert {name for name, _ in listed} == {file.name for file in vendor.glob("*.js")}
    for name, digest in listed:
        assert hashlib.sha512((vendor / name).read_bytes()).hexdigest() == digest


def test_a_reply_with_something_in_it_is_recognised() -> None:
    assert parsed("At most 5 working days are granted.") == ("At most {days} working days are granted.", {"days": "5"})
    assert PageWording("zh").reply("this assignment is accepted already") == "该交办事项已是“办理中”状态"
    assert PageWording("en").reply("this assignment is accepted already") == "this assignment is in hand already"
    assert PageWording("zh").reply("something of a later version") == "something of a later version"
