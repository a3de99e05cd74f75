"""`bancheng token issue|revoke`: access for people of the center file, and for systems that feed tickets in."""

import click

from schemas.center.access import departments_of, headed_by, roles_of
from schemas.center.center import Center
from schemas.enums import Role
from services.access import admission, centers
from services.access.tokens import Actor, issue, most_hours
from services.commands.command import plainly
from services.commands.servers import OUTAGES, transaction
from services.plumbing.runtime.resources import token_hours, token_secret

USUAL_HOURS = 12
USUAL_HOURS_OF_A_CHANNEL = 90 * 24


@click.group()
def token() -> None:
    """Access tokens."""


@token.command("issue")
@click.option("--staff", required=True, help="A person of the center file, or one of its channels.")
@click.option("--center", required=True, help="Code of the center.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    type=click.Choice([role.value for role in Role]),
    help="Some of the roles that the center file gives; all of them by default.",
)
@click.option("--department", help="Which one, for a liaison or head of several.")
@click.option("--hours", type=click.IntRange(min=1), help="12 by default; 90 days for a channel.")
@plainly(*OUTAGES)
def issue_token(staff: str, center: str, roles: tuple[str, ...], department: str | None, hours: int | None) -> None:
    """Print a token for somebody in the published center file, good for HOURS of real time."""
    with transaction("routing") as tx:  # where center files are published
        actor = bearer_of(centers.current(tx, center), staff, tuple(map(Role, roles)), department)
    most = most_hours(actor.roles, token_hours())
    usual = USUAL_HOURS_OF_A_CHANNEL if Role.CHANNEL in actor.roles else USUAL_HOURS
    hours = hours or min(usual, most)
    if hours > most:
        raise click.BadParameter(f"{most} at most", param_hint="--hours")
    click.echo(issue(token_secret(), actor, seconds=hours * 3600))


@token.command("revoke")
@click.option("--staff", required=True, help="A person of the center file, or one of its channels, also a former one.")
@click.option("--center", required=True, help="Code of the center.")
@plainly(*OUTAGES)
def revoke_token(staff: str, center: str) -> None:
    """Shut out all tokens of somebody that were issued until now, in every service within seconds."""
    with transaction("routing") as tx:
        centers.current(tx, center)
        revoked = admission.revoke(tx, center, staff)
    click.echo(f"tokens of {staff} issued until {revoked.not_before.isoformat(timespec='seconds')} hold no longer")


def bearer_of(center: Center, staff: str, roles: tuple[Role, ...], department: str | None) -> Actor:
    """Whom a token is for. Raises click.BadParameter where the center file says otherwise."""
    given = roles_of(center, staff)
    if not given:
        raise click.BadParameter(f"the center file gives no role to {staff!r}", param_hint="--staff")
    if missing := set(roles) - given:
        raise click.BadParameter(f"the center file does not make {staff} a {min(missing)}", param_hint="--role")
    chosen = tuple(role for role in Role if role in (roles or given))
    liaison_of = departments_of(center, staff) if Role.LIAISON in chosen else ()
    head_of = headed_by(center, staff) if Role.DEPARTMENT_HEAD in chosen else ()
    departments = tuple(dict.fromkeys((*liaison_of, *head_of)))
    if not departments:
        department = None
    elif department is None and len(departments) == 1:
        department = departments[0]
    elif department not in departments:
        raise click.BadParameter(f"one of {', '.join(departments)} is expected", param_hint="--department")
    return Actor(staff=staff, roles=chosen, center=center.code, department=department)
