"""The codes of the question base that pages show."""

from enum import StrEnum

from schemas.entries import (
    Audience,
    EntryKind,
    EntryState,
    FlagVerdict,
    ReviewReason,
    ReviewVerdict,
    SuspensionReason,
    VersionState,
    VettingStage,
    VettingVerdict,
)
from schemas.events.entries import ENTRY_EVENTS
from services.desk.rules.entry_form import CHOICES, COMPARED, OF_BASIS
from services.desk.rules.entry_mapping import FIELDS

SHOWN: list[tuple[str, type[StrEnum]]] = [
    ("audience_", Audience),
    ("entry_", EntryState),
    ("entry_kind_", EntryKind),
    ("flag_", FlagVerdict),
    ("review_", ReviewReason),
    ("review_", ReviewVerdict),
    ("suspension_", SuspensionReason),
    ("verdict_", VettingVerdict),
    ("version_", VersionState),
    ("vetting_", VettingStage),
]


def entry_codes() -> set[str]:
    """Each with what stands before it."""
    found = {f"{prefix}{code}" for prefix, shown in SHOWN for code in shown}
    found |= {f"entry_{name}" for name in (*COMPARED, *CHOICES, "why")} | {f"basis_{name}" for name in OF_BASIS}
    found |= {f"entry_column_{name}" for name in FIELDS}
    return found | {f"event_{event.TYPE.rpartition('.')[0]}" for event in ENTRY_EVENTS}
