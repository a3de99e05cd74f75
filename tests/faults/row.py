"""The rows of the table of faults, each a function that is given a `Run`."""

import traceback
from collections.abc import Callable
from dataclasses import dataclass

from tests.faults.result import Result, Size
from tests.faults.run import Run
from tests.stack.distribution import ProgramMissing

Story = Callable[[Run], None]


@dataclass(frozen=True)
class Row:
    """One fault: its number in the table, what it is, how it is brought about, and the function that does it."""

    number: int
    name: str
    how: str
    story: Story

    def run(self, seed: int, size: Size) -> Result:
        """Carry it out. What goes wrong in the telling is a violation too: nothing was shown.

        Raises ProgramMissing where the servers themselves are missing: then no row can be carried out.
        """
        run = Run(self.number, self.name, seed, size)
        try:
            self.story(run)
        except CannotBeDone as reason:
            run.result.violations = []
            run.result.name = f"{self.name}: not run, {reason}"
        except ProgramMissing:
            raise
        except Exception:
            run.result.violations.append(traceback.format_exc(limit=-6))
        return run.result


class CannotBeDone(Exception):
    """This machine does not allow the fault to be brought about; the message says why."""


ROWS: dict[int, Row] = {}


def row(number: int, how: str) -> Callable[[Story], Story]:
    """Declare a row; the function's docstring says what happens, its first sentence is the row's name."""

    def declared(story: Story) -> Story:
        name = (story.__doc__ or "").split(".")[0]
        ROWS[number] = Row(number, name, how, story)
        return story

    return declared
