"""Programs of the distribution that tests need, installed where that is possible."""

import os
import shutil
import subprocess


class NotInstallable(RuntimeError):
    """The package could not be installed here; the message says why."""


def install(package: str) -> None:
    """Install a Debian package. Raises NotInstallable, at once unless this is root on Debian or Ubuntu."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise NotInstallable("It takes root on Debian or Ubuntu to install it.")
    for command in (["update"], ["install", "-y", "--no-install-recommends", package]):
        done = subprocess.run(
            ["apt-get", "-q", *command],
            env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise NotInstallable(f"apt-get {command[0]} said:\n{(done.stdout + done.stderr)[-2000:]}")
