"""The two weeks of the demonstration, played to their end: a house whose clock stands on the Sunday evening."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

from services.calendar.calendar import work_calendar
from services.demo.people import People, Receipt
from services.demo.player import Player
from services.demo.reading import STORY, read_story
from services.demo.story import timetable
from services.sandbox.sandbox import Sandbox
from tests.stack.house import demo_center


class PlayedStory(NamedTuple):
    """The house after the story, and the receipts by the keys of the tickets."""

    sandbox: Sandbox
    receipts: Mapping[str, Receipt]


@contextmanager
def played_story() -> Iterator[PlayedStory]:
    """Play all of it, as fast as the house can."""
    center = demo_center()
    story = read_story(STORY, center)
    with Sandbox(center, work_calendar(center.calendar).opening_of(story.begins)) as sandbox:
        people = People(sandbox, story)
        player = Player(sandbox, people)
        for _day, of_day in timetable(story, center):
            for step in of_day:
                player.play(step)
        yield PlayedStory(sandbox, people.receipts)
