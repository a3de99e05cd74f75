"""What has changed, told to the browsers that look at it: an event says "look again"; the page fetches what it may.

    events --> DeskService.announce_changes --> NOTIFY desk_changed --> every process --> its browsers' streams

PostgreSQL carries it from the process that read the event to all others, in the transaction that acks the event.
"""

import json
import re
import secrets
import time
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator

import eventlet
from eventlet.event import Event as Signal

from services.desk.rules.changes import Change
from services.plumbing.database.transaction import Transaction

CHANNEL = "desk_changed"
MOST_NAMED = 100
"""So many changes are named one by one; beyond that a center's pages are told to look again at everything."""
EVERYTHING = "everything"
MOST_OF_ONE = 20
"""How many streams one person has at most: windows that were forgotten take no place from others."""
REMEMBERED = 1000
"""So many announcements are kept for pages whose stream opens only after what they show has changed."""
CATCHING_UP_PER_SECOND = 50
"""So many pages are told at most in a second to look again at everything: after a restart all of them come at once.

One alone is told at once, the last of five hundred after ten seconds; each fetches two or three parts.
"""
COMMENT_SECONDS = 15.0
"""How often a stream says that it lives, so that a browser that has gone is noticed."""

_NUMBER = re.compile(r"[0-9]{1,18}")


def announce(tx: Transaction, changes: Iterable[Change]) -> None:
    """Tell all processes at the commit. PostgreSQL takes 8,000 bytes at a time."""
    topics: dict[str, set[str]] = defaultdict(set)
    for change in changes:
        topics[change.center].add(change.topic)
    for center, named in topics.items():
        said = sorted(named) if len(named) <= MOST_NAMED else [EVERYTHING]
        tx.execute("SELECT pg_notify(%(channel)s, %(said)s)", channel=CHANNEL, said=json.dumps([center, *said]))


class Stream:
    """One browser's view: which topics it looks at, and which of them have changed since it was told last."""

    def __init__(self, topics: frozenset[str]) -> None:
        self._topics = topics
        self._changed: set[str] = set()
        self._signal = Signal()
        self._is_ended = False

    def tell(self, topics: Iterable[str]) -> None:
        """Note what has changed; however much that is, it is kept once."""
        topics = set(topics)
        self._changed |= self._topics if EVERYTHING in topics else topics & self._topics
        if self._changed and not self._signal.ready():
            self._signal.send()

    def end(self) -> None:
        """Let the browser come back to another process."""
        self._is_ended = True
        if not self._signal.ready():
            self._signal.send()

    def events(self) -> Iterator[bytes]:
        """Server-sent events named by the kind of topic that changed, or a comment that keeps the connection."""
        yield b"retry: 2000\n\n"
        while not self._is_ended:
            with eventlet.Timeout(COMMENT_SECONDS, False):
                self._signal.wait()
            changed, self._changed, self._signal = sorted(self._changed), set(), Signal()
            if changed:
                # A name of its own for each kind of topic: the page says by it what it fetches again.
                for kind in sorted({topic.partition(":")[0] for topic in changed}):
                    yield f"event: {kind}\ndata: changed\n\n".encode()
            else:
                yield b": still here\n\n"


class Hub:
    """The streams of this process, by center."""

    def __init__(self) -> None:
        self._streams: dict[str, dict[Stream, str]] = defaultdict(dict)
        self._name = secrets.token_hex(4)
        self._received = 0
        self._next_turn = 0.0
        self._recent: deque[tuple[str, list[str]]] = deque(maxlen=REMEMBERED)

    @property
    def position(self) -> str:
        """How much this process has received. A page carries the position from before it asked for what it shows."""
        return f"{self._name}-{self._received}"

    def open(self, center: str, staff: str, topics: Iterable[str], since: str = "") -> Stream:
        """A stream for a browser that looks at ``topics`` of a center; `close` it when the browser has gone.

        It begins with what has changed since the position ``since``. Beyond MOST_OF_ONE the oldest of the same person
        ends.
        """
        stream = Stream(frozenset(topics))
        missed = self._changed_since(center, since)
        if EVERYTHING in missed:
            self._let_catch_up(stream)
        else:
            stream.tell(missed)
        own = [each for each, owner in self._streams[center].items() if owner == staff]
        for oldest in own[: max(0, len(own) - MOST_OF_ONE + 1)]:
            oldest.end()
        self._streams[center][stream] = staff
        return stream

    def close(self, center: str, stream: Stream) -> None:
        """The browser has gone."""
        self._streams[center].pop(stream, None)

    def _changed_since(self, center: str, position: str) -> list[str]:
        """The topics of a center that have changed since; everything, if this process cannot say it (any more)."""
        if not position:
            return []
        name, _, number = position.partition("-")
        if name != self._name or not _NUMBER.fullmatch(number):
            return [EVERYTHING]
        missed = self._received - int(number)
        if not 0 <= missed <= len(self._recent):
            return [EVERYTHING]
        latest = list(self._recent)[len(self._recent) - missed :]
        return [topic for changed, topics in latest if changed == center for topic in topics]

    def publish(self, payload: str) -> None:
        """What PostgreSQL carried here: a center and the topics that have changed."""
        center, *topics = json.loads(payload)
        self._received += 1
        self._recent.append((center, topics))
        for stream in list(self._streams.get(center, ())):
            stream.tell(topics)

    def publish_everything(self) -> None:
        """Something may have been missed: everybody looks again, one after the other."""
        self._received += 1
        self._recent.clear()
        for streams in list(self._streams.values()):
            for stream in list(streams):
                self._let_catch_up(stream)

    def _let_catch_up(self, stream: Stream) -> None:
        """Tell it to look again at everything, at its turn. What changes meanwhile it is told at once."""
        now = time.monotonic()
        turn = max(now, self._next_turn)
        self._next_turn = turn + 1 / CATCHING_UP_PER_SECOND
        if turn <= now:
            stream.tell([EVERYTHING])
        else:
            eventlet.spawn_after(turn - now, stream.tell, [EVERYTHING])

    def end(self) -> None:
        """The process stops: browsers come back to another one."""
        for streams in list(self._streams.values()):
            for stream in list(streams):
                stream.end()

    @property
    def open_streams(self) -> int:
        """How many browsers listen."""
        return sum(map(len, self._streams.values()))
