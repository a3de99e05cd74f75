"""The codes that the pages of help for visitors, and of suggestions and rules, show."""

from schemas.helps import HelpKind, HelpNeed
from services.desk.pages.helps import COLUMNS
from services.desk.pages.trust import HITS, RULES

FIELDS = ("kind", "need", "started_at", "ended_at", "ticket_id", "satisfaction")
"""Of the form of help, whose faults are shown on a page of their own."""


def page_codes() -> set[str]:
    """Kinds and needs, columns, fields, five levels of satisfaction; what is counted of suggestions and rules."""
    found = {f"help_{each}" for each in HelpKind} | {f"need_{each}" for each in HelpNeed}
    found |= {f"helps_{each}" for each in COLUMNS} | {f"satisfaction_{each}" for each in range(1, 6)}
    return found | {f"field_{name}" for name in FIELDS} | {f"trust_{each}" for each in ("hits", "rules", *HITS, *RULES)}
