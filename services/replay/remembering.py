"""Letters that were solved, and what knowledge makes of others: by the code of the service, on a database of its own.

Without any server: PostgreSQL comes from a wheel, and no event is carried anywhere.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Annotated, Any, Self
from uuid import UUID

import marshmallow
from marshmallow.validate import Length

from schemas.center.center import Center
from schemas.record.record import Record
from services.composition import SERVICES
from services.knowledge.actions import learning, suggesting
from services.knowledge.actions.suggesting import Question
from services.knowledge.rules.weighing import Case
from services.plumbing.database.database import Database
from services.plumbing.database.logins import as_login
from services.plumbing.database.migrate import migrate_database
from services.plumbing.database.transaction import new_id
from services.replay.letters import record_of, rows_of
from services.sandbox.embedded_postgres import EmbeddedPostgres

LEARNT_AT_ONCE = 500
SIMILAR = 10
"""So many similar letters are named."""
_LOOKED_AT = 50


class SolvedLetter(Record, unknown=marshmallow.EXCLUDE):
    """A letter; with ``department`` and ``reply`` one that was solved, and by whom."""

    letter: Annotated[str, Length(min=1, max=100)]
    title: str = ""
    text: Annotated[str, Length(min=1)]
    department: str | None = None
    reply: str | None = None

    def as_case(self, departments: Collection[str]) -> Case:
        """What is learnt of it; without a department of the center, or without a reply, it serves for likeness."""
        department = self.department if self.reply and self.department in departments else None
        return Case(self.title, self.text, self.reply or "", department)


def read_solved(file: Path) -> list[SolvedLetter]:
    """All letters of a file, in its order; their numbers may be numbers too. Raises BadFile."""
    return [record_of(SolvedLetter, file, number, with_text_number(row)) for number, row in rows_of(file)]


def with_text_number(row: dict[str, Any]) -> dict[str, Any]:
    """A row whose letter has a number that is a text."""
    letter = row.get("letter")
    is_number = isinstance(letter, int) and not isinstance(letter, bool)
    return row | {"letter": str(letter)} if is_number else row


class Memory:
    """The index of one center, empty at first; from `__enter__` to `__exit__`.

    ``url`` is an administrator's of an empty database; without it a PostgreSQL is started.
    """

    def __init__(self, center: Center, url: str | None = None) -> None:
        self._center, self._url = center, url
        self._letters: dict[UUID, str] = {}
        self._cleanup = ExitStack()

    def __enter__(self) -> Self:
        try:
            administrator = self._url or self._cleanup.enter_context(EmbeddedPostgres()).url
            url = as_login(administrator, "bancheng_knowledge")
            migrations = {"knowledge": SERVICES["knowledge"].migrations}
            migrate_database(administrator, migrations, {}, None, {"knowledge": url})
            self.database = Database(url, "knowledge", size=2)
            self._cleanup.callback(self.database.close)
        except BaseException:
            self._cleanup.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._cleanup.close()

    def learn(
        self,
        letters: Sequence[SolvedLetter],
        moved: Callable[[int], None] = lambda _count: None,
        *,
        measured: bool = True,
    ) -> None:
        """Take solved letters into the index; ``moved`` is told how many at a time. Departments are described by them
        once they are ``measured``.
        """
        for some in _batches(letters):
            ids = {new_id(): letter for letter in some}
            self._letters |= {id_: letter.letter for id_, letter in ids.items()}
            cases = {id_: letter.as_case(self._center.departments) for id_, letter in ids.items()}
            with self.database.transaction() as tx:
                learning.learn(tx, self._center.code, cases)
            moved(len(some))
        if measured:
            self.measure()

    def measure(self) -> None:
        """Describe the departments by what was learnt since, if that is enough to make a difference."""
        with self.database.transaction() as tx:
            learning.measure(tx)

    def suggest(self, letter: SolvedLetter) -> dict[str, Any]:
        """The departments for a letter, the best first, and the letters most like it, the nearest first, not itself."""
        question = Question(letter.title, letter.text)
        with self.database.transaction() as tx:
            ranked = suggesting.suggest(tx, self._center, question)
            near = suggesting.similar(tx, self._center.code, question, limit=_LOOKED_AT)
        similar = dict.fromkeys(self._letters[case.ticket_id] for case in near)
        similar.pop(letter.letter, None)
        return {
            "letter": letter.letter,
            "departments": [each.department for each in ranked],
            "similar": list(similar)[:SIMILAR],
        }


def _batches(letters: Sequence[SolvedLetter]) -> Iterable[Sequence[SolvedLetter]]:
    return (letters[start : start + LEARNT_AT_ONCE] for start in range(0, len(letters), LEARNT_AT_ONCE))
