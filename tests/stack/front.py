"""The front server of the deployment: a real nginx with the deployed configuration, before one service."""

import functools
import socket
import ssl
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from services.sandbox.ports import free_ports
from tests.stack.distribution import in_path, require
from tests.stack.eventually import eventually

CONFIGURATION = Path(__file__).parents[2] / "deploy" / "nginx" / "bancheng.conf"
_ADVICE = """These tests need a real nginx. Any one of these will do:
  - install it: apt-get install nginx, dnf install nginx, brew install nginx
  - run the tests as root on Debian or Ubuntu, and they install it"""
_MAIN = """
daemon off;
pid {folder}/pid;
error_log stderr notice;
worker_processes 1;
worker_rlimit_nofile 4096;
events {{ worker_connections 2048; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{configuration}
}}
"""


@functools.cache
def nginx() -> Path:
    """The program, installed if need be. Raises ProgramMissing."""
    return require(lambda: in_path("nginx") or in_path("/usr/sbin/nginx"), "nginx", _ADVICE)


class FrontServer:
    """Runs from `__enter__` to `__exit__`; every service it leads to is the one at ``port``."""

    def __init__(self, port: int) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="bancheng-front-")
        self.citizens, self.staff = free_ports(2)
        folder = Path(self._folder.name)
        self.certificate = folder / "tls.crt"
        command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
        names = ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
        subprocess.run(
            [*command, *names, "-keyout", folder / "tls.key", "-out", self.certificate], check=True, capture_output=True
        )
        text = CONFIGURATION.read_text(encoding="utf-8").replace("/etc/nginx/tls", str(folder))
        for deployed in (
            *("intake:8001", "routing:8002", "deadline_watch:8003", "notify:8004", "desk:8005", "knowledge:8006"),
        ):
            text = text.replace(f"server {deployed};", f"server 127.0.0.1:{port};")
        text = text.replace("listen 8443", f"listen 127.0.0.1:{self.citizens}")
        text = text.replace("listen 9443", f"listen 127.0.0.1:{self.staff}")
        self._main = folder / "nginx.conf"
        self._main.write_text(_MAIN.format(folder=folder, configuration=text), encoding="utf-8")
        folder.chmod(0o755)

    @property
    def tls(self) -> ssl.SSLContext:
        """A client's side of TLS that believes this server alone."""
        return ssl.create_default_context(cafile=str(self.certificate))

    def is_up(self) -> bool:
        """Whether it takes connections."""
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.staff), timeout=1):
            return True
        return False

    def __enter__(self) -> Self:
        self._process = subprocess.Popen([nginx(), "-c", self._main, "-e", "stderr"], stderr=subprocess.PIPE)
        if not eventually(self.is_up, seconds=10):
            self._process.kill()
            raise RuntimeError(f"nginx does not start: {self._process.communicate()[1].decode()[-2000:]}")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.communicate(timeout=10)
        self._folder.cleanup()
