"""`bancheng account add|reset|lock|list`: who may log in to the desk."""

import click
from rich.console import Console
from rich.table import Table

from schemas.errors import Invalid
from services.commands.command import plainly
from services.commands.servers import OUTAGES, transaction
from services.desk import store
from services.desk.actions import accounts, passwords

_CENTER = click.option("--center", required=True, help="Code of the center.")
_STAFF = click.option("--staff", required=True, help="A person of the center file.")


@click.group()
def account() -> None:
    """Accounts of the desk."""


@account.command("add")
@_STAFF
@_CENTER
@plainly(*OUTAGES, Invalid)
def add(staff: str, center: str) -> None:
    """Make an account, and print its first password: it must be changed at the first login."""
    _give_password(center, staff, is_new=True)


@account.command("reset")
@_STAFF
@_CENTER
@plainly(*OUTAGES, Invalid)
def reset(staff: str, center: str) -> None:
    """Print another first password; the second factor and all sessions of the person end."""
    _give_password(center, staff, is_new=False)


def _give_password(center: str, staff: str, *, is_new: bool) -> None:
    password = passwords.first_password()
    with transaction("desk") as tx:
        if is_new == (store.accounts.account(tx, center, staff) is not None):
            state = "has an account already" if is_new else "has no account"
            raise click.ClickException(f"{staff} {state}")
        accounts.reset(tx, center, staff, passwords.hash_password(password))
    click.echo(password)


@account.command("lock")
@_STAFF
@_CENTER
@plainly(*OUTAGES)
def lock(staff: str, center: str) -> None:
    """Shut somebody out at once, until a reset."""
    with transaction("desk") as tx:
        if store.accounts.account(tx, center, staff) is None:
            raise click.ClickException(f"{staff} has no account")
        accounts.lock(tx, center, staff)
    click.echo(f"{staff} is shut out")


@account.command("list")
@_CENTER
@plainly(*OUTAGES)
def list_accounts(center: str) -> None:
    """Show who may log in, and when they last did."""
    with transaction("desk") as tx:
        rows = store.accounts.accounts(tx, center)
    table = Table("staff", "password", "second factor", "last login")
    for row in rows:
        table.add_row(
            row.staff,
            "to be set" if row.must_set_password else "set",
            "yes" if row.has_second_factor else "no",
            row.logged_in_at.isoformat(timespec="minutes") if row.logged_in_at else "never",
        )
    Console().print(table)
