"""What each kind of notice says, and what a text of one's own would look like before it stands in the center file."""

from typing import Any

from flask import Blueprint, abort, g, render_template, request

from schemas.center.thresholds import NOTICE_FIELDS
from schemas.enums import Role
from services.desk.backend import BackendRefused
from services.desk.pages.center_file import review_of
from services.desk.pages.guard import for_staff, is_fragment
from services.desk.pages.notices import ANSWERABLE
from services.desk.rules.notices import with_text
from services.desk.wording import LANGUAGES

pages = Blueprint("notice_texts", __name__)

TAKE_OVER, LEAVE_OUT = "take_over", "leave_out"


@pages.get("/notices/texts")
@for_staff(*ANSWERABLE)
def show() -> Any:
    """What each kind of notice says, with an example of it, in the reader's language."""
    found = g.person.get("notify", "/texts")["texts"]
    mine = [each for each in found if each["language"] == g.wording.language]
    return render_template("notice_texts.html", texts=mine, is_answerable=True)


@pages.get("/notices/texts/<template>")
@for_staff(*ANSWERABLE)
def preview(template: str) -> Any:
    """What each channel is sent by the text in force."""
    return _page(template, request.args.get("language", g.wording.language), None)


@pages.post("/notices/texts/<template>")
@for_staff(*ANSWERABLE)
def try_out(template: str) -> Any:
    """What each channel would be sent by the text that is typed, of which nothing is kept; or, by which button was
    pressed, a draft of the center file with it, or without any of its own.
    """
    form = request.form
    language, text = form.get("language", ""), form.get("text", "").replace("\r\n", "\n")
    if form.get("act") not in (TAKE_OVER, LEAVE_OUT):
        return _page(template, language, text)
    if not g.person.has(Role.OPS):
        abort(404)
    taken = text if form["act"] == TAKE_OVER else ""
    return review_of(lambda data: with_text(data, template, language, taken))


def _page(template: str, language: str, typed: str | None) -> Any:
    in_force = g.person.get("notify", "/texts")["texts"]
    known = next((each for each in in_force if (each["template"], each["language"]) == (template, language)), None)
    if known is None:
        abort(404)
    text = known["text"] if typed is None else typed
    found, refused = None, None
    try:
        wanted = {"template": template, "language": language, "text": text}
        found = g.person.post("notify", "/texts/preview", wanted)
    except BackendRefused as error:
        refused = error
    page = render_template(
        "notice_text_preview.html" if is_fragment() else "notice_text.html",
        known=known,
        text=text,
        found=found,
        refused=refused,
        unknown=" ".join("{" + each + "}" for each in found["unknown"]) if found else "",
        places=sorted(NOTICE_FIELDS),
        languages=LANGUAGES,
        is_answerable=True,
    )
    # htmx shows no reply that is an error; what is wrong is said in the part itself.
    return page, refused.status if refused and not is_fragment() else 200
