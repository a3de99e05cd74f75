"""The center file in the browser: checked, published, compared, and an earlier version brought back."""

from typing import Any

import marshmallow

from schemas.center.access import roles_of
from schemas.center.center import Center
from schemas.enums import Role
from schemas.errors import NotFound
from schemas.requests import center_file as api
from services.access import centers
from services.access.center_text import CenterFault, center_text, read_center_text
from services.plumbing.http.group_commit import Call
from services.routing import store
from services.routing.actions.publishing import publish
from services.routing.rules.center_changes import changes_between


def check(call: Call) -> api.CenterCheckView:
    """Everything that is wrong with a draft; if nothing, what it would change."""
    newest = centers.newest_version(call.tx, call.actor.center)
    center, faults = judged(call, call.body.yaml)
    if center is None:
        return api.CenterCheckView(
            newest=newest, faults=tuple(api.CenterFaultView(**each._asdict()) for each in faults)
        )
    return api.CenterCheckView(newest=newest, changes=_changes(_at(call, newest), center))


def judged(call: Call, text: str) -> tuple[Center | None, tuple[CenterFault, ...]]:
    """The center in a text, or what is wrong with it, and with this person's publishing it: it stays the same center,
    and whoever publishes it must still be able to mend it.
    """
    center, faults = read_center_text(text)
    if center is None:
        return None, faults
    if center.code != call.actor.center:
        return None, (CenterFault("code", "The code of a center never changes.", None),)
    if Role.OPS not in roles_of(center, call.actor.staff):
        path = f"staff.{call.actor.staff}.roles"
        return None, (CenterFault(path, "You would shut yourself out: another operator must do this.", None),)
    return center, ()


def publish_text(call: Call) -> int:
    """Publish a text in the name of who asks; the version. Raises ValidationError, OutdatedDraft."""
    body: api.PublishCenterFile = call.body
    center = _sound(call, body.yaml)
    return publish(call.tx, center, by=call.actor.staff, based_on=body.based_on, source=body.yaml)


def restore(call: Call, version: int) -> int:
    """Publish what an earlier version holds as a new one; its number. Raises NotFound, ValidationError, OutdatedDraft.

    It is judged as any other: what was right then need not be today.
    """
    source = show(call, version).yaml
    center, based_on = _sound(call, source), call.body.based_on
    return publish(call.tx, center, by=call.actor.staff, based_on=based_on, restores=version, source=source)


def _sound(call: Call, text: str) -> Center:
    center, faults = judged(call, text)
    if center is None:
        raise marshmallow.ValidationError({each.path or "yaml": [each.message] for each in faults})
    return center


def versions(call: Call) -> api.PublicationPage:
    """The versions of the center's file, the newest first."""
    query: api.PublicationQuery = call.query
    rows = store.publications.page(call.tx, call.actor.center, query.before, query.limit)
    items = tuple(api.PublicationView(**row._asdict()) for row in rows[: query.limit])
    return api.PublicationPage(items=items, next=items[-1].version if len(rows) > query.limit else None)


def show(call: Call, version: int | None = None) -> api.CenterFileView:
    """One version, by default the newest. Raises NotFound."""
    newest = centers.newest_version(call.tx, call.actor.center)
    center = _at(call, version or newest)
    row = store.publications.publication(call.tx, call.actor.center, version or newest)
    known: dict[str, Any] = row._asdict() if row else {"version": version or newest, "source": None}
    text: str = known.pop("source") or center_text(center)
    return api.CenterFileView(**known, newest=newest, yaml=text, center=center.dump())


def compare(call: Call) -> api.CenterComparison:
    """What differs between two versions. Raises NotFound."""
    query: api.ComparisonQuery = call.query
    before, after = _at(call, query.before), _at(call, query.after)
    return api.CenterComparison(before=query.before, after=query.after, changes=_changes(before, after))


def _at(call: Call, version: int) -> Center:
    if not 1 <= version <= centers.newest_version(call.tx, call.actor.center):
        raise NotFound("there is no such version")
    return centers.at_version(call.tx, call.actor.center, version)


def _changes(before: Center, after: Center) -> tuple[api.CenterChangeView, ...]:
    return tuple(api.CenterChangeView(**each._asdict()) for each in changes_between(before, after))
