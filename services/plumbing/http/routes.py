"""Routes: a handler gets who asks, the body as a record and an open transaction, and returns the reply as a record.

    @route("POST", "/assignments/<uuid:assignment_id>/accept", reply=AssignmentView, roles={Role.LIAISON})
    def accept(self, call, assignment_id): ...

Everything else (limits, content type, roles, Idempotency-Key, problem details, OpenAPI) follows from the declaration.
"""

import inspect
import re
from collections.abc import Callable
from contextlib import nullcontext
from datetime import tzinfo
from functools import partial
from types import ModuleType
from typing import Any, TypeVar

import structlog
from eventlet.semaphore import Semaphore
from marshmallow.fields import Boolean, Integer
from nameko.extensions import ENTRYPOINT_EXTENSIONS_ATTR
from nameko.web.handlers import HttpRequestHandler
from werkzeug.wrappers import Request, Response

from schemas.enums import Role
from schemas.errors import Invalid, Refused
from schemas.record.record import Record
from services.plumbing.database.transaction import Transaction
from services.plumbing.http import idempotency
from services.plumbing.http.clients import RateLimiter, client_of
from services.plumbing.http.framing import BODY_LIMIT, OPEN_BODY_LIMIT, read_body
from services.plumbing.http.group_commit import Call, GroupCommit, PendingRequest, Requester, answer
from services.plumbing.http.replies import RequestRejected, problem_of
from services.plumbing.http.server import HttpServer
from services.plumbing.http.strict_json import parse
from services.plumbing.messaging.outbox import Relay
from services.plumbing.runtime.loop import run_worker
from services.plumbing.runtime.resources import ServiceDatabase, environment

_log = structlog.get_logger()

Service = TypeVar("Service", bound=type)

_INTEGER = re.compile(r"-?[0-9]{1,20}")
_FLAGS = {"true": True, "false": False}


