"""The `bancheng` command."""

import click

from services.commands.center import center
from services.commands.demo import demo
from services.commands.due import due
from services.commands.explain import explain
from services.commands.keys import keys
from services.commands.operate import migrate, run
from services.commands.parked import parked
from services.commands.replay import replay
from services.commands.token import token


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="bancheng")
def main() -> None:
    """Bancheng (办成): the desk for what could not be got done anywhere else."""


for _command in (demo, migrate, run, center, token, parked, replay, due, explain, keys):
    main.add_command(_command)


if __name__ == "__main__":
    main()
