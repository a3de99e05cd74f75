"""Files that are sent: larger and slower than other bodies, so few at a time, and a share for each client.

Whoever sends a file slowly holds a slot and the memory that has arrived so far; the other requests go on beside it.
"""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from schemas.errors import TooMany
from services.plumbing.http.framing import read_body
from services.plumbing.runtime.resources import MissingSetting

UPLOAD_SECONDS = 60.0
"""For the whole file: 10 MB at 1.5 Mbit/s, a poor mobile network."""
AT_ONCE = 12
"""How many files a process takes in at once: all of them are in its memory."""
OF_ONE_CLIENT = 3
MEGABYTES, MOST_MEGABYTES = 10, 50
"""How large a file may be, unless BANCHENG_UPLOAD_MEGABYTES says otherwise, and what that may say at most."""
_RETRY_SECONDS = 10


class Upload(NamedTuple):
    """A file as it was sent, and what its sender says that it is."""

    content: bytes
    media_type: str


class UploadSlots:
    """The files that are on their way in."""

    def __init__(self, at_once: int = AT_ONCE, of_one_client: int = OF_ONE_CLIENT) -> None:
        self._at_once, self._of_one_client = at_once, of_one_client
        self._taken: Counter[str] = Counter()

    @contextmanager
    def slot(self, client: str) -> Iterator[None]:
        """Room for one more file of this client. Raises TooMany."""
        if self._taken.total() >= self._at_once or self._taken[client] >= self._of_one_client:
            raise TooMany("Too many files are being sent at this moment; try again soon.", retry_after=_RETRY_SECONDS)
        self._taken[client] += 1
        try:
            yield
        finally:
            self._taken[client] -= 1
            if not self._taken[client]:
                del self._taken[client]


def read_upload(environ: dict[str, Any], limit: int) -> bytes:
    """A file of at most ``limit`` bytes, within UPLOAD_SECONDS. Raises RequestRejected."""
    return read_body(environ, limit, seconds=UPLOAD_SECONDS)


def upload_limit() -> int:
    """How many bytes a file may have. Raises MissingSetting."""
    megabytes = os.environ.get("BANCHENG_UPLOAD_MEGABYTES") or str(MEGABYTES)
    if not megabytes.isdecimal() or not 1 <= int(megabytes) <= MOST_MEGABYTES:
        raise MissingSetting(f"BANCHENG_UPLOAD_MEGABYTES is not from 1 to {MOST_MEGABYTES}")
    return int(megabytes) << 20
