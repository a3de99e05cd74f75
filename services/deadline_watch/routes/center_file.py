"""What an operator asks before a center file is published: which deadlines it would move."""

from typing import Any

from schemas.enums import Role
from schemas.requests.center_file import DeadlinesOtherwise, DryRun
from services.access.admission import route
from services.deadline_watch.actions import dry_run
from services.plumbing.http.group_commit import Call


@route("POST", "/center-file/dry-run", body=DryRun, reply=DeadlinesOtherwise, roles={Role.OPS}, keyed=False)
def dry_run_center_file(service: Any, call: Call) -> DeadlinesOtherwise:
    """Which open deadlines would be due at another time, if a draft were published."""
    return dry_run.dry_run(call)
