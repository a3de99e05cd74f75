"""docs/masking.md says which spellings of personal data are hidden: every line of its tables is true."""

import re
from pathlib import Path

import pytest

from schemas.requests.applicants import Applicant
from services.privacy.masking import mask_letter, mask_text

DOCUMENT = (Path(__file__).parents[2] / "docs" / "masking.md").read_text(encoding="utf-8")
OF_ANYBODY, OWN, LEFT_ALONE, NOT_FOUND = "Of anybody", "The applicant's own", "Left alone", "Not found"
_LINE = re.compile(r"^\| `(.*)` \| `(.*)` \|$", re.MULTILINE)
_ESCAPED = re.compile(r"\\(?:u([0-9a-f]{4})|([nrt|]))")
_SIGNS = {"n": "\n", "r": "\r", "t": "\t", "|": "|"}


def _read(cell: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)) if found[1] else _SIGNS[found[2]], cell)


def rows(chapter: str) -> list[tuple[str, str]]:
    """What is written and what is shown of it, by the tables of a chapter."""
    text = DOCUMENT.partition(f"\n## {chapter}\n")[2].partition("\n## ")[0]
    return [(_read(written), _read(shown)) for written, shown in _LINE.findall(text)]


def own_rows() -> list[tuple[Applicant, str, str]]:
    """The same, with whose own numbers they are."""
    text = DOCUMENT.partition(f"\n## {OWN}\n")[2].partition("\n## ")[0]
    found = []
    for part in text.split("\n### Of ")[1:]:
        name, phone, *id_number = part.partition("\n")[0].split(", ")
        fields = {"kind": "person", "name": name, "phone": phone, "id_number": id_number[0] if id_number else None}
        applicant = Applicant.load(fields)
        found += [(applicant, _read(written), _read(shown)) for written, shown in _LINE.findall(part)]
    return found


@pytest.mark.parametrize(("written", "shown"), rows(OF_ANYBODY))
def test_personal_data_of_anybody_are_hidden_as_the_table_says(written: str, shown: str) -> None:
    assert mask_text(written) == shown
    assert mask_text(f"我说，{written}。") == f"我说，{shown}。"
    assert shown != written


@pytest.mark.parametrize(("applicant", "written", "shown"), own_rows())
def test_the_applicants_own_are_hidden_as_the_table_says(applicant: Applicant, written: str, shown: str) -> None:
    assert mask_letter(written, applicant) == shown
    assert shown != written


@pytest.mark.parametrize(("written", "shown"), rows(LEFT_ALONE) + rows(NOT_FOUND))
def test_what_is_no_find_stays_as_the_table_says(written: str, shown: str) -> None:
    assert written == shown == mask_text(written)
    assert mask_letter(written, own_rows()[0][0]) == written


def test_the_tables_are_as_long_as_the_list_of_spellings_that_were_tried() -> None:
    assert len(rows(OF_ANYBODY)) + len(own_rows()) >= 124
    assert len(rows(LEFT_ALONE)) >= 30
