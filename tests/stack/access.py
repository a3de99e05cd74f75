"""Who asks: the headers of people of the center that the tests use."""

from schemas.enums import Role
from services.access.tokens import Actor, issue
from tests.stack.services import SECRET


def bearer(
    staff: str, *roles: Role, department: str | None = None, center: str = "BC", seconds: int = 3600
) -> dict[str, str]:
    """The header of somebody with these roles."""
    actor = Actor(staff=staff, roles=roles, center=center, department=department)
    return {"Authorization": f"Bearer {issue(SECRET, actor, seconds=seconds)}"}
