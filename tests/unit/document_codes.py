"""The codes that the pages of figures, of documents and of notices show."""

from datetime import date

from schemas.center.thresholds import NOTICE_FIELDS
from schemas.enums import DocketSection
from schemas.figures import Figure, Grouping
from services.desk.pages.notice_channels import OFFERED
from services.desk.rules.documents import DOCUMENTS, EVERYWHERE, label_codes
from services.desk.rules.figures import PLOT_NAMES, TIMES, periods
from services.desk.rules.import_mapping import FIELDS
from services.desk.rules.ledger_lines import WIDTHS
from services.desk.rules.notices import ANSWERS, DELIVERY_ERRORS


def document_codes() -> set[str]:
    """All of them, as the catalogues name them."""
    found = {f"{prefix}{by}" for by in Grouping for prefix in ("by_", "without_")}
    found |= {f"figure_{name}" for name in (*Figure, *TIMES, "median", "p90")}
    found |= {f"plot_{hint}{name}" for name in PLOT_NAMES for hint in ("", "hint_")}
    found |= {f"ledger_{name}" for name in WIDTHS}
    found |= label_codes() | {f"document_{name}" for name in DOCUMENTS} | {f"everywhere_{name}" for name in EVERYWHERE}
    found |= {f"section_{section}" for section in DocketSection}
    found |= {f"import_{name}" for name in FIELDS}
    found |= {f"delivery_error_{error}" for error in (*DELIVERY_ERRORS, *ANSWERS, "other")}
    found |= {f"notice_address_{channel}" for channel in OFFERED}
    found |= {f"place_{name}" for name in NOTICE_FIELDS}
    return found | {f"period_{name}" for name in periods(date(2026, 5, 1))}
