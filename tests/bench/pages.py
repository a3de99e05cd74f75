"""What the desk's pages cost with 100,000 tickets in the database, and with 500 browsers that listen."""

import dataclasses
from collections.abc import Iterator

import requests

from schemas.center.center import Center, Staff
from schemas.enums import Role
from services.desk import store as desk_store
from services.desk.actions import passwords
from services.plumbing.database.database import Database
from services.routing import store
from tests.bench import tickets
from tests.bench.figures import Figure, percentile
from tests.bench.house import House, carry_out, demo_center
from tests.bench.load import Order
from tests.bench.servers import Servers
from tests.stack.services import login_urls
from tests.stack.slow_clients import SlowClients

TICKETS, BATCH = 100_000, 500
BROKEN = 2_000
"""So many of their promises are broken: as much as a docket has ever to show a page of."""
STREAMS, PERSONS = 500, 30
VIEWS_A_SECOND = 50.0
PAGE_SECONDS = 0.2
PAGE_BYTES = 100_000
PASSWORD = "a long password of the benchmark"
WHO = {"clerk": "liu-yang", "leader": "gu-yan", "liaison": "luo-min"}

Browser = requests.Session


def measure(servers: Servers, *, full: bool) -> Iterator[Figure]:
    """Each page by itself, then many of them beside many streams, while tickets come in."""
    with House(servers, centers=[_center()], also=("desk",), name="pages") as house:
        _fill(house)
        yield from _pages(house, rounds=20 if full else 8)
        yield _crowd(house, seconds=60.0 if full else 20.0)


def _center() -> Center:
    center = demo_center()
    more = {
        f"clerk-{number}": Staff(name=f"第{number}号窗口", title="窗口", roles=(Role.CLERK,))
        for number in range(PERSONS)
    }
    return dataclasses.replace(center, staff={**center.staff, **more})


def _fill(house: House) -> None:
    """Register the tickets as a feed would, and make them all findable: routing does that a few at a time."""
    port, token = house.processes["intake"][0].port, house.tokens()[0]
    for first in range(0, TICKETS, BATCH):
        reply = requests.post(
            f"http://127.0.0.1:{port}/tickets:batch",
            data=tickets.batch(first, BATCH),
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
            timeout=60,
        )
        reply.raise_for_status()
    house.settle(seconds=1200)
    database = Database(login_urls(house.database_url, "routing")["routing"], "routing", size=1)
    while True:
        with database.transaction() as tx:
            if not store.lists.make_findable(tx, limit=2000):
                break
    database.close()
    house.rows(
        "WITH broken AS (UPDATE routing.deadlines SET due_at = now() - interval '1 day', state = 'breached'"
        " WHERE deadline_id IN (SELECT deadline_id FROM routing.deadlines WHERE kind = 'answer' LIMIT %(broken)s)"
        " RETURNING ticket_id) UPDATE routing.assignments SET next_due_at = now() - interval '1 day'"
        " WHERE ticket_id IN (SELECT ticket_id FROM broken)",
        broken=BROKEN,
    )
    house.rows("ANALYZE")


def _log_in(house: House, staff: str) -> Browser:
    database = Database(login_urls(house.database_url, "desk")["desk"], "desk", size=1)
    with database.transaction() as tx:
        hashed = passwords.hash_password(PASSWORD)
        desk_store.accounts.save_password(tx, house.centers[0].code, staff, hashed, must_set_password=False)
    database.close()
    browser = requests.Session()
    reply = browser.post(
        _url(house, "/login"),
        data={"center": house.centers[0].code, "staff": staff, "password": PASSWORD},
        headers={"X-Forwarded-For": f"10.1.{len(staff)}.{sum(staff.encode()) % 250}"},
        allow_redirects=False,
        timeout=30,
    )
    assert reply.status_code == 303, reply.text
    return browser


def _url(house: House, path: str) -> str:
    return f"http://127.0.0.1:{house.processes['desk'][0].port}{path}"


