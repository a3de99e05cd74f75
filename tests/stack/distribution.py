"""Programs that tests need, found on this machine or installed from the distribution's packages where that is possible.

Who misses one gets `ProgramMissing`, whose message says what to do about it; under pytest it ends the run
(`tests/conftest.py`), since every further test that needs the program would only repeat it.
"""

import fcntl
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

LOCK_LIMIT_S = 300.0
"""How long another run of apt may take: new machines of a cloud update themselves when they start."""

_RETRY_PAUSE_S = 2.0
_LOCK = Path(tempfile.gettempdir()) / f"bancheng-tests-{os.geteuid()}.lock"
_IS_LOCKED = "Could not get lock"


class ProgramMissing(RuntimeError):
    """A program is not here and could not be installed; the message says what to do."""


def require(find: Callable[[], Path | None], package: str, advice: str) -> Path:
    """What `find` finds, after the Debian package was installed if need be. Raises ProgramMissing with the advice.

    One process at a time: what another one is still installing would be found half unpacked.
    """
    with _LOCK.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = find()
        if found is None:
            _install(package, advice)
            found = find()
    if found is None:
        raise ProgramMissing(f"{advice}\nThe package {package} is installed, but what is needed was not found.")
    return found


def in_path(program: str) -> Path | None:
    """Where a shell would find `program`."""
    found = shutil.which(program)
    return Path(found) if found else None


def _install(package: str, advice: str) -> None:
    if os.geteuid() != 0 or not in_path("apt-get"):
        raise ProgramMissing(f"{advice}\n{package} can be installed by root on Debian or Ubuntu only.")
    for command in (["update"], ["install", "-y", "--no-install-recommends", package]):
        done = _apt_get(*command)
        if done.returncode:
            raise ProgramMissing(f"{advice}\napt-get {command[0]} said:\n{(done.stdout + done.stderr)[-2000:]}")


def _apt_get(*command: str) -> "subprocess.CompletedProcess[str]":
    """Run apt-get; while another run holds one of its locks, wait.

    The option waits for dpkg's lock alone: for those of the lists and of the archives apt-get (2.6) fails at once.
    """
    give_up = time.monotonic() + LOCK_LIMIT_S
    while True:
        done = subprocess.run(
            ["apt-get", "-q", "-o", f"DPkg::Lock::Timeout={LOCK_LIMIT_S:.0f}", *command],
            env=os.environ | {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if not done.returncode or _IS_LOCKED not in done.stderr or time.monotonic() > give_up:
            return done
        time.sleep(_RETRY_PAUSE_S)
