"""`bancheng center check|publish FILE`: the center file, judged whole before it is taken."""

import click

from services.commands.lazy import Lazy, LazyGroup

_COMMANDS = {
    "check": Lazy("services.commands.center_check", "check", "Say everything that is wrong with a file."),
    "tickets": Lazy("services.commands.center_publish", "tickets", "Say which open tickets a file leaves without one."),
    "publish": Lazy(
        "services.commands.center_publish", "publish", "Make a file the center's configuration from now on."
    ),
}


@click.group(cls=LazyGroup, lazy=_COMMANDS)
def center() -> None:
    """The center file: departments, rules, limits, ladder, roster, calendar."""
