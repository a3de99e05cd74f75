"""The codes that the pages of figures and of documents show."""

from datetime import date

from schemas.figures import Figure, Grouping
from services.desk.rules.figures import PLOT_NAMES, TIMES, periods


def document_codes() -> set[str]:
    """All of them, as the catalogues name them."""
    found = {f"{prefix}{by}" for by in Grouping for prefix in ("by_", "without_")}
    found |= {f"figure_{name}" for name in (*Figure, *TIMES, "median", "p90")}
    found |= {f"plot_{hint}{name}" for name in PLOT_NAMES for hint in ("", "hint_")}
    return found | {f"period_{name}" for name in periods(date(2026, 5, 1))}
