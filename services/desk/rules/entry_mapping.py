"""Which column of a file of entries is what, and what is wrong with its rows. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import marshmallow

from schemas.center.center import Center
from schemas.entries import Audience
from schemas.errors import Invalid
from schemas.requests.entries import WriteEntry
from services.desk.rules.import_mapping import BadRow, row_of
from services.privacy.personal_data import Pause
from services.privacy.refusing import ensure_nothing_personal

COLUMNS = {
    "question": ("问题", "标题", "question"),
    "other_wordings": ("其他问法", "相似问法", "同义问", "other wordings"),
    "answer": ("答案", "答复", "解答", "answer"),
    "steps": ("办理步骤", "步骤", "流程", "steps"),
    "materials": ("所需材料", "材料", "申请材料", "papers"),
    "basis": ("政策依据", "依据", "法规依据", "basis"),
    "basis_number": ("文号", "依据文号", "document number"),
    "basis_article": ("条款", "依据条款", "article"),
    "basis_ends": ("依据失效日期", "依据截止", "basis ends"),
    "departments": ("审核部门", "责任部门", "部门", "departments", "department"),
    "matters": ("事项编码", "matters"),
    "audience": ("公开范围", "范围", "audience"),
    "valid_until": ("有效期至", "有效期", "valid until"),
}
"""What columns are called; the first that is found counts."""
FIELDS = tuple(COLUMNS)
NEEDED = ("question", "answer", "basis", "departments", "valid_until")
DAYS = ("basis_ends", "valid_until")
_AUDIENCES = {
    **dict.fromkeys(("公开", "公众", "群众", "public"), Audience.PUBLIC),
    **dict.fromkeys(("窗口", "内部", "window"), Audience.WINDOW),
    **dict.fromkeys(("部门", "本部门", "department"), Audience.DEPARTMENT),
}
_BETWEEN = re.compile(r"[\n;；]+")
_BETWEEN_CODES = re.compile(r"[\s,，、;；]+")
_OF_BASIS = {"basis": "title", "basis_number": "number", "basis_article": "article", "basis_ends": "ends"}
LONGEST_VALID = timedelta(days=366)


def entry_of(cells: Sequence[str], mapping: Mapping[str, int], center: Center) -> dict[str, Any]:
    """What a row asks to be kept. Departments may stand there by name; what has no name of ours stays as it is."""
    said = row_of(cells, mapping, DAYS)
    codes = {department.name: code for code, department in center.departments.items()}
    entry: dict[str, Any] = {
        name: said[name] for name in ("question", "answer", "steps", "valid_until") if name in said
    }
    for name in ("other_wordings", "materials"):
        if name in said:
            entry[name] = [each.strip() for each in _BETWEEN.split(said[name]) if each.strip()]
    for name in ("departments", "matters"):
        if name in said:
            entry[name] = [codes.get(each, each) for each in _BETWEEN_CODES.split(said[name]) if each]
    if "audience" in said:
        entry["audience"] = _AUDIENCES.get(said["audience"].strip().casefold(), said["audience"])
    basis = {_OF_BASIS[name]: said[name] for name in _OF_BASIS if name in said}
    return entry | ({"basis": [basis]} if basis else {})


def judged(
    rows: Iterable[Sequence[str]], mapping: Mapping[str, int], center: Center, today: date, pause: Pause
) -> tuple[list[dict[str, Any]], list[BadRow]]:
    """The entries that can be read in, and what is wrong with the other rows; whole enough to be signed as they are."""
    good: list[dict[str, Any]] = []
    bad: list[BadRow] = []
    for place, cells in enumerate(rows, 1):
        entry = entry_of(cells, mapping, center)
        faults = list(_faults(entry, center, today, pause))
        bad += [BadRow(place, field, fault) for field, fault in faults]
        if not faults:
            good.append(entry)
    return good, bad


def _faults(entry: dict[str, Any], center: Center, today: date, pause: Pause) -> Iterable[tuple[str, str]]:
    missing = [name for name in NEEDED if not entry.get(name)]
    if missing:
        yield from ((name, "Missing data for required field.") for name in missing)
        return
    try:
        body = WriteEntry.load(entry)
        ensure_nothing_personal(body, pause)
    except marshmallow.ValidationError as error:
        yield from ((str(name), _first(said)) for name, said in sorted(error.normalized_messages().items()))
        return
    except Invalid as error:
        yield error.field.split(".")[0], error.detail
        return
    if any(each not in center.departments for each in body.departments):
        yield "departments", "No such department."
    if body.valid_until is not None and not today < body.valid_until <= today + LONGEST_VALID:
        yield "valid_until", "Must be within a year."
    if any(each.ends is not None and each.ends < today for each in body.basis):
        yield "basis_ends", "Has ended."


def _first(said: Any) -> str:
    while isinstance(said, (dict, list)):
        said = next(iter(said.values() if isinstance(said, dict) else said))
    return str(said)
