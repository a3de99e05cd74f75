"""The operator's center file: its versions, edited as a form or as YAML, reviewed, published, compared, brought back.

A draft lives in the page alone: every form carries it along, so that nothing is lost when it is refused or a service
is away, and two operators do not overwrite one another.
"""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, g, render_template, request

from schemas.center.access import GRANTED
from schemas.center.question_base import NOTIFIED_POSTS
from schemas.enums import DeadlineKind, Light, Mark, Post, Role
from services.access.yaml_text import UnreadableYaml, read_yaml, write_yaml
from services.desk.backend import BackendAway, BackendRefused
from services.desk.center_words import changes_in_words, path_words
from services.desk.pages.guard import for_staff, to_page
from services.desk.rules import center_form, center_form_question_base
from services.desk.rules.center_form_numbers import GROUPS, numbers_of

pages = Blueprint("center_file", __name__)

YAML, REVIEW, PUBLISH = "yaml", "review", "publish"


@pages.get("/center-file")
@for_staff(Role.OPS)
def versions() -> Any:
    """The versions, the newest first."""
    before = request.args.get("before", type=int)
    page = g.person.get("routing", "/center-file/versions", before=before, limit=50)
    return render_template("center_file.html", page=page)


@pages.get("/center-file/versions/<int:version>")
@for_staff(Role.OPS)
def show(version: int) -> Any:
    """One version as it was written, and what it changed about the one before."""
    file = g.person.get("routing", f"/center-file/versions/{version}")
    return render_template("center_version.html", file=file)


@pages.get("/center-file/compare")
@for_staff(Role.OPS)
def compare() -> Any:
    """What differs between two versions, in words."""
    before, after = sorted(request.args.get(name, 1, type=int) for name in ("before", "after"))
    found = g.person.get("routing", "/center-file/comparison", before=before, after=after)
    return render_template("center_compare.html", compared=found, changes=changes_in_words(found["changes"]))


@pages.get("/center-file/edit")
@for_staff(Role.OPS)
def edit() -> Any:
    """Begin to change the newest version, or with an earlier one's text."""
    version = request.args.get("version", type=int)
    file = g.person.get("routing", f"/center-file/versions/{version}" if version else "/center-file")
    return _editor(CenterDraft(file["yaml"], file["newest"]), request.args.get("part", center_form.PARTS[0]))


@pages.post("/center-file/edit")
@for_staff(Role.OPS)
def go_on() -> Any:
    """Take in what was typed, then show another part, review it all, or publish it."""
    part, then = request.form.get("part", YAML), request.form.get("go", REVIEW)
    draft = CenterDraft.of(request.form)
    if part in center_form.PARTS:
        draft.fill_in(part, request.form)
    if then not in (REVIEW, PUBLISH):
        return _editor(draft, then)
    return _checked(draft, part, is_to_be_published=then == PUBLISH)


def review_of(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Any:
    """The newest version with a change that another page makes, to be reviewed before it is published."""
    file = g.person.get("routing", "/center-file")
    draft = CenterDraft(file["yaml"], file["newest"])
    changed = change(draft.data)
    if changed != draft.data:
        draft.yaml = write_yaml(changed)
    return _checked(draft, YAML)


def _checked(draft: "CenterDraft", part: str, *, is_to_be_published: bool = False) -> Any:
    try:
        if is_to_be_published:
            return _publish(draft)
        found = g.person.post("routing", "/center-file/check", {"yaml": draft.yaml})
    except BackendAway:
        return _editor(draft, part, away=True)
    except BackendRefused as refused:
        return _editor(draft, part, refused=refused)
    if found["faults"]:
        return _editor(draft, part, faults=found["faults"])
    return _review(draft, found)


class CenterDraft:
    """A text that is not published yet, the version that it is ``based_on``, and the one that it brings back."""

    def __init__(self, yaml: str, based_on: int, restores: int | None = None) -> None:
        self.yaml, self.based_on, self.restores = yaml, based_on, restores

    @classmethod
    def of(cls, form: Any) -> "CenterDraft":
        """The draft that a form carries. A browser sends lines as the mail does."""
        text = form.get("yaml", "").replace("\r\n", "\n")
        return cls(text, form.get("based_on", 0, type=int), form.get("restores", type=int))

    def fill_in(self, part: str, form: Any) -> None:
        """Take in a part of the form. Only what was changed is written anew, or comments would be lost for nothing."""
        data = self.data
        if center_form.is_form_shaped(data):
            changed = center_form.filled_in(data, part, form)
            if changed != data:
                self.yaml, self.restores = write_yaml(changed), None

    @property
    def data(self) -> Any:
        """What is written, in plain values; None where that is no YAML."""
        try:
            return read_yaml(self.yaml).value
        except UnreadableYaml:
            return None


def _editor(
    draft: CenterDraft,
    part: str,
    *,
    faults: list[dict[str, Any]] | None = None,
    refused: BackendRefused | None = None,
    away: bool = False,
) -> Any:
    data = draft.data
    is_form = part in center_form.PARTS and center_form.is_form_shaped(data)
    page = render_template(
        "center_form.html" if is_form else "center_text.html",
        draft=draft,
        part=part if is_form else YAML,
        parts=center_form.PARTS,
        data=data,
        faults=[each | {"words": path_words(each["path"])} for each in faults or ()],
        is_shapeless=part in center_form.PARTS and not is_form,
        refused=refused,
        is_away=away,
        numbers={group: numbers_of(group) for group in GROUPS},
        blank_rows=center_form.BLANK_ROWS,
        kinds=list(DeadlineKind),
        marks=list(Mark),
        lights=list(Light),
        posts=list(Post),
        late_posts=[post for post in Post if post in NOTIFIED_POSTS],
        question_base=center_form_question_base.defaults(),
        granted=sorted(GRANTED),
    )
    return page, 503 if away else refused.status if refused else 422 if faults else 200


def _review(
    draft: CenterDraft, found: Mapping[str, Any], refused: BackendRefused | None = None, *, away: bool = False
) -> Any:
    page = render_template(
        "center_review.html",
        draft=draft,
        newest=found["newest"],
        changes=changes_in_words(found["changes"]),
        tickets=None if away else _dry_run("routing", draft, "after_tickets"),
        deadlines=None if away else _dry_run("deadline_watch", draft, "after_deadlines"),
        refused=refused,
        is_away=away,
    )
    return page, 503 if away else refused.status if refused else 200


def _dry_run(service: str, draft: CenterDraft, place: str) -> Any:
    """What the draft would do to what a service keeps, a page of it; None where the service is away."""
    body = {"yaml": draft.yaml, "limit": 50} | ({"after": after} if (after := request.form.get(place)) else {})
    try:
        return g.person.post(service, "/center-file/dry-run", body)
    except BackendAway:
        return None


def _publish(draft: CenterDraft) -> Any:
    path = f"/center-file/versions/{draft.restores}/restore" if draft.restores else "/center-file/publish"
    body: dict[str, Any] = {"based_on": draft.based_on} | ({} if draft.restores else {"yaml": draft.yaml})
    try:
        file = g.person.post("routing", path, body, key=request.form.get("key"))
    except BackendAway:
        return _review(draft, {"newest": draft.based_on, "changes": []}, away=True)
    except BackendRefused as refused:
        if refused.status != 409:
            raise
        return _review(draft, g.person.post("routing", "/center-file/check", {"yaml": draft.yaml}), refused)
    return to_page("center_file.versions", published=file["version"])
