"""The option `--lang`: a command speaks one language, by default that of the locale."""

import os
from collections.abc import Callable

import click

from services.commands.failing import Command
from services.wording import Language, Wording, language_of


def _wording(_context: click.Context, _option: click.Parameter, value: str | None) -> Wording:
    return Wording(Language(value) if value else language_of(os.environ))


LANGUAGE: Callable[[Command], Command] = click.option(
    "--lang",
    "say",
    type=click.Choice([language.value for language in Language]),
    callback=_wording,
    help="Language of the output; by default that of the locale (LC_ALL, LC_MESSAGES, LANG).",
)
"""Gives the command a `Wording` as its argument ``say``."""
