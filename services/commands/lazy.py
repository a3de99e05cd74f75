"""Commands that are imported when they are asked for: `--help` and small commands then load no server's libraries."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any, NamedTuple

import click


class Lazy(NamedTuple):
    """A command before it is imported: its module, its name there, and its line in the list of commands."""

    module: str
    attribute: str
    help: str


class LazyGroup(click.Group):
    """A group whose commands stand in modules of their own.

    :param lazy: the commands by name, in the order in which help lists them.
    """

    def __init__(self, *arguments: Any, lazy: Mapping[str, Lazy], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._lazy = lazy

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Their names."""
        return list(self._lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command; None if there is none of that name."""
        found = self._lazy.get(cmd_name)
        if found is None:
            return None
        command: click.Command = getattr(import_module(found.module), found.attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List them without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, lazy.help) for name, lazy in self._lazy.items()])


def sibling(ctx: click.Context, name: str) -> click.Command:
    """Another command of the group that this one was called through, imported now. Raises UsageError."""
    group = ctx.parent.command if ctx.parent else None
    command = group.get_command(ctx, name) if isinstance(group, click.Group) else None
    if command is None:
        raise click.UsageError(f"there is no command {name} beside this one")
    return command
