"""The lists of the question base: to be vetted, to be looked at this week; what is read in from a file."""

from typing import Any
from uuid import UUID

from schemas.enums import Role
from schemas.requests import entry_lists as forms
from services.access import centers
from services.access.admission import route
from services.knowledge import entry_list_views
from services.knowledge.actions import importing, reviewing, vetting
from services.knowledge.routes.entries import STAFF, draft_of
from services.knowledge.rules import vetting as rules
from services.plumbing.http.group_commit import Call
from services.plumbing.runtime.cooperation import TimeSlice
from services.privacy.refusing import ensure_nothing_personal

IMPORTERS = frozenset({Role.OPS})


@route("GET", "/vettings", query=forms.VettingQuery, reply=forms.VettingPage, roles=STAFF)
def list_vettings(service: Any, call: Call) -> forms.VettingPage:
    """What waits to be vetted, what is due first at the top."""
    return entry_list_views.to_vet(call)


@route("POST", "/vettings", body=forms.SignLot, reply=forms.LotSigned, roles=rules.DEPARTMENTS)
def sign_lot(service: Any, call: Call) -> forms.LotSigned:
    """Sign up to 50 versions at once, all or none; drafts that were read in from a file are handed in by that."""
    vetting.vet_many(call)
    return forms.LotSigned(signed=len(call.body.entries))


@route("GET", "/entries/imported", query=forms.PageOfLot, reply=forms.ImportedEntryPage, roles=rules.DEPARTMENTS)
def list_imported(service: Any, call: Call) -> forms.ImportedEntryPage:
    """Drafts that were read in from a file for the own department and that nobody has handed in."""
    return entry_list_views.imported(call)


@route("POST", "/entries/imports", body=forms.ImportEntries, reply=forms.EntriesImported, roles=IMPORTERS)
def import_entries(service: Any, call: Call) -> forms.EntriesImported:
    """Make drafts of some rows of a file, all or none."""
    ensure_nothing_personal(call.body, TimeSlice())
    center = centers.current(call.tx, call.actor.center)
    drafts = [draft_of(each) for each in call.body.entries]
    return forms.EntriesImported(rows=importing.import_drafts(call, center, drafts))


@route("GET", "/entries/imports", query=forms.PageOfLot, reply=forms.EntryImportPage, roles=IMPORTERS)
def list_imports(service: Any, call: Call) -> forms.EntryImportPage:
    """The files that were read in."""
    return entry_list_views.imports(call)


@route(
    "POST",
    "/entries/imports/<uuid:import_id>/undo",
    body=forms.UndoImport,
    reply=forms.ImportUndone,
    roles=IMPORTERS,
)
def undo_import(service: Any, call: Call, import_id: UUID) -> forms.ImportUndone:
    """Take away the drafts of an import that nobody has handed in or written anew."""
    return importing.undo(call.tx, call.actor, import_id)


@route("GET", "/review", query=forms.ReviewQuery, reply=forms.ReviewPage, roles=STAFF)
def list_reviews(service: Any, call: Call) -> forms.ReviewPage:
    """What a department has to look at this week, and what is left of earlier weeks."""
    return entry_list_views.reviews(call)


@route("POST", "/review/<uuid:review_id>", body=forms.ReviewLine, reply=forms.Reviewed, roles=rules.DEPARTMENTS)
def review_line(service: Any, call: Call, review_id: UUID) -> forms.Reviewed:
    """Say what becomes of it: it stays as it is, is written anew, or is over."""
    ensure_nothing_personal(call.body)
    return forms.Reviewed(entry_id=reviewing.review(call, review_id))
