"""What a notice says, in the reader's language. Pure: the texts stand in ``texts_zh.yml`` and ``texts_en.yml``."""

import re
from collections.abc import Mapping
from datetime import datetime, tzinfo
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import yaml

from schemas.channels import NoticeChannel
from schemas.enums import Light

_SUBJECTS = re.compile("/(?:tickets|entries)/")
LISTED = 100
"""So many notices a message for people lists at most; of any others it says how many they are, and where they stand."""
LANGUAGES = ("zh", "en")
OTHER = "other"
"""The text of a template that has none."""

Texts = Mapping[str, Mapping[str, str]]
"""A center's own texts: by template, then by language."""


class NoticeLine(NamedTuple):
    """One notice as a message says it. ``delivery_id`` is always the same, however often it is sent; a test is of
    no ticket."""

    delivery_id: UUID
    notice_id: UUID
    ticket_id: UUID | None
    entry_id: UUID | None
    center: str
    number: str
    template: str
    light: Light | None
    kind: str | None
    level: int | None
    due_at: datetime | None
    created_at: datetime
    text: str
    link: str


class NoticeMessage(NamedTuple):
    """What goes to one channel at once. ``id`` is the same when it is sent again and nothing is known of the first.

    It stands for ``others`` too, ``other_reds`` of which are red, which are less urgent than its ``lines``.
    """

    id: UUID
    kind: NoticeChannel
    address: str
    secret: str
    language: str
    lines: tuple[NoticeLine, ...]
    others: int = 0
    other_reds: int = 0

    @property
    def notices(self) -> int:
        """How many notices it stands for."""
        return len(self.lines) + self.others


@cache
def catalogue(language: str) -> Mapping[str, Any]:
    """The texts of a language, Chinese for one that there is not."""
    name = language if language in LANGUAGES else LANGUAGES[0]
    path = Path(__file__).parents[1] / f"texts_{name}.yml"
    found: Mapping[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def text_of(
    template: str,
    language: str,
    own: Texts,
    *,
    number: str,
    light: str | None,
    kind: str | None,
    level: int | None,
    due_at: datetime | None,
    zone: tzinfo,
) -> str:
    """The sentence of a notice: the center's own, or else the house's."""
    words = catalogue(language)
    texts = words["templates"]
    said = own.get(template, {}).get(language) or texts.get(template) or texts[OTHER]
    due = f"{due_at.astimezone(zone):%Y-%m-%d %H:%M}" if due_at else "—"
    # Not str.format: a center's text must not reach into objects.
    values = {
        "number": number,
        "due": due,
        "level": str(level or "—"),
        "light": words["lights"][light or "none"],
        "kind": words["kinds"].get(kind, words["kinds"]["answer"]),
    }
    for name, value in values.items():
        said = said.replace("{" + name + "}", value)
    return str(said)


TEST = "channel.test"
"""What stands in place of the template of a test message."""


def test_line(id_: UUID, center: str, language: str, at: datetime, link: str) -> NoticeLine:
    """A test message as its channel is sent it."""
    words = catalogue(language)
    return NoticeLine(
        delivery_id=id_,
        notice_id=id_,
        ticket_id=None,
        entry_id=None,
        center=center,
        number=words["test_number"],
        template=TEST,
        light=None,
        kind=None,
        level=None,
        due_at=None,
        created_at=at,
        text=words["test"],
        link=link,
    )


def subject_of(message: NoticeMessage) -> str:
    """One line for all of a message."""
    texts = catalogue(message.language)
    if message.notices == 1:
        return str(texts["subject_one"].replace("{text}", message.lines[0].text))
    return str(texts["subject_many"].replace("{count}", str(message.notices)))


def body_of(message: NoticeMessage) -> str:
    """How many there are, then each with its link, the reds first, and where those stand that are not listed."""
    texts = catalogue(message.language)
    parts = [_how_many(message)] if message.notices > 1 else []
    parts += [f"{line.text}\n{texts['open'].replace('{link}', line.link)}" for line in in_order(message)]
    if message.others:
        said = texts["others"].replace("{others}", str(message.others)).replace("{listed}", str(len(message.lines)))
        parts.append(said.replace("{link}", _all_of(message)))
    return "\n\n".join([*parts, texts["footer"]]) + "\n"


def short_of(message: NoticeMessage) -> str:
    """For robots, which post into other people's systems: numbers and lights, nothing else, and where to look."""
    texts = catalogue(message.language)
    lines = [f"{line.number} {texts['lights'][line.light or 'none']}" for line in in_order(message)]
    is_one = message.notices == 1
    head = [texts["robot_title"]] if is_one else [texts["robot_title"], _how_many(message)]
    link = message.lines[0].link if is_one else _all_of(message)
    return "\n".join([*head, *lines, *(["…"] if message.others else []), texts["open"].replace("{link}", link)])


def _how_many(message: NoticeMessage) -> str:
    reds = sum(line.light is Light.RED for line in message.lines) + message.other_reds
    said = catalogue(message.language)["several"]
    return str(said.replace("{count}", str(message.notices)).replace("{reds}", str(reds)))


def _all_of(message: NoticeMessage) -> str:
    """Where all of somebody's notices stand in the desk."""
    return _SUBJECTS.split(message.lines[0].link)[0] + "/notices"


def in_order(message: NoticeMessage) -> list[NoticeLine]:
    """The lines by urgency, then by age."""
    return sorted(message.lines, key=lambda line: urgency(line.light, line.created_at))


def urgency(light: str | None, created_at: datetime) -> tuple[int, datetime]:
    """What comes first has the lesser one: the reds, then the yellows; of each the oldest."""
    return {Light.RED: 0, Light.YELLOW: 1}.get(Light(light or Light.GREEN), 2), created_at
