"""The `bancheng` command."""

import click

from services.commands.command import Lazy, LazyGroup

COMMANDS = {
    "demo": Lazy("services.commands.demo", "demo", "Tell two weeks of a center in half a minute."),
    "migrate": Lazy("services.commands.operate", "migrate", "Make database and broker ready; safe to run again."),
    "run": Lazy("services.commands.operate", "run", "Run a service, or all of them in one process."),
    "center": Lazy("services.commands.center", "center", "Check and publish the center file."),
    "token": Lazy("services.commands.token", "token", "Issue and revoke access tokens."),
    "events": Lazy("services.commands.events", "events", "List the events: from whom, subscribers, fields."),
    "account": Lazy("services.commands.account", "account", "Let people log in to the desk, or shut them out."),
    "parked": Lazy("services.commands.parked", "parked", "Read, replay or discard events that were given up."),
    "dead": Lazy("services.commands.dead", "dead", "Read, replay or discard messages that ended their service."),
    "clock": Lazy("services.commands.operate", "clock", "Accept the database's time after its clock jumped."),
    "replay": Lazy("services.commands.replay", "replay", "Measure real letters against the promises."),
    "suggest": Lazy("services.commands.suggest", "suggest", "Say which departments letters are for, and what is like."),
    "due": Lazy("services.commands.due", "due", "Count the working days of a promise, without any server."),
    "explain": Lazy("services.commands.explain", "explain", "Explain a ticket's deadlines day by day."),
    "forget": Lazy("services.commands.forget", "forget", "Delete what is personal in a ticket that has ended."),
    "keys": Lazy("services.commands.keys", "keys", "Print fresh secrets, and say how a rotation stands."),
}


@click.group(cls=LazyGroup, lazy=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="bancheng")
def main() -> None:
    """Bancheng (办成): the desk for what could not be got done anywhere else."""


if __name__ == "__main__":
    main()
