"""What commands are made of: imported when they are asked for, failing with one line, speaking one language.

A command imports only what it uses: `--help` and small commands load no server's libraries.
"""

import functools
import os
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, NamedTuple

import click
import marshmallow

from schemas.errors import Refused
from services.wording import Language, Wording, language_of

Command = Callable[..., Any]

LANGUAGE: Callable[[Command], Command] = click.option(
    "--lang",
    "say",
    type=click.Choice([language.value for language in Language]),
    callback=lambda _context, _option, value: Wording(Language(value) if value else language_of(os.environ)),
    help="Language of the output; by default that of the locale (LC_ALL, LC_MESSAGES, LANG).",
)
"""Gives the command a `Wording` as its argument ``say``."""


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


def plainly(*expected: type[BaseException]) -> Callable[[Command], Command]:
    """Turn what a command expects to go wrong, refusals and bad input always, into one line and exit code 1."""
    caught: tuple[type[BaseException], ...] = (Refused, *expected)

    def decorated(command: Command) -> Command:
        @functools.wraps(command)
        def wrapped(*arguments: Any, **options: Any) -> Any:
            try:
                return command(*arguments, **options)
            except marshmallow.ValidationError as error:
                raise click.ClickException(f"not as expected: {error.normalized_messages()}") from None
            except caught as error:
                reason = str(error).strip() or "no further word"
                raise click.ClickException(f"{type(error).__name__}: {reason}") from None

        return wrapped

    return decorated
