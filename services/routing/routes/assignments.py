"""What a department does with its assignments: sign for it, return it, complete it."""

from uuid import UUID

from schemas.requests import assignments as forms
from services.access.admission import route
from services.plumbing.http.group_commit import Call
from services.routing import views
from services.routing.actions import departments, progress
from services.routing.actions.staff_texts import HasMaskingKeys, masked
from services.routing.routes import ANYBODY, LIAISONS

ASSIGNMENT = "/assignments/<uuid:assignment_id>"


@route("GET", "/assignments", query=forms.AssignmentQuery, reply=forms.AssignmentPage, roles=ANYBODY)
def list_assignments(service: HasMaskingKeys, call: Call) -> forms.AssignmentPage:
    """Assignments; a liaison sees the own department's."""
    return views.assignments(call)


@route("POST", f"{ASSIGNMENT}/accept", body=forms.AcceptAssignment, reply=forms.AssignmentView, roles=LIAISONS)
def accept(service: HasMaskingKeys, call: Call, assignment_id: UUID) -> forms.AssignmentView:
    """Sign for it (签收)."""
    departments.accept(call, assignment_id)
    return views.assignment(call, assignment_id)


@route("POST", f"{ASSIGNMENT}/return", body=forms.ReturnAssignment, reply=forms.AssignmentView, roles=LIAISONS)
def return_assignment(service: HasMaskingKeys, call: Call, assignment_id: UUID) -> forms.AssignmentView:
    """Return it (退回), in time and with a reason."""
    departments.return_assignment(masked(call, service.masking_keys, assignment_id), assignment_id)
    return views.assignment(call, assignment_id)


@route("POST", f"{ASSIGNMENT}/complete", body=forms.CompleteAssignment, reply=forms.AssignmentView, roles=LIAISONS)
def complete(service: HasMaskingKeys, call: Call, assignment_id: UUID) -> forms.AssignmentView:
    """The department has done its work."""
    departments.complete(masked(call, service.masking_keys, assignment_id), assignment_id)
    return views.assignment(call, assignment_id)


@route("POST", f"{ASSIGNMENT}/progress", body=forms.ReportProgress, reply=forms.AssignmentView, roles=LIAISONS)
def report_progress(service: HasMaskingKeys, call: Call, assignment_id: UUID) -> forms.AssignmentView:
    """Say how far the department has come."""
    progress.report_progress(masked(call, service.masking_keys, assignment_id), assignment_id)
    return views.assignment(call, assignment_id)


@route("POST", f"{ASSIGNMENT}/hand-over", body=forms.HandOverAssignment, reply=forms.AssignmentView, roles=LIAISONS)
def hand_over(service: HasMaskingKeys, call: Call, assignment_id: UUID) -> forms.AssignmentView:
    """Let another liaison of the department handle it."""
    progress.hand_over(masked(call, service.masking_keys, assignment_id), assignment_id)
    return views.assignment(call, assignment_id)
