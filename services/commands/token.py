"""`bancheng token issue`: access tokens for people, and for systems that feed tickets in."""

import click

from schemas.words import Role
from services.commands.failing import plainly
from services.commands.outages import OUTAGES
from services.plumbing.access import Actor, issue
from services.plumbing.resources import environment


@click.group()
def token() -> None:
    """Access tokens."""


@token.command("issue")
@click.option("--staff", required=True, help="Staff id, or the name of the feeding system.")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice([role.value for role in Role]))
@click.option("--center", required=True, help="Code of the center.")
@click.option("--department", help="Limits a liaison to this department.")
@click.option("--hours", type=click.IntRange(1, 24 * 366), default=12, show_default=True)
@plainly(*OUTAGES)
def issue_token(staff: str, roles: tuple[str, ...], center: str, department: str | None, hours: int) -> None:
    """Print a token, good for HOURS of real time."""
    if Role.LIAISON in roles and not department:
        raise click.UsageError("a liaison's token needs --department")
    actor = Actor(staff=staff, roles=tuple(map(Role, roles)), center=center, department=department)
    click.echo(issue(environment().secret, actor, seconds=hours * 3600))
