"""Which column of an old ledger is what, and what is wrong with its rows. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import marshmallow

from schemas.requests.imports import ImportedRow

FIELDS = tuple(ImportedRow.schema().fields)
NEEDED = ("registered_on", "title")
DAYS = ("registered_on", "closed_on")
_KNOWN = {
    "number": ("编号", "number", "工单号"),
    "registered_on": ("受理时间", "登记时间", "受理日期", "登记日期", "日期", "registered"),
    "channel": ("渠道", "来源", "channel"),
    "applicant": ("反映人", "姓名", "申请人", "applicant", "name"),
    "phone": ("联系电话", "电话", "手机", "phone"),
    "organisation": ("单位", "企业名称", "organisation"),
    "title": ("事项名称", "事项", "标题", "matter", "title"),
    "text": ("诉求", "内容", "反映内容", "what was asked for", "text"),
    "cause": ("原因类别", "原因", "cause"),
    "department": ("牵头", "牵头部门", "责任部门", "办理部门", "lead", "department"),
    "answer": ("结果", "办理结果", "答复", "result", "answer"),
    "closed_on": ("归档时间", "办结时间", "办结日期", "closed"),
    "rating": ("满意度", "评价", "rating"),
}
"""What columns are called, in ledgers of ours and of others; the first that is found counts."""
_DAY = re.compile(r"\s*(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?:\s*日)?(?:[T\s].*)?", re.DOTALL)


class BadRow(NamedTuple):
    """A row that is not taken: its place in the file's table, from 1, the field, what is wrong."""

    place: int
    field: str
    fault: str


def guessed(head: Sequence[str], columns: Mapping[str, Sequence[str]] = _KNOWN) -> dict[str, int]:
    """Which column each field is likely to be."""
    names = [name.strip().casefold() for name in head]
    found = {}
    for field, known in columns.items():
        place = next((names.index(name) for name in known if name in names), None)
        if place is not None:
            found[field] = place
    return found


def row_of(cells: Sequence[str], mapping: Mapping[str, int], days: Sequence[str] = DAYS) -> dict[str, str]:
    """What a row says by field; nothing of what is empty. Days are brought to one form where they can be read."""
    values = {field: cells[place].strip() for field, place in mapping.items() if place < len(cells)}
    for field in days:
        if day := _DAY.fullmatch(values.get(field, "")):
            values[field] = f"{day[1]}-{int(day[2]):02}-{int(day[3]):02}"
    return {field: value for field, value in values.items() if value}


def judged(rows: Iterable[Sequence[str]], mapping: Mapping[str, int]) -> tuple[list[dict[str, str]], list[BadRow]]:
    """The rows that can be taken, and what is wrong with the others."""
    good: list[dict[str, str]] = []
    bad: list[BadRow] = []
    for place, cells in enumerate(rows, 1):
        values: dict[str, Any] = row_of(cells, mapping)
        try:
            ImportedRow.load(values)
        except marshmallow.ValidationError as error:
            messages = error.normalized_messages()
            bad += [BadRow(place, field, str(said[0])) for field, said in sorted(messages.items())]
        else:
            good.append(values)
    return good, bad
