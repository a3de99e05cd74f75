"""The entries of the question base: written, handed in, vetted, flagged, suspended, expired."""

from typing import Any
from uuid import UUID

from schemas.entries import EntryState, SuspensionReason
from schemas.enums import Role
from schemas.errors import Conflict, Forbidden
from schemas.requests import entries as forms
from schemas.requests import entry_acts as acts
from services.access import centers
from services.access.admission import route
from services.knowledge import entry_views, store
from services.knowledge.actions import drafting, flagging, showing, vetting
from services.knowledge.rules import vetting as rules
from services.knowledge.rules.entry import EntryDraft
from services.plumbing.http.group_commit import Call
from services.plumbing.runtime.cooperation import TimeSlice
from services.privacy.refusing import ensure_nothing_personal

ENTRY = "/entries/<uuid:entry_id>"
STAFF = entry_views.ALL_SEEN | rules.DEPARTMENTS
FLAGGERS = STAFF - {Role.OPS}


@route("GET", "/entries", query=forms.EntryQuery, reply=forms.EntryPage, roles=STAFF)
def list_entries(service: Any, call: Call) -> forms.EntryPage:
    """Entries, the last changed first; a department sees the own, and what others show it."""
    return entry_views.entries(call)


@route("GET", ENTRY, reply=forms.EntryView, roles=STAFF)
def show_entry(service: Any, call: Call, entry_id: UUID) -> forms.EntryView:
    """An entry with its versions, who vetted them, what was flagged, and what happened to it."""
    return entry_views.entry(call, entry_id)


@route("POST", "/entries", body=forms.WriteEntry, reply=forms.EntryView, status=201, roles=rules.WRITERS)
def write_entry(service: Any, call: Call) -> forms.EntryView:
    """Begin an entry with a draft."""
    ensure_nothing_personal(call.body, TimeSlice())
    center = centers.current(call.tx, call.actor.center)
    entry = drafting.create_draft(call.tx, center, draft_of(call.body), call.actor.staff)
    return entry_views.entry(call, entry.id)


@route("PUT", ENTRY, body=forms.WriteEntry, reply=forms.EntryView, roles=rules.WRITERS)
def rewrite_entry(service: Any, call: Call, entry_id: UUID) -> forms.EntryView:
    """Write the draft anew, or another version of what is shown, which stays up until that is published."""
    ensure_nothing_personal(call.body, TimeSlice())
    tx, center = call.tx, centers.current(call.tx, call.actor.center)
    entry = store.entries.lock(tx, center.code, entry_id)
    rules.ensure_may_write(call.actor, entry, store.entries.version(tx, entry.id, entry.latest_version))
    drafting.write(tx, center, entry_id, draft_of(call.body), call.actor.staff)
    return entry_views.entry(call, entry_id)


@route("POST", f"{ENTRY}/submit", body=acts.SubmitEntry, reply=forms.EntryView, roles=rules.WRITERS)
def submit_entry(service: Any, call: Call, entry_id: UUID) -> forms.EntryView:
    """Hand in the draft to be vetted: it changes no more."""
    vetting.submit(call, entry_id)
    return entry_views.entry(call, entry_id)


@route("POST", f"{ENTRY}/vet", body=acts.VetEntry, reply=forms.EntryView, roles=rules.DEPARTMENTS)
def vet_entry(service: Any, call: Call, entry_id: UUID) -> forms.EntryView:
    """Sign a version for the own department, or send it back; never one that one wrote."""
    ensure_nothing_personal(call.body)
    vetting.vet(call, entry_id)
    return entry_views.entry(call, entry_id)


@route("POST", f"{ENTRY}/suspend", body=acts.DecideEntry, reply=forms.EntryView, roles=rules.STOPPERS)
def suspend_entry(service: Any, call: Call, entry_id: UUID) -> forms.EntryView:
    """Show an entry no more until another version of it is published."""
    ensure_nothing_personal(call.body)
    entry = store.entries.lock(call.tx, call.actor.center, entry_id)
    if entry.state is not EntryState.PUBLISHED:
        raise Conflict("only what is shown can be suspended")
    showing.suspend(call.tx, entry, SuspensionReason.DECIDED, call.body.why, call.actor.staff)
    return entry_views.entry(call, entry_id)


@route(
    "POST",
    f"{ENTRY}/expire",
    body=acts.DecideEntry,
    reply=forms.EntryView,
    roles=rules.STOPPERS | rules.DEPARTMENTS,
)
def expire_entry(service: Any, call: Call, entry_id: UUID) -> forms.EntryView:
    """An entry is over: said by the department that answers for it, the director or the supervision office."""
    ensure_nothing_personal(call.body)
    entry = store.entries.lock(call.tx, call.actor.center, entry_id)
    if not (call.actor.has(*rules.STOPPERS) or rules.is_of(call.actor, entry)):
        raise Forbidden("the department that answers for the entry says that it is over")
    if entry.state not in {EntryState.PUBLISHED, EntryState.SUSPENDED}:
        raise Conflict("only what was published can expire")
    showing.expire(call.tx, entry, call.body.why, call.actor.staff)
    return entry_views.entry(call, entry_id)


@route("POST", f"{ENTRY}/flag", body=acts.FlagEntry, reply=forms.EntryView, roles=FLAGGERS)
def flag_entry(service: Any, call: Call, entry_id: UUID) -> forms.EntryView:
    """Say what is not right in an entry that one sees."""
    ensure_nothing_personal(call.body)
    entry_views.entry(call, entry_id)
    flagging.flag(call, entry_id)
    return entry_views.entry(call, entry_id)


@route("POST", "/flags/<uuid:flag_id>/settle", body=acts.SettleFlag, reply=forms.EntryView, roles=rules.DEPARTMENTS)
def settle_flag(service: Any, call: Call, flag_id: UUID) -> forms.EntryView:
    """Judge what was flagged in an entry of the own department: what is right suspends it at once."""
    ensure_nothing_personal(call.body)
    return entry_views.entry(call, flagging.settle(call, flag_id))


def draft_of(body: forms.WriteEntry) -> EntryDraft:
    """The draft that a body describes."""
    return EntryDraft(**vars(body))
