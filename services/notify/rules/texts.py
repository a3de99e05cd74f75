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

LANGUAGES = ("zh", "en")
OTHER = "other"
"""The text of a template that has none."""

Texts = Mapping[str, Mapping[str, str]]
"""A center's own texts: by template, then by language."""


class NoticeLine(NamedTuple):
    """One notice as a message says it. ``delivery_id`` is always the same, however often it is sent."""

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
    """What goes to one channel at once. ``id`` is the same when it is sent again and nothing is known of the first."""

    id: UUID
    kind: NoticeChannel
    address: str
    secret: str
    language: str
    lines: tuple[NoticeLine, ...]


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


def subject_of(message: NoticeMessage) -> str:
    """One line for all of a message."""
    texts = catalogue(message.language)
    if len(message.lines) == 1:
        return str(texts["subject_one"].replace("{text}", message.lines[0].text))
    return str(texts["subject_many"].replace("{count}", str(len(message.lines))))


def body_of(message: NoticeMessage) -> str:
    """Every notice with its link, the reds first."""
    texts = catalogue(message.language)
    parts = [f"{line.text}\n{texts['open'].replace('{link}', line.link)}" for line in in_order(message)]
    return "\n\n".join([*parts, texts["footer"]]) + "\n"


def short_of(message: NoticeMessage) -> str:
    """For robots, which post into other people's systems: numbers and lights, nothing else, and where to look."""
    texts = catalogue(message.language)
    lines = [f"{line.number} {texts['lights'][line.light or 'none']}" for line in in_order(message)]
    link = message.lines[0].link if len(message.lines) == 1 else _SUBJECTS.split(message.lines[0].link)[0]
    return "\n".join([texts["robot_title"], *lines, texts["open"].replace("{link}", link)])


def in_order(message: NoticeMessage) -> list[NoticeLine]:
    """The lines by urgency, then by age."""
    ranks = {Light.RED: 0, Light.YELLOW: 1}
    return sorted(message.lines, key=lambda line: (ranks.get(line.light or Light.GREEN, 2), line.created_at))
