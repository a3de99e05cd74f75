"""What intake remembers: the only SQL of this service, a module for each thing that is stored."""

from services.intake.store import (
    attachments,
    audit,
    ciphers,
    forgetting,
    helps,
    imports,
    materials,
    projections,
    registration,
    tickets,
)

__all__ = [
    "attachments",
    "audit",
    "ciphers",
    "forgetting",
    "helps",
    "imports",
    "materials",
    "projections",
    "registration",
    "tickets",
]
