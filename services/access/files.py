"""Routes by which a file comes in or goes out.

A file is read only once it is known that its sender may send it: what is large costs memory. What is done to it before
it is stored, such as looking at it, is done outside any transaction.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from werkzeug.wrappers import Request, Response

from schemas.record.record import Reply
from services.access.admission import StaffRoute
from services.plumbing.database.transaction import Transaction
from services.plumbing.http.clients import client_of
from services.plumbing.http.group_commit import Call
from services.plumbing.http.replies import RequestRejected
from services.plumbing.http.uploads import Upload, UploadSlots, read_upload
from services.plumbing.runtime.loop import run_worker
from services.plumbing.runtime.resources import environment

QUERY_CODE = "Query-Code"
"""The header in which a citizen's code stands: the body is the file, and a code in an address would be logged."""
_QUERY_CODE = {
    "in": "header",
    "name": QUERY_CODE,
    "required": True,
    "description": "The code of the receipt.",
    "schema": {"type": "string", "minLength": 8, "maxLength": 20},
}
_SLOTS = UploadSlots()


class Sender(NamedTuple):
    """Who wants to send a file: an actor with a role, or a citizen with a ``code``."""

    actor: Any
    code: str


class UploadRoute(StaffRoute):
    """A route whose body is a file.

    ``may(tx, sender, path_values)`` raises Refused where nobody will take it; ``prepare(upload, code)`` makes what the
    method finds in ``call.body``; ``limit()`` is how many bytes it may have; ``media_types`` are what it may be.
    """

    def __init__(
        self,
        method: str,
        url: str,
        *,
        may: Callable[[Transaction, Sender, dict[str, Any]], None],
        prepare: Callable[[Upload, str], Any],
        limit: Callable[[], int],
        media_types: tuple[str, ...],
        **more: Any,
    ) -> None:
        super().__init__(method, url, **more)
        self._may, self._prepare, self._limit = may, prepare, limit
        self.files_in = media_types
        self.limited = True
        self.headers = (_QUERY_CODE,) if self.roles is None else ()

    def receive(self, request: Request, actor: Any, path_values: dict[str, Any]) -> tuple[bytes, Any]:
        """The file, if its sender may send it. Raises Refused, RequestRejected."""
        if request.mimetype not in self.files_in and request.mimetype != "application/octet-stream":
            raise RequestRejected(415, "The body must be one of " + ", ".join(self.files_in) + ".")
        if request.headers.get("Content-Encoding", "identity") != "identity":
            raise RequestRejected(415, "The body must not be compressed.")
        code = request.headers.get(QUERY_CODE, "")
        with self.resources.database.transaction() as tx:
            admitted = actor if actor is self.nobody else self.admit(tx, actor)
            self._may(tx, Sender(admitted, code), path_values)
        with _SLOTS.slot(client_of(request, environment().trusted_proxies)):
            content = read_upload(request.environ, self._limit())
            return content, self._prepare(Upload(content, request.mimetype), code)


class FileReply(NamedTuple):
    """A file that is given out under a name of ours."""

    content: bytes
    media_type: str
    name: str


class DownloadRoute(StaffRoute):
    """A route whose method returns a FileReply. A browser saves it, and never shows it as a page of ours."""

    def __init__(self, method: str, url: str, *, media_types: tuple[str, ...], **more: Any) -> None:
        super().__init__(method, url, reply=Reply, **more)
        self.files_out = media_types

    def _answer(self, request: Request, path_values: dict[str, Any]) -> Response:
        actor = self.authenticate(request.headers.get("Authorization"))
        with self.resources.database.transaction() as tx:
            call = Call(tx, self.admit(tx, actor), None, None)
            file: FileReply = run_worker(self, call, **path_values)
        return Response(file.content, content_type=file.media_type, headers=file_headers(file.name))


def file_headers(name: str) -> dict[str, str]:
    """What keeps a browser from doing anything with a file but saving it, beside the nosniff of every reply."""
    return {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }


upload = UploadRoute.decorator
download = DownloadRoute.decorator
