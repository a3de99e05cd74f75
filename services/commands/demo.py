"""`bancheng demo`: two weeks at the window, told as they happen."""

import os
import signal
import time
from pathlib import Path

import click
from rich.console import Console

from schemas.center.center import Center
from services.calendar.calendar import work_calendar
from services.commands.center import read_center
from services.commands.command import LANGUAGE, plainly
from services.commands.replay import DEMO_CENTER
from services.commands.servers import OUTAGES
from services.demo.narrator import Narrator
from services.demo.people import People, StoryWentWrong
from services.demo.player import Player
from services.demo.reading import STORY, read_story
from services.demo.selfcheck import findings
from services.demo.sentence import Words
from services.demo.serving import stay_up
from services.demo.story import BadStory, Story, timetable
from services.demo.summary import ledger, summary
from services.sandbox.client import CallRefused
from services.sandbox.quiescence import SettleTimeout
from services.sandbox.sandbox import Sandbox, SandboxFailed, given_broker
from services.wording import Wording

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
WIDTH = 100
"""Columns, where the output goes to no terminal and COLUMNS does not say."""


@click.command()
@click.option("--serve", is_flag=True, help="Stay up after the story, with the clock running, until Ctrl-C.")
@click.option("--center", "center_file", type=FILE, default=DEMO_CENTER, show_default=True)
@click.option(
    "--story", "story_file", type=FILE, default=STORY, help="A story of one's own, like services/demo/story.yml."
)
@LANGUAGE
@plainly(*OUTAGES)
def demo(serve: bool, center_file: Path, story_file: Path, say: Wording) -> None:
    """Tell two weeks of a center in half a minute: a throwaway system, a stepped clock, every event real.

    Names, and what the people of the story write, are shown as they are in either language. Needs nothing but Python:
    PostgreSQL comes from a wheel, events travel in the process, or over the broker that AMQP_URI names, with the
    settings of a system that stays. Exit code 1 when the system did not keep what it promises.
    """
    # A script's shell has what it runs in the background ignore Ctrl-C, and SIGTERM should close the system as well.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    center = read_center(center_file)
    console = Console(width=None if os.environ.get("COLUMNS") or Console().is_terminal else WIDTH, highlight=False)
    try:
        wrong = _show(center, read_story(story_file, center), console, serve, say)
    except (BadStory, StoryWentWrong, SandboxFailed, SettleTimeout, CallRefused) as error:
        raise click.ClickException(str(error)) from None
    if wrong:
        raise click.ClickException("\n".join([say("the house did not keep what it promises:"), *wrong]))


def _show(center: Center, story: Story, console: Console, serve: bool, say: Wording) -> list[str]:
    started = time.monotonic()
    days = list(timetable(story, center))
    opening = work_calendar(center.calendar).opening_of(story.begins)
    words = Words(center, say)
    console.print(say("Starting a house: PostgreSQL, a broker, intake, routing, deadline_watch ..."), style="dim")
    with Sandbox(center, opening, broker=given_broker()) as sandbox:
        people = People(sandbox, story)
        player, narrator = Player(sandbox, people), Narrator(sandbox, console, words)
        about = say("{center}, two weeks as they happen. 0427-0001 is the ticket BC-20260427-0001.", center=center.name)
        how_to_read = say(
            "YELLOW 1: the light, and the rung of the ladder; after the arrow who was told. Signing is not shown."
        )
        console.print(f"{about}\n{how_to_read}", style="dim")
        for day, of_day in days:
            narrator.begin(day)
            for step in of_day:
                narrator.tell(step.at, player.play(step))
                if step.of_leaders:
                    narrator.tell_of_sittings(step.at)
        console.print()
        console.print(summary(ledger(sandbox), words, console.width))
        wrong = findings(sandbox, people.receipts.values(), say)
        found = (
            say("Self-check: FAILED")
            if wrong
            else say("Self-check: every ticket stored, every event delivered, every mark fired once")
        )
        took = say("{seconds} s", seconds=round(time.monotonic() - started))
        console.print(f"{found} · {took}", style="bold red" if wrong else "bold green")
        if serve and not wrong:
            stay_up(sandbox, people.receipts, console, say)
    return wrong
