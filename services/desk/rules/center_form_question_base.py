"""The part of the center file's form that is about the question base. Pure."""

from typing import Any

from schemas.center.question_base import QuestionBaseRule
from services.desk.rules.center_form_fields import Filled, number, put, row_count

NUMBERS = (
    *("vet_working_days", "settle_flag_working_days", "mend_flag_working_days"),
    *("review_weekday", "review_due_weekday", "review_after_days", "ends_within_days"),
)
WEEKDAYS = ("review_weekday", "review_due_weekday")


def defaults() -> dict[str, Any]:
    """What holds where nothing is written, in plain values."""
    plain: dict[str, Any] = QuestionBaseRule().dump()
    return plain | {"review_at": plain["review_at"][:5]}


def is_question_base_shaped(value: Any) -> bool:
    """Whether a form can show what was written."""
    if not isinstance(value, dict):
        return False
    steps = value.get("ladder", [])
    return isinstance(steps, list) and all(isinstance(each, dict) for each in steps)


def fill_question_base(data: dict[str, Any], form: Filled) -> None:
    """Take what the form says into the file; what is as it is anyway, and was not written, stays unwritten."""
    known = defaults()
    asked: dict[str, Any] = {name: number(form.get(f"question_base.{name}", "")) for name in NUMBERS}
    asked["review_at"] = form.get("question_base.review_at", "")
    steps = []
    for at in range(row_count(form, "question_base.ladder")):
        place = f"question_base.ladder[{at}]"
        if tell := form.getlist(f"{place}.tell"):
            days = number(form.get(f"{place}.working_days", ""))
            steps.append({"working_days": days, "light": form.get(f"{place}.light", ""), "tell": tell})
    asked["ladder"] = steps
    written = data.get("question_base", {})
    said = written | {name: value for name, value in asked.items() if name in written or value != known[name]}
    put(said, "justice", form.get("question_base.justice", ""))
    if said or "question_base" in data:
        data["question_base"] = said
