"""By which channel a notice goes, when, and how often it is tried."""

from datetime import datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from schemas.channels import ROBOTS, NoticeChannel
from schemas.enums import Light
from services.notify.rules.chain import NO_WISHES, PAUSES, PersonChannel, Wishes, hold_until, next_channel, pause_after

SHANGHAI = ZoneInfo("Asia/Shanghai")
BEGIN = datetime(2025, 1, 1, tzinfo=SHANGHAI)
INSTANTS = st.integers(0, 2 * 365 * 24 * 3600).map(lambda seconds: BEGIN + timedelta(seconds=seconds))
OWN = [each for each in NoticeChannel if each is not NoticeChannel.DESK]
CHANNELS = st.lists(
    st.builds(PersonChannel, st.builds(uuid4), st.sampled_from(OWN), st.booleans(), st.booleans()), max_size=6
)
LIGHTS = st.sampled_from([None, *Light])
TIMES = st.times(max_value=time(23, 59)).map(lambda each: each.replace(second=0, microsecond=0))


def held(
    wishes: Wishes,
    at: datetime,
    light: Light | None,
    kind: NoticeChannel = NoticeChannel.EMAIL,
    *,
    ignores: bool = True,
) -> datetime:
    return hold_until(wishes, kind, light, at, SHANGHAI, "luo-min", red_ignores_quiet_hours=ignores)


def on(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2025, 1, day, hour, minute, tzinfo=SHANGHAI)


@given(CHANNELS, st.sampled_from([None, 1, 2, 3, 4]))
def test_each_channel_that_is_on_has_its_turn_once(channels: list[PersonChannel], level: int | None) -> None:
    tried: list[PersonChannel] = []
    while found := next_channel(channels, [each.id for each in tried], level, phone_from_level=3):
        tried.append(found)
    rings = (level or 0) >= 3
    expected = [each for each in channels if each.enabled and (rings or each.kind is not NoticeChannel.PHONE)]
    working = [each for each in expected if not each.is_failing]
    assert tried == working + [each for each in expected if each.is_failing]


@given(st.integers(1, 20), LIGHTS, st.floats(0, 1))
def test_the_pauses_grow_and_come_to_an_end(tries: int, light: Light | None, jitter: float) -> None:
    pause = pause_after(tries, light, jitter)
    if tries >= (3 if light is Light.RED else 5):
        assert pause is None
    else:
        assert pause is not None
        assert PAUSES[tries - 1] * 0.75 <= pause <= PAUSES[tries - 1] * 1.25
        earlier = pause_after(tries - 1, light, 1.0) if tries > 1 else timedelta()
        assert earlier is not None
        assert earlier < pause


def test_a_notice_waits_for_the_end_of_quiet_hours_unless_it_is_red() -> None:
    wishes = Wishes(time(22), time(7, 30))
    assert held(wishes, on(6, 23, 10), Light.YELLOW) == on(7, 7, 30)
    assert held(wishes, on(7, 2), None) == on(7, 7, 30)
    assert held(wishes, on(7, 7, 30), None) == on(7, 7, 30)
    assert held(wishes, on(6, 21, 59), None) == on(6, 21, 59)
    assert held(wishes, on(6, 23, 10), Light.RED) == on(6, 23, 10)
    assert held(wishes, on(6, 23, 10), Light.RED, ignores=False) == on(7, 7, 30)
    assert held(Wishes(time(12), time(13)), on(6, 12, 20), None) == on(6, 13)


@given(INSTANTS, TIMES, TIMES, LIGHTS, st.sampled_from([0, 1, 7, 15, 60, 720, 1440]), st.sampled_from(OWN))
def test_nothing_waits_for_much_more_than_a_day_or_goes_out_too_soon(
    at: datetime, begins: time, ends: time, light: Light | None, digest: int, kind: NoticeChannel
) -> None:
    wishes = Wishes(begins, ends, digest)
    until = held(wishes, at, light, kind)
    assert at <= until <= at + timedelta(hours=48, minutes=10)
    if light is Light.RED and kind not in ROBOTS:
        assert until == at
    elif light is not Light.RED and kind not in ROBOTS and begins != ends:
        now = until.time()
        is_quiet = begins <= now < ends if begins < ends else now >= begins or now < ends
        assert not is_quiet


@given(INSTANTS, st.sampled_from([5, 15, 60, 240]))
def test_what_comes_within_a_period_goes_in_the_same_digest(at: datetime, minutes: int) -> None:
    first = held(Wishes(digest_minutes=minutes), at, None)
    assert at < first <= at + timedelta(minutes=minutes)
    assert held(Wishes(digest_minutes=minutes), first - timedelta(seconds=1), None) == first
    assert held(Wishes(digest_minutes=minutes), first, None) > first


@given(INSTANTS, LIGHTS, st.sampled_from(sorted(ROBOTS)))
def test_robots_are_spared_at_full_and_half_hours(at: datetime, light: Light | None, kind: NoticeChannel) -> None:
    assert held(NO_WISHES, at, light, kind).minute not in (0, 30)
