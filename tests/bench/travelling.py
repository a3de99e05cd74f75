"""How long a ticket travels: from the 201 to the later of its route and its deadline, at a consumer of the exchange."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.bench.figures import Figure, percentile
from tests.bench.house import House
from tests.bench.listener import Listener
from tests.bench.servers import Servers
from tests.bench.usage import Usage
from tests.stack.eventually import eventually

PROMISED_P99_SECONDS = 2.0
RATES = (50, 100, 150, 200, 250, 300, 350, 400, 450, 500, 550, 600)
"""Tickets a second, tried from the middle of what is still in question."""


@dataclass(frozen=True)
class Journey:
    """What a load at a fixed rate came to. ``lost`` were accepted and never seen at the listener."""

    asked: float
    accepted: float
    p50: float
    p99: float
    lost: int
    usage: Usage

    @property
    def is_held_up(self) -> bool:
        """Whether fewer were accepted than were asked for."""
        return self.accepted < 0.97 * self.asked

    @property
    def is_sustained(self) -> bool:
        """Whether the rate was kept, nothing was lost and all arrived in time."""
        return not self.is_held_up and not self.lost and self.p99 < PROMISED_P99_SECONDS


def measure(servers: Servers, *, full: bool) -> Iterator[Figure]:
    """The rate that can be kept up, and the times at it, at half of it, and at the two rates that are aimed at."""
    with House(servers) as house:
        house.load(seconds=3, rate=50, first=9_000_000)
        house.settle()
        long = 300.0 if full else 60.0
        sustained, journey = _sustained(house, try_seconds=20 if full else 8, seconds=long)
        yield _rate_figure(sustained, journey, seconds=long)
        yield _time_figure("half", sustained / 2, _journey(house, sustained / 2, seconds=long if full else 20))
        yield _time_figure("200", 200, _journey(house, 200, seconds=300 if full else 20), aim=1.0)
        yield _time_figure("300", 300, _journey(house, 300, seconds=60 if full else 20), aim=2.0)


def _sustained(house: House, *, try_seconds: float, seconds: float) -> tuple[float, Journey]:
    """The highest of RATES that is sustained for so long: found by halving with short journeys, then tried in full."""
    low, high = 0, len(RATES)
    while high - low > 1:
        middle = (low + high) // 2
        if _journey(house, RATES[middle], seconds=try_seconds).is_sustained:
            low = middle
        else:
            high = middle
    journey = _journey(house, RATES[low], seconds=seconds)
    while not journey.is_sustained and low > 0:
        low -= 1
        journey = _journey(house, RATES[low], seconds=seconds)
    return float(RATES[low]), journey


class _Numbers:
    """No applicant comes twice in one run of the benchmark."""

    next = 0


def _journey(house: House, rate: float, *, seconds: float) -> Journey:
    first, _Numbers.next = _Numbers.next, _Numbers.next + int(rate * seconds * 1.1) + 100
    with Listener(house.amqp_uri) as listener:
        with house.usage(listener=listener.pid) as usage:
            outcome = house.load(seconds=seconds, rate=rate, first=first)
        eventually(lambda: not house.backlog(), seconds=60, pause=0.25)
        arrivals = listener.arrivals()
    took = [arrivals[id_] - at for id_, at in outcome.times.items() if id_ in arrivals]
    return Journey(
        asked=rate,
        accepted=outcome.rate,
        p50=max(0.0, percentile(took, 0.5)),
        p99=max(0.0, percentile(took, 0.99)),
        lost=len(outcome.times) - len(took),
        usage=usage,
    )


def _detail(journey: Journey) -> dict[str, object]:
    return {
        "asked, tickets/s": journey.asked,
        "accepted, tickets/s": journey.accepted,
        "p50 s": journey.p50,
        "p99 s": journey.p99,
        "never seen": journey.lost,
        "cores": journey.usage.cores,
    }


def _rate_figure(rate: float, journey: Journey, *, seconds: float) -> Figure:
    return Figure(
        key="travel.sustained",
        what=f"Accepted to routed with its deadline running, rate kept for {seconds:.0f} s (p50 {journey.p50:.2f} s,"
        f" p99 {journey.p99:.2f} s)",
        value=rate if journey.is_sustained else 0.0,
        unit="tickets/s",
        aim=300,
        bounded_by=journey.usage.sentence(),
        detail=_detail(journey),
    )


def _time_figure(key: str, rate: float, journey: Journey, *, aim: float | None = None) -> Figure:
    return Figure(
        key=f"travel.p99.{key}",
        what=f"Accepted to routed with its deadline running, p99 at {rate:.0f}/s (p50 {journey.p50:.2f} s)"
        + (f"; only {journey.accepted:.0f}/s were accepted" if journey.is_held_up else "")
        + (f"; {journey.lost} not seen in time" if journey.lost else ""),
        value=journey.p99,
        missed=journey.is_held_up or journey.lost > 0,
        unit="s",
        aim=aim,
        less_is_better=True,
        bounded_by=journey.usage.sentence(),
        detail=_detail(journey),
    )