def _pages(house: House, rounds: int) -> Iterator[Figure]:
    """The pages as their people open them, one after the other; the server's time is what the client waits."""
    browsers = {role: _log_in(house, staff) for role, staff in WHO.items()}
    ticket = house.value("SELECT ticket_id FROM routing.assignments WHERE department = 'SWJ' ORDER BY id LIMIT 1")
    pages = [
        ("clerk", "/desk"),
        ("clerk", "/desk/new"),
        ("clerk", f"/desk/{ticket}"),
        ("clerk", "/search?words=发票"),
        ("clerk", "/search?words=医保 异地"),
        ("liaison", "/inbox"),
        ("liaison", f"/tickets/{ticket}"),
        ("leader", "/docket"),
        ("leader", "/roster"),
        ("leader", "/board"),
    ]
    found: dict[str, tuple[list[float], int]] = {}
    for _ in range(rounds):
        for role, path in pages:
            reply = browsers[role].get(_url(house, path), timeout=30)
            assert reply.status_code == 200, f"{path}: {reply.status_code}"
            took, _size = found.setdefault(_named(role, path), ([], 0))
            took.append(reply.elapsed.total_seconds())
            found[_named(role, path)] = took, len(reply.content)
    slowest = max(found, key=lambda name: percentile(found[name][0], 0.95))
    yield Figure(
        key="pages.slowest",
        what=f"The slowest page of the desk with {TICKETS:,} tickets, 19 of 20 views ({slowest})",
        value=percentile(found[slowest][0], 0.95) * 1000,
        unit="ms",
        aim=PAGE_SECONDS * 1000,
        less_is_better=True,
        against=("limit.pong_alone",),
        bounded_by="; ".join(f"{name} {percentile(took, 0.5) * 1000:.0f} ms" for name, (took, _) in found.items()),
        detail={
            name: {"ms": [round(each * 1000, 1) for each in took], "bytes": size}
            for name, (took, size) in found.items()
        },
    )
    largest = max(found, key=lambda name: found[name][1])
    yield Figure(
        key="pages.largest",
        what=f"The largest of these pages, not compressed ({largest})",
        value=found[largest][1] / 1000,
        unit="KB",
        aim=PAGE_BYTES / 1000,
        less_is_better=True,
        bounded_by="Fifty rows a page.",
    )


def _named(role: str, path: str) -> str:
    parts = path.split("?")[0].strip("/").split("/")
    return f"{role} /{parts[0]}" + ("/<ticket>" if len(parts[-1]) == 36 else f"/{parts[1]}" if len(parts) > 1 else "")


def _crowd(house: House, seconds: float) -> Figure:
    """Streams of many persons, and pages viewed by them at a fixed rate, while ten tickets a second come in."""
    cookies = []
    for number in range(PERSONS):
        browser = _log_in(house, f"clerk-{number}")
        cookies.append("; ".join(f"{each.name}={each.value}" for each in browser.cookies))
    listening = {
        f"clerk-{number}": (f"GET /stream HTTP/1.1\r\nHost: bench\r\nCookie: {cookie}\r\n\r\n".encode(), b"")
        for number, cookie in enumerate(cookies)
    }
    port = house.processes["desk"][0].port
    views = Order(
        port=port,
        seconds=seconds,
        connections=16,
        rate=VIEWS_A_SECOND,
        paths=("/desk", "/desk/new", "/search?words=%E5%8F%91%E7%A5%A8", "/board"),
        cookies=tuple(cookies),
    )
    with SlowClients(port, STREAMS, listening) as streams, house.usage() as usage:
        outcome = carry_out(views)
        hanging = streams.hanging
        dropped = dict(streams.hung_up)
    return Figure(
        key="pages.crowd",
        what=f"{VIEWS_A_SECOND:.0f} page views a second beside {STREAMS} live streams: 99 of 100 are answered within",
        value=outcome.p99 * 1000,
        unit="ms",
        aim=1000,
        less_is_better=True,
        missed=hanging < STREAMS or outcome.statuses.keys() != {"200"},
        bounded_by=usage.sentence(),
        detail={"statuses": outcome.statuses, "p50 s": outcome.p50, "streams": hanging, "streams dropped": dropped},
    )
