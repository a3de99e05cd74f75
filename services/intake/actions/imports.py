"""Reads in an old ledger: what is personal is hidden before anything is kept, and nothing is promised or announced."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from schemas.enums import ApplicantKind
from schemas.errors import Conflict
from schemas.identity import plain_phone
from schemas.requests.applicants import Applicant
from schemas.requests.imports import ImportedRow, ImportView
from services.intake import store
from services.plumbing.http.group_commit import Call
from services.plumbing.runtime.cooperation import TimeSlice
from services.privacy.masking import mask_letter, mask_name, mask_phone, mask_reply
from services.privacy.personal_data import Pause, no_pause

_NOBODY, _NO_PHONE = "无名氏", "11111111111"
"""A ledger need not say who came, nor how to reach them."""


def begin(call: Call) -> ImportView:
    """A new import without rows."""
    import_id = store.imports.begin(call.tx, call.actor.center, call.body.name, call.actor.staff)
    return view(call, import_id)


def view(call: Call, import_id: UUID) -> ImportView:
    """An import as it is now. Raises NotFound."""
    return ImportView(**store.imports.import_of(call.tx, call.actor.center, import_id)._asdict())


def keep_rows(call: Call, import_id: UUID) -> ImportView:
    """Add rows. Raises NotFound, or Conflict for one that was undone."""
    if store.imports.import_of(call.tx, call.actor.center, import_id).undone_at:
        raise Conflict("this import was undone")
    pause = TimeSlice()
    rows = [masked(row, pause) | {"place": place} for place, row in enumerate(call.body.rows, call.body.first)]
    store.imports.keep_rows(call.tx, import_id, rows)
    return view(call, import_id)


def undo(call: Call, import_id: UUID) -> ImportView:
    """Take all of it out again. Raises NotFound, Conflict."""
    if store.imports.import_of(call.tx, call.actor.center, import_id).undone_at:
        raise Conflict("this import was undone")
    store.imports.undo(call.tx, import_id, call.actor.staff)
    return view(call, import_id)


def masked(row: ImportedRow, pause: Pause = no_pause) -> dict[str, Any]:
    """What is kept of a row."""
    phone = row.phone or ""
    name = (row.applicant or "").strip() or _NOBODY
    own = plain_phone(phone) or (phone if any(each.isdecimal() and int(each) for each in phone) else _NO_PHONE)
    applicant = Applicant(kind=ApplicantKind.PERSON, name=name, phone=own)
    kept = asdict(row)
    for field in ("title", "text", "number", "channel", "organisation", "cause", "department", "rating"):
        if kept[field]:
            kept[field] = mask_letter(kept[field], applicant, pause)
            pause()
    kept["answer"] = mask_reply(row.answer, applicant, pause)
    kept["applicant"] = mask_name(row.applicant) if row.applicant else None
    kept["phone"] = mask_phone(phone) if phone else None
    return kept
