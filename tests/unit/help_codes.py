"""The codes that the page of help for visitors shows."""

from schemas.helps import HelpKind, HelpNeed
from services.desk.pages.helps import COLUMNS


def help_codes() -> set[str]:
    """Kinds and needs, the columns of the report, and the five levels of satisfaction."""
    lists = {f"help_{each}" for each in HelpKind} | {f"need_{each}" for each in HelpNeed}
    return lists | {f"helps_{each}" for each in COLUMNS} | {f"satisfaction_{each}" for each in range(1, 6)}
