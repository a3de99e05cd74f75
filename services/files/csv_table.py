"""A table as CSV that spreadsheets open as what it is: UTF-8 with a byte order mark, each text harmless."""

import csv
import io
from collections.abc import Iterable, Sequence

from services.files.cells import harmless


def csv_table(head: Sequence[str], rows: Iterable[Sequence[str | int | float | None]]) -> bytes:
    """The whole table; numbers stay numbers."""
    written = io.StringIO()
    writer = csv.writer(written)
    for row in (head, *rows):
        writer.writerow([harmless(each) if isinstance(each, str) else each for each in row])
    return b"\xef\xbb\xbf" + written.getvalue().encode()
