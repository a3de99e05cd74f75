"""Who may do what, as the center file has it: the posts that people hold, and the systems that feed tickets in."""

from schemas.center.center import Center
from schemas.enums import Role

GRANTED = frozenset({Role.CLERK, Role.OPS, Role.AUDITOR})
"""The roles that the file gives to a person by name; the others come with a post."""


def roles_of(center: Center, code: str) -> frozenset[Role]:
    """The roles of a person or of a feeding system; none of somebody whom the file does not name."""
    if code in center.channels:
        return frozenset({Role.CHANNEL})
    if code not in center.staff:
        return frozenset()
    roles = set(center.staff[code].roles)
    if departments_of(center, code):
        roles.add(Role.LIAISON)
    if headed_by(center, code):
        roles.add(Role.DEPARTMENT_HEAD)
    if code in center.roster.leaders or any(code == swap.leader for swap in center.roster.swaps):
        roles.add(Role.DUTY_LEADER)
    if code == center.director:
        roles.add(Role.DIRECTOR)
    if code == center.supervision_office:
        roles.add(Role.SUPERVISOR)
    return frozenset(roles)


def departments_of(center: Center, code: str) -> tuple[str, ...]:
    """The departments that a person is a liaison of, in the file's order."""
    return tuple(name for name, department in center.departments.items() if code in department.liaisons)


def headed_by(center: Center, code: str) -> tuple[str, ...]:
    """The departments that a person is the head of, in the file's order."""
    return tuple(name for name, department in center.departments.items() if code == department.head)


def holders_of(center: Center, role: Role) -> tuple[str, ...]:
    """Everybody with a role, in the file's order."""
    return tuple(code for code in (*center.staff, *center.channels) if role in roles_of(center, code))
