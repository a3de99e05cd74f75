"""A store of objects that speaks as much S3 as is needed: it knows its objects, and takes only what is signed right."""

import hashlib
import hmac
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY, SECRET, REGION = "key-of-tests", "secret/of+tests", "cn-north-1"
_CREDENTIAL = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/s3/aws4_request,"
    r"SignedHeaders=([a-z0-9;-]+),Signature=(\w{64})"
)


class ObjectServer:
    """Runs from `__enter__` to `__exit__`; ``objects`` are what it holds, by path."""

    def __init__(self) -> None:
        objects: dict[str, bytes] = {}
        self.objects = objects

        class Handler(BaseHTTPRequestHandler):
            def _answer(self, status: int, content: bytes = b"") -> None:
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def _read(self) -> bytes | None:
                content = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                if is_signed(self.command, self.path, dict(self.headers), content):
                    return content
                self._answer(403)
                return None

            def do_PUT(self) -> None:
                if (content := self._read()) is not None:
                    objects[self.path] = content
                    self._answer(200)

            def do_GET(self) -> None:
                if self._read() is not None:
                    self._answer(200 if self.path in objects else 404, objects.get(self.path, b""))

            def do_DELETE(self) -> None:
                if self._read() is not None:
                    objects.pop(self.path, None)
                    self._answer(204)

            def log_message(self, format: str, *arguments: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://{KEY}:secret%2Fof%2Btests@127.0.0.1:{self._server.server_port}/files?region={REGION}"

    def __enter__(self) -> "ObjectServer":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def is_signed(method: str, path: str, headers: dict[str, str], content: bytes) -> bool:
    """Whether a request is signed by SECRET, by the words of the specification (Signature Version 4)."""
    found = _CREDENTIAL.fullmatch(headers.get("Authorization", ""))
    given = {name.lower(): value for name, value in headers.items()}
    if found is None or found[1] != KEY or found[3] != REGION:
        return False
    if given["x-amz-content-sha256"] != hashlib.sha256(content).hexdigest():
        return False
    lines = [f"{name}:{given[name]}" for name in found[4].split(";")]
    request = "\n".join([method, path, "", *lines, "", found[4], given["x-amz-content-sha256"]])
    text = "\n".join(
        [
            "AWS4-HMAC-SHA256",
            given["x-amz-date"],
            f"{found[2]}/{REGION}/s3/aws4_request",
            hashlib.sha256(request.encode()).hexdigest(),
        ]
    )
    key = hmac.digest(f"AWS4{SECRET}".encode(), found[2].encode(), "sha256")
    for part in (REGION, "s3", "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.compare_digest(hmac.new(key, text.encode(), "sha256").hexdigest(), found[5])
