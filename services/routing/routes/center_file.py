"""What an operator does to the center file: look at its versions, check, publish, compare, go back."""

from schemas.enums import Role
from schemas.requests import center_file as api
from services.access.admission import route
from services.plumbing.http.group_commit import Call
from services.routing.actions import center_file, dry_run
from services.routing.actions.staff_texts import HasMaskingKeys

OPERATORS = {Role.OPS}
VERSION = "/center-file/versions/<int:version>"


@route("GET", "/center-file", reply=api.CenterFileView, roles=OPERATORS)
def show_center_file(service: HasMaskingKeys, call: Call) -> api.CenterFileView:
    """The center file as it is in force."""
    return center_file.show(call)


@route("GET", "/center-file/versions", query=api.PublicationQuery, reply=api.PublicationPage, roles=OPERATORS)
def list_versions(service: HasMaskingKeys, call: Call) -> api.PublicationPage:
    """Its versions, the newest first: who published them, and when."""
    return center_file.versions(call)


@route("GET", VERSION, reply=api.CenterFileView, roles=OPERATORS)
def show_version(service: HasMaskingKeys, call: Call, version: int) -> api.CenterFileView:
    """One of its versions, as YAML and as JSON."""
    return center_file.show(call, version)


@route("GET", "/center-file/comparison", query=api.ComparisonQuery, reply=api.CenterComparison, roles=OPERATORS)
def compare_versions(service: HasMaskingKeys, call: Call) -> api.CenterComparison:
    """In which fields two versions differ."""
    return center_file.compare(call)


@route(
    "POST",
    "/center-file/check",
    body=api.CheckCenterFile,
    reply=api.CenterCheckView,
    roles=OPERATORS,
    keyed=False,
)
def check_center_file(service: HasMaskingKeys, call: Call) -> api.CenterCheckView:
    """Everything that is wrong with a draft, or what it would change; nothing is published."""
    return center_file.check(call)


@route("POST", "/center-file/dry-run", body=api.DryRun, reply=api.TicketsOtherwise, roles=OPERATORS, keyed=False)
def dry_run_center_file(service: HasMaskingKeys, call: Call) -> api.TicketsOtherwise:
    """Which open tickets others would handle, if a draft were published."""
    return dry_run.dry_run(call)


@route(
    "POST",
    "/center-file/publish",
    body=api.PublishCenterFile,
    reply=api.CenterFileView,
    roles=OPERATORS,
)
def publish_center_file(service: HasMaskingKeys, call: Call) -> api.CenterFileView:
    """Make a file the center's configuration from now on, if it is based on the newest version."""
    return center_file.show(call, center_file.publish_text(call))


@route("POST", f"{VERSION}/restore", body=api.RestoreCenterFile, reply=api.CenterFileView, roles=OPERATORS)
def restore_center_file(service: HasMaskingKeys, call: Call, version: int) -> api.CenterFileView:
    """Publish the content of an earlier version as a new one."""
    return center_file.show(call, center_file.restore(call, version))
