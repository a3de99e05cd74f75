"""Which papers may come later (容缺受理), by when, and whose promise is believed. Pure."""

from collections.abc import Collection
from datetime import date, datetime

from schemas.center.center import Center
from schemas.errors import Conflict, Invalid
from services.calendar.calendar import WorkCalendar
from services.intake.rules.pauses import check_promised_day


def check_tolerable(center: Center, matter: str | None, items: Collection[str]) -> None:
    """Only what the matter of the ticket marks as tolerable. A center whose file names no matters leaves it to the
    window. Raises Conflict, Invalid.
    """
    if not center.matters:
        return
    if matter is None or matter not in center.matters:
        raise Conflict("The center file does not say which papers this matter may be taken without.")
    tolerable = center.matters[matter].tolerable
    if wrong := [item for item in items if item not in tolerable]:
        raise Invalid("items", f"Not tolerable for this matter: {', '.join(wrong)}.")


def check_due_day(center: Center, matter: str | None, promised_on: date, now: datetime, calendar: WorkCalendar) -> None:
    """From today on, and within the limit of the matter where it has one. Raises Invalid."""
    check_promised_day(calendar, promised_on, now)
    if matter is not None and matter in center.matters:
        last = calendar.local(calendar.after(now, center.matters[matter].limit_working_days)).date()
        if promised_on > last:
            raise Invalid("promised_on", f"Must be {last} at the latest, by the limit of the matter.")


def check_first_list(earlier: int) -> None:
    """What may come later is said once and completely in a round. Raises Conflict."""
    if earlier:
        raise Conflict("Papers were tolerated once in this round: the list was to be complete.")


def check_believed(broken: int) -> None:
    """Who has promised papers and not brought them brings these first. Raises Conflict."""
    if broken:
        raise Conflict("The applicant has promised papers before that have not come: they are brought first.")