class Route(HttpRequestHandler):  # type: ignore[misc]
    """What `@route` puts on a method. A subclass that knows people and roles implements `authenticate` and `admit`.

    ``roles=None`` is open to everybody, ``open_too`` also to whoever sends no token; ``per_minute`` is how often one
    address may call without one. A ``batched`` method is given a list of calls that share a transaction, and returns a
    reply or a refusal for each. ``at_once`` is for large requests: more wait, and leave connections to the small ones.
    ``keyed=False`` is for a POST that only looks something up, so that it stands in no address: it takes no
    Idempotency-Key, and its reply is not stored. A ``limited`` method raises TooMany by a count of its own.
    """

    server, resources, relay = HttpServer(), ServiceDatabase(), Relay()
    nobody: Requester
    """Whoever asks where no role is needed."""
    files_in: tuple[str, ...] = ()
    files_out: tuple[str, ...] = ()
    """The media types of a file that is sent, or given, in place of a record."""
    headers: tuple[dict[str, Any], ...] = ()
    """Headers that the OpenAPI document speaks of."""

    def __init__(
        self,
        method: str,
        url: str,
        *,
        reply: type[Record],
        body: type[Record] | None = None,
        query: type[Record] | None = None,
        status: int = 200,
        roles: frozenset[Role] | set[Role] | None,
        per_minute: int | None = None,
        batched: bool = False,
        at_once: int | None = None,
        keyed: bool = True,
        limited: bool = False,
        open_too: bool = False,
    ) -> None:
        super().__init__(method, url, expected_exceptions=(Refused,))
        self.reply, self.body, self.query, self.status = reply, body, query, status
        fields = query.schema().fields if query else {}
        self._integers = {name for name, field in fields.items() if isinstance(field, Integer)}
        self._flags = {name for name, field in fields.items() if isinstance(field, Boolean)}
        self.roles = frozenset(roles) if roles is not None else None
        self.limited, self.open_too = limited or per_minute is not None, open_too
        self.keyed = keyed and method == "POST"
        self._rate_limiter = RateLimiter(per_minute) if per_minute else None
        self._is_batched = batched
        self._turns: Any = Semaphore(at_once) if at_once else nullcontext()
        self._group_commit: GroupCommit | None = None

    def authenticate(self, header: str | None) -> Requester:
        """The requester named by the Authorization header; called where roles are needed. Raises Refused."""
        raise NotImplementedError

    def admit(self, tx: Transaction, actor: Any) -> Requester:
        """The requester with the roles that are valid at the time of the transaction. Raises Refused."""
        raise NotImplementedError

    def zone(self, tx: Transaction, *, actor: Any, path_values: dict[str, Any]) -> tzinfo | None:
        """The time zone for the instants in the reply; None leaves them as they are."""
        return None

    def start(self) -> None:
        """Begin to serve."""
        if self._is_batched:
            self._group_commit = GroupCommit(
                self.container.spawn_managed_thread,
                self.resources.database,
                self.status,
                lambda calls: run_worker(self, calls),
            )
        super().start()

    def handle_request(self, request: Request, path_values: dict[str, Any]) -> Response:
        """Answer, whatever happens; ``path_values`` are the values in the address."""
        try:
            return self._answer(request, path_values)
        except Exception as error:
            response = problem_of(error)
            if response.status_code == 500:
                _log.exception("request failed", route=self.url, kind=type(error).__name__)
            return response

    def _answer(self, request: Request, path_values: dict[str, Any]) -> Response:
        header = request.headers.get("Authorization")
        is_open = self.roles is None or (self.open_too and header is None)
        if self._rate_limiter and is_open:
            self._rate_limiter.spend(client_of(request, environment().trusted_proxies))
        actor = self.nobody if is_open else self.authenticate(header)
        raw, body = self.receive(request, actor, path_values)
        query = self.query.load(_typed(request.args, self._integers, self._flags)) if self.query else None
        key = request.headers.get("Idempotency-Key") if self.keyed else None
        # Callers without a token own a key for each address, which names the thing whose code they know.
        owner = request.path if is_open else actor.owner
        fingerprint = idempotency.fingerprint(request.method, request.full_path, raw) if key is not None else b""
        admit = None if is_open else self.admit
        zone = partial(self.zone, actor=actor, path_values=path_values)
        pending = PendingRequest(actor, admit, body, query, key, owner, fingerprint, zone)
        if self._group_commit:
            reply = self._group_commit.answer(pending)
        else:
            with self._turns:
                (reply,) = answer(self.resources.database, self.status, partial(self._perform, path_values), [pending])
        if isinstance(reply, Refused):
            raise reply
        return Response(reply.body, status=reply.status, content_type="application/json")

    def _perform(self, path_values: dict[str, Any], calls: list[Call]) -> list[Record]:
        return [run_worker(self, calls[0], **path_values)]

    def receive(self, request: Request, actor: Any, path_values: dict[str, Any]) -> tuple[bytes, Any]:
        """The bytes of the body, and what they say. Raises RequestRejected, or what the record finds wrong."""
        limit = OPEN_BODY_LIMIT if actor is self.nobody else BODY_LIMIT
        raw = read_body(request.environ, limit) if request.method != "GET" else b""
        return raw, self._body(request, raw)

    def _body(self, request: Request, raw: bytes) -> Record | None:
        if self.body is None:
            return None
        if request.mimetype != "application/json":
            raise RequestRejected(415, "The body must be application/json.")
        if request.headers.get("Content-Encoding", "identity") != "identity":
            raise RequestRejected(415, "The body must not be compressed.")
        return self.body.load(parse(raw))


def _typed(arguments: Any, integers: set[str], flags: set[str]) -> dict[str, Any]:
    """A query string's values are text: digits become numbers where the record wants one, true and false what they
    say. Raises Invalid.
    """
    found: dict[str, Any] = {}
    for name, values in arguments.lists():
        if len(values) > 1:
            raise Invalid(name, "Must be given once.")
        found[name] = int(values[0]) if name in integers and _INTEGER.fullmatch(values[0]) else values[0]
        found[name] = _FLAGS.get(values[0], found[name]) if name in flags else found[name]
    return found


def with_routes(*modules: ModuleType) -> Callable[[Service], Service]:
    """A service answers the functions ``(service, call, ...)`` under `@route` of ``modules`` too, by their names.

    Raises ValueError for a name that the service has already."""

    def add(service: Service) -> Service:
        for module in modules:
            for name, function in inspect.getmembers(module, inspect.isfunction):
                if function.__module__ == module.__name__ and hasattr(function, ENTRYPOINT_EXTENSIONS_ATTR):
                    if hasattr(service, name):
                        raise ValueError(f"{service.__name__} has {name} already; {module.__name__} names it too")
                    setattr(service, name, function)
        return service

    return add
