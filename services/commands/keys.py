"""`bancheng keys`: secrets for the environment, and how far a rotation of the data keys has come."""

import secrets

import click
from rich.console import Console
from rich.table import Table

from services.commands.command import plainly
from services.commands.servers import OUTAGES, transaction
from services.composition import SERVICES
from services.intake.store.ciphers import keys_in_use
from services.plumbing.ciphers import BadKeys, FieldCipher, generate_keys
from services.plumbing.ciphers import rotate_keys as next_keys
from services.plumbing.runtime.resources import environment

PASSWORDS = (
    "POSTGRES_PASSWORD",
    "RABBITMQ_PASSWORD",
    *(f"{name.upper()}_PASSWORD" for name in SERVICES),
    "GRAFANA_PASSWORD",
)
"""The passwords of deploy/env.example."""


@click.group(invoke_without_command=True)
@click.pass_context
def keys(context: click.Context) -> None:
    """Print fresh secrets as lines for an environment file."""
    if context.invoked_subcommand is None:
        click.echo(f"BANCHENG_SECRET={secrets.token_urlsafe(32)}")
        click.echo(f"BANCHENG_DATA_KEY={generate_keys()}")
        click.echo(f"BANCHENG_MASKING_KEY={secrets.token_urlsafe(32)}")
        click.echo(f"BANCHENG_NOTIFY_KEY={generate_keys()}")
        for name in PASSWORDS:
            click.echo(f"{name}={secrets.token_hex(24)}")


@keys.command()
@plainly(*OUTAGES)
def status() -> None:
    """Say which keys encrypt how many tickets, and what a rotation still has to do. Exit code 1 if a key is missing."""
    try:
        held = FieldCipher(environment().data_key).key_ids
    except BadKeys as error:
        raise click.ClickException(f"BANCHENG_DATA_KEY cannot be used: {error}") from None
    with transaction("intake") as tx:
        used = keys_in_use(tx)
    table = Table("key", "tickets and files", "state")
    for key_id in [*held, *sorted(used.keys() - set(held))]:
        table.add_row(key_id, str(used.get(key_id, 0)), _state(key_id, held, used))
    Console().print(table)
    if missing := sorted(used.keys() - set(held)):
        raise click.ClickException(f"BANCHENG_DATA_KEY lacks {', '.join(missing)}: these tickets cannot be read")


@keys.command()
@plainly(*OUTAGES)
@click.option("--fingerprints", is_flag=True, help="A new key for fingerprints of phones and ID numbers as well.")
def rotate(fingerprints: bool) -> None:
    """Print the two next values of BANCHENG_DATA_KEY that bring a new key in without a stop."""
    try:
        rotation = next_keys(environment().data_key, fingerprints=fingerprints)
    except BadKeys as error:
        raise click.ClickException(f"BANCHENG_DATA_KEY cannot be used: {error}") from None
    click.echo("# 1. For every replica of intake; the new key only decrypts:")
    click.echo(f"BANCHENG_DATA_KEY={rotation.prepared}")
    click.echo("# 2. Then, for every replica; the new key encrypts, and what the others encrypted is encrypted anew:")
    click.echo(f"BANCHENG_DATA_KEY={rotation.rotated}")
    click.echo("# 3. Once `bancheng keys status` shows no ticket of an old key, leave that key out.")
    if fingerprints:
        click.echo("#    The old hash key stays for as long as citizens may use query codes that they have already.")


def _state(key_id: str, held: list[str], used: dict[str, int]) -> str:
    if key_id not in held:
        return "MISSING"
    if key_id == held[0]:
        return "encrypts"
    return "still to be encrypted anew" if used.get(key_id) else "may be left out"
