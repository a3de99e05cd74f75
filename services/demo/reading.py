"""Reads the story from its file and finds what is wrong with it: it is played whole or refused whole."""

from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import marshmallow
import yaml

from schemas.center.access import holders_of
from schemas.center.center import Center
from schemas.enums import Role
from schemas.identity import plain_phone
from services.demo.acts import LeaderMoment, OperatorMoment
from services.demo.story import BadStory, Moment, Story, StoryTicket

STORY = Path(__file__).with_name("story.yml")


def read_story(file: Path, center: Center) -> Story:
    """The story in a YAML file, fit to be played in ``center``. Raises BadStory, naming each bad place."""
    try:
        story = Story.load(yaml.safe_load(file.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadStory(f"{file} cannot be read: {error}") from None
    except marshmallow.ValidationError as error:
        raise BadStory("\n".join([f"{file}:", *_places("", error.normalized_messages())])) from None
    found = [
        f"  {path}: {message}"
        for at, ticket in enumerate(story.tickets)
        for path, message in _of_ticket(story, center, at, ticket)
    ]
    for nth, moment in enumerate(story.leaders):
        found += [f"  leaders[{nth}]{path}: {message}" for path, message in _of_leader(story, center, moment)]
    for nth, operator in enumerate(story.operators):
        found += [f"  operators[{nth}]{path}: {message}" for path, message in _of_operator(story, center, operator)]
    if found:
        raise BadStory("\n".join([f"{file}:", *found]))
    return story


def _places(path: str, messages: object) -> list[str]:
    if isinstance(messages, dict):
        return [
            line
            for key, inner in messages.items()
            for line in _places(f"{path}[{key}]" if isinstance(key, int) else f"{path}.{key}".lstrip("."), inner)
        ]
    return [f"  {path}: {' '.join(map(str, messages)) if isinstance(messages, list) else messages}"]


def _of_ticket(story: Story, center: Center, at: int, ticket: StoryTicket) -> Iterator[tuple[str, str]]:
    """What is wrong although each field by itself may be right: (place, message) in the order of the file."""
    place = f"tickets[{at}]"
    earlier = {each.key: each for each in story.tickets[:at]}
    if ticket.key in earlier:
        yield f"{place}.key", "Another ticket has this key."
    if ticket.clerk not in center.staff:
        yield f"{place}.clerk", "No such member of staff."
    if ticket.repeats is not None and ticket.repeats not in earlier:
        yield f"{place}.repeats", "No earlier ticket has this key."
    elif ticket.repeats is not None:
        phones = {plain_phone(each.applicant.phone) for each in (earlier[ticket.repeats], ticket)}
        if len(phones) > 1:
            yield f"{place}.repeats", "That ticket is another applicant's."
    for other in earlier.values():
        if ticket.batch is not None and other.batch == ticket.batch and other.received != ticket.received:
            yield f"{place}.received", f"The batch came in at {other.received}."
            break
    yield from _times(story, center, place, ticket)
    for nth, moment in enumerate(ticket.moments):
        yield from _of_moment(story, center, f"{place}.moments[{nth}]", ticket, moment)


def _times(story: Story, center: Center, place: str, ticket: StoryTicket) -> Iterator[tuple[str, str]]:
    zone = ZoneInfo(center.calendar.time_zone)
    last = None
    for path, when in [
        (f"{place}.received", ticket.received),
        *((f"{place}.moments[{nth}].at", moment.at) for nth, moment in enumerate(ticket.moments)),
    ]:
        try:
            now = story.instant(when, zone)
        except ValueError as error:
            yield path, str(error)
            continue
        if not story.begins <= now.date() <= story.ends:
            yield path, _outside(story)
        if last is not None and now < last:
            yield path, "Is earlier than what stands before it."
        last = now


def _of_moment(
    story: Story, center: Center, place: str, ticket: StoryTicket, moment: Moment
) -> Iterator[tuple[str, str]]:
    if not moment.acts:
        yield place, "Nothing is done."
    if moment.refused is not None and len(moment.acts) != 1:
        yield f"{place}.refused", "Only a single act can be refused."
    if ticket.garbled_phone is not None:
        yield place, "The ticket is refused when it comes in: nothing can follow."
    for department in dict.fromkeys(_departments(moment)):
        if department not in center.departments:
            yield place, f"No such department: {department}."
    for staff in (*moment.acknowledge_escalation, *([moment.hand_over.to] if moment.hand_over else [])):
        if staff not in center.staff:
            yield place, f"No such member of staff: {staff}."
    if moment.call_meeting:
        yield from _time(story, center, f"{place}.call_meeting.meets_at", moment.call_meeting.meets_at)


def _departments(moment: Moment) -> Iterator[str]:
    """All that are named."""
    yield from (*moment.accept, *(moment.report_progress or {}), *(moment.complete or {}), *moment.sign_report)
    if moment.send_back:
        yield moment.send_back.department
    if moment.hand_over:
        yield moment.hand_over.department
    if moment.arbitrate:
        yield from (moment.arbitrate.lead, *moment.arbitrate.assisting)
    if moment.call_meeting:
        yield from moment.call_meeting.departments


def _of_leader(story: Story, center: Center, moment: LeaderMoment) -> Iterator[tuple[str, str]]:
    if moment.leader not in center.roster.leaders:
        yield ".leader", "Does not sit at the window."
    if not moment.acts:
        yield "", "Nothing is done."
    yield from _time(story, center, ".at", moment.at, within=True)
    if moment.propose_swap:
        yield from _time(story, center, ".propose_swap.own", moment.propose_swap.own)
        yield from _time(story, center, ".propose_swap.other", moment.propose_swap.other)


def _of_operator(story: Story, center: Center, moment: OperatorMoment) -> Iterator[tuple[str, str]]:
    if moment.operator not in holders_of(center, Role.OPS):
        yield ".operator", "Does not look after the system."
    yield from _time(story, center, ".at", moment.at, within=True)


def _time(story: Story, center: Center, path: str, when: str, *, within: bool = False) -> Iterator[tuple[str, str]]:
    """What is wrong with a time; one ``within`` the story must lie in it."""
    try:
        day = story.instant(when, ZoneInfo(center.calendar.time_zone)).date()
    except ValueError as error:
        yield path, str(error)
        return
    if within and not story.begins <= day <= story.ends:
        yield path, _outside(story)


def _outside(story: Story) -> str:
    return f"Is outside the story, which lasts from {story.begins} to {story.ends}."
