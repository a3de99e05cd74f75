"""Writes a ledger in a process of its own: fetched page by page in the name of who asked, so that nobody is held up.

Run as a module; what it is to do comes over its input as JSON. It fetches through the same interfaces as the pages,
with a token that is good for an hour; what it wrote, and how far it has come, goes into the desk's tables.
"""

import json
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from schemas.center.center import Center
from services.access import centers
from services.desk import store
from services.desk.backend import Backend, BackendAway, BackendRefused, addresses
from services.desk.rules.ledger_lines import WIDTHS, LedgerWords, cells
from services.desk.wording import PageWording
from services.files.workbook import MOST_ROWS, Cell, write_workbook
from services.plumbing.database.database import Database
from services.plumbing.runtime.resources import database_url

CHUNK = 1 << 20
TRIES = 3


class _Unwanted(Exception):
    """Whoever asked for it wants it no more."""


class Export:
    """One ledger that is being written; ``job`` says which, for whom, and in which language."""

    def __init__(self, job: Mapping[str, Any], database: Database, backend: Backend) -> None:
        self._job, self._database, self._backend = job, database, backend
        self._id = UUID(job["id"])
        wording = PageWording(job["language"])
        self._words = LedgerWords(wording.code, wording.say, wording.moment)
        with database.transaction() as tx:
            self._center: Center = centers.current(tx, job["center"])

    def write(self) -> None:
        """Write it, and note that it is done. Raises BackendAway, BackendRefused."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "ledger.xlsx"
            head = [self._words.code(f"ledger_{name}") for name in WIDTHS]
            write_workbook(path, self._job["title"], self._job["watermark"], head, list(WIDTHS.values()), self._rows())
            with path.open("rb") as file:
                for nth, content in enumerate(iter(lambda: file.read(CHUNK), b"")):
                    with self._database.transaction() as tx:
                        store.exports.put_chunk(tx, self._id, nth, content)
            size = path.stat().st_size
        with self._database.transaction() as tx:
            store.exports.end(tx, self._id, size=size)

    def _rows(self) -> Iterator[list[Cell]]:
        after, done, total = None, 0, None
        while True:
            page = self._ask("routing", "GET", "/ledger", query=self._job["filters"] | {"after": after})
            total = page["total"] if after is None else total
            applicants = self._applicants([line["id"] for line in page["items"]])
            for line in page["items"]:
                yield list(cells(line, applicants.get(line["id"]), self._center, self._words))
            done += len(page["items"])
            with self._database.transaction() as tx:
                if not store.exports.advance(tx, self._id, done, total):
                    raise _Unwanted
            after = page["next"]
            if after is None or done >= MOST_ROWS:
                return

    def _applicants(self, ticket_ids: list[str]) -> dict[str, Any]:
        if not ticket_ids:
            return {}
        path, body = "/ledger/applicants", {"tickets": ticket_ids}
        if self._job["reason"] is not None:
            path, body = f"{path}/reveal", body | {"reason": self._job["reason"]}
        return {each["id"]: each for each in self._ask("intake", "POST", path, body=body)["items"]}

    def _ask(self, service: str, method: str, path: str, **more: Any) -> Any:
        for left in reversed(range(TRIES)):
            try:
                return self._backend.ask(service, method, path, self._job["token"], **more)
            except BackendAway:
                if not left:
                    raise
        raise AssertionError("the last try returns or raises")


def main() -> None:
    """Do the job that comes over the input."""
    os.nice(10)
    job = json.load(sys.stdin)
    database = Database(database_url("desk"), "desk", size=1)
    fault = None
    try:
        Export(job, database, Backend(addresses(), "")).write()
        return
    except _Unwanted:
        return
    except BackendAway as away:
        fault = f"{away.service} does not answer"
    except BackendRefused as refused:
        fault = next((said for errors in refused.errors.values() for said in errors), refused.detail)
    finally:
        if fault is not None or sys.exc_info()[0] is not None:
            with database.transaction() as tx:
                store.exports.end(tx, UUID(job["id"]), fault=fault)


if __name__ == "__main__":
    main()
