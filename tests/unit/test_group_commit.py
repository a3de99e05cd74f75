"""While the database is away, all who wait are told so at once: each further try would take as long as the first."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import eventlet
import psycopg2
import pytest

from services.access.tokens import NOBODY
from services.plumbing.database.database import Database
from services.plumbing.http import group_commit
from services.plumbing.http.group_commit import GroupCommit, PendingRequest


@contextmanager
def _closed_door() -> Iterator[tuple[str, list[int]]]:
    """The URL of a server that hangs up on everybody, and how often somebody came."""
    came: list[int] = []
    with socket.create_server(("127.0.0.1", 0)) as door:

        def hang_up() -> None:
            while True:
                try:
                    door.accept()[0].close()
                except OSError:
                    return
                came.append(1)

        threading.Thread(target=hang_up, daemon=True).start()
        yield f"postgresql://nobody@127.0.0.1:{door.getsockname()[1]}/none?sslmode=disable&gssencmode=disable", came
        door.shutdown(socket.SHUT_RDWR)


def test_all_who_wait_are_told_at_once_that_the_database_is_away() -> None:
    with _closed_door() as (url, came):
        group = GroupCommit(eventlet.spawn, Database(url, "sample"), 201, lambda _calls: [])
        pending = PendingRequest(NOBODY, None, None, None, None, "", b"")
        waiting = [eventlet.spawn(group.answer, pending) for _ in range(3 * group_commit.GROUP_SIZE)]
        for each in waiting:
            with pytest.raises(psycopg2.OperationalError):
                each.wait()
        assert len(came) == 1
