"""The far sides of notices: web servers and a mail server that take, refuse, throttle or hang as a test says."""

import json
import threading
import time
from collections.abc import Callable
from email import message_from_bytes
from email.message import Message
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, NamedTuple, Self
from urllib.parse import quote

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from services.sandbox.ports import free_ports
from tests.stack.certificates import SelfMade

HANG_SECONDS = 60.0


class Post(NamedTuple):
    """What was posted, and when by this machine's own clock."""

    path: str
    headers: dict[str, str]
    body: bytes
    at: float

    @property
    def said(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


class Reply(NamedTuple):
    """What is answered; ``hangs`` for how many seconds nothing is, ``hangs_up`` without a word."""

    status: int = 200
    body: bytes = b'{"errcode": 0, "code": 0}'
    hangs: float = 0.0
    hangs_up: bool = False


OK = Reply()
Answer = Callable[[Post], Reply]


class WebServer:
    """Runs from `__enter__` to `__exit__`. ``answer`` may be changed at any time; ``posts`` is what has come."""

    def __init__(self, answer: Answer = lambda _post: OK) -> None:
        self.answer = answer
        self.posts: list[Post] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length", "0"))
                body = self.rfile.read(length)
                if len(body) < length:  # whoever sent it was killed meanwhile
                    return
                post = Post(self.path, dict(self.headers), body, time.time())
                server.posts.append(post)
                reply = server.answer(post)
                time.sleep(reply.hangs)
                if reply.hangs_up:
                    self.close_connection = True
                    return
                self.send_response(reply.status)
                self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body)

            def log_message(self, format: str, *arguments: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, *_: Any) -> None:
                pass

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def at(self, path: str) -> list[Post]:
        """What was posted to one path."""
        return [post for post in list(self.posts) if post.path.partition("?")[0] == path]


USER, PASSWORD = "desk", "of the tests"


def _knows(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: Any) -> AuthResult:
    return AuthResult(handled=False, success=(given.login, given.password) == (USER.encode(), PASSWORD.encode()))


class MailServer:
    """Runs from `__enter__` to `__exit__`. ``refuses`` is what it says to DATA of the next mails; "" takes them.

    With a certificate it takes mails by STARTTLS alone, ``at_once`` by TLS from the first byte, and from nobody who
    does not log in as USER.
    """

    def __init__(self, certificate: SelfMade | None = None, *, at_once: bool = False) -> None:
        self.mails: list[Message] = []
        self.refuses: list[str] = []
        (self._port,) = free_ports(1)
        self._scheme, self._query = ("smtps" if at_once else "smtp"), ("" if certificate else "&tls=none")
        demands: dict[str, Any] = {}
        if certificate:
            demands = {"auth_required": True, "authenticator": _knows}
            if at_once:
                demands |= {"ssl_context": certificate.context, "auth_require_tls": False}
            else:
                demands |= {"tls_context": certificate.context, "require_starttls": True}
        self._controller = Controller(self, hostname="127.0.0.1", port=self._port, **demands)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        """What the server says to a mail."""
        if self.refuses and (said := self.refuses.pop(0)):
            return said
        assert isinstance(envelope.content, bytes)
        self.mails.append(message_from_bytes(envelope.content, policy=default))
        return "250 OK"

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Nobody is called nobody."""
        if address.startswith("nobody@"):
            return "550 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._controller.stop()

    @property
    def url(self) -> str:
        """The setting that leads here."""
        who = f"{USER}:{quote(PASSWORD)}@" if not self._query else ""
        return f"{self._scheme}://{who}127.0.0.1:{self._port}?from=desk@example.gov.cn{self._query}"

    def to(self, address: str) -> list[Message]:
        """The mails to somebody."""
        return [mail for mail in list(self.mails) if mail["To"] == address]
