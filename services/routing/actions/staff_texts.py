"""What staff write about a ticket travels in events and is read by many: nothing personal stays in it."""

from dataclasses import replace
from typing import Protocol
from uuid import UUID

from marshmallow import fields
from marshmallow.validate import Regexp

from schemas.record.record import Record
from services.plumbing.http.group_commit import Call
from services.plumbing.runtime.cooperation import TimeSlice
from services.privacy.fingerprints import MaskingKeys
from services.routing import store


class HasMaskingKeys(Protocol):
    """The service, as a route sees it."""

    masking_keys: MaskingKeys


def masked(call: Call, keys: MaskingKeys, about: UUID) -> Call:
    """The call with the free texts of its body masked, also against the data of the applicant.

    ``about`` is the id that the address names: of a ticket, of an assignment, of an extension, or of a meeting.
    """
    body: Record = call.body
    ticket_id, fingerprints = store.tickets.applicant_fingerprints(call.tx, about)
    pause = TimeSlice()
    shown = {
        name: keys.mask_staff_text(getattr(body, name), ticket_id, fingerprints, pause)
        for name in free_texts(type(body))
        if getattr(body, name) is not None
    }
    return replace(call, body=replace(body, **shown))  # type: ignore[type-var]


def free_texts(body: type[Record]) -> tuple[str, ...]:
    """The fields of a body in which staff write in their own words: strings that no pattern makes a code."""
    return tuple(
        name
        for name, field in body.schema().fields.items()
        if isinstance(field, fields.String) and not any(isinstance(each, Regexp) for each in field.validators)
    )
