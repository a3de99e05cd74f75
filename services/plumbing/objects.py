"""A store of objects that speaks S3: what is large and read seldom need not lie in the database.

    store = ObjectStore("https://KEY:SECRET@objects.example.gov.cn/bucket?region=cn-north-1")
    store.put("BC/01a2...", encrypted)

Requests are signed by AWS Signature Version 4. Who has the bucket reads nothing that was not encrypted before.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qs, quote, unquote, urlsplit

import requests
import structlog

_SECONDS = (3.0, 20.0)
_EMPTY = hashlib.sha256(b"").hexdigest()

_log = structlog.get_logger()


class BadAddress(ValueError):
    """Not the address of a store; the message shows no key."""


class StoreAway(Exception):
    """The store does not answer, or refuses; asking again later may help."""


class ObjectStore:
    """One bucket. It holds a secret: never log it. Safe to share between greenlets."""

    def __init__(self, address: str) -> None:
        """``address`` as in the module's docstring. Raises BadAddress."""
        parts = urlsplit(address)
        bucket = parts.path.strip("/")
        if parts.scheme not in ("http", "https") or not (parts.hostname and parts.username and parts.password):
            raise BadAddress("expected is https://KEY:SECRET@host/bucket?region=...")
        if not bucket or "/" in bucket:
            raise BadAddress("one bucket is expected after the host")
        self._key, self._secret = unquote(parts.username), unquote(parts.password)
        self._host = parts.netloc.rpartition("@")[2]
        self._root = f"{parts.scheme}://{self._host}"
        self._bucket = bucket
        self._region = parse_qs(parts.query).get("region", ["us-east-1"])[0]
        self._session = requests.Session()

    def put(self, name: str, content: bytes) -> None:
        """Store an object, in place of the one of that name. Raises StoreAway."""
        self._ask("PUT", name, content, expected=(200, 201, 204))

    def get(self, name: str) -> bytes:
        """An object's content. Raises StoreAway."""
        return self._ask("GET", name, b"", expected=(200,))

    def delete(self, name: str) -> None:
        """Forget an object, whether or not it is there. Raises StoreAway."""
        self._ask("DELETE", name, b"", expected=(200, 204, 404))

    def _ask(self, method: str, name: str, content: bytes, *, expected: tuple[int, ...]) -> bytes:
        path = f"/{self._bucket}/{name}"
        digest = hashlib.sha256(content).hexdigest() if content else _EMPTY
        headers = self._headers(method, path, digest, datetime.now(UTC))
        try:
            response = self._session.request(
                method, self._root + quote(path), data=content or None, headers=headers, timeout=_SECONDS
            )
        except requests.RequestException as error:
            raise StoreAway(type(error).__name__) from None
        if response.status_code not in expected:
            raise StoreAway(f"{method} was answered with {response.status_code}")
        return response.content

    def _headers(self, method: str, path: str, digest: str, now: datetime) -> dict[str, str]:
        headers = {"host": self._host, "x-amz-content-sha256": digest, "x-amz-date": f"{now:%Y%m%dT%H%M%SZ}"}
        return headers | {"Authorization": authorization(method, path, headers, self._key, self._secret, self._region)}


def authorization(method: str, path: str, headers: Mapping[str, str], key: str, secret: str, region: str) -> str:
    """The Authorization header of a request without a query. ``headers``, in small letters, are all signed."""
    stamp, names = headers["x-amz-date"], sorted(headers)
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in names)
    canonical = "\n".join([method, quote(path), "", lines, ";".join(names), headers["x-amz-content-sha256"]])
    scope = f"{stamp[:8]}/{region}/s3/aws4_request"
    signed = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    derived = f"AWS4{secret}".encode()
    for part in (*scope.split("/"), signed):
        derived = hmac.digest(derived, part.encode(), "sha256")
    return f"AWS4-HMAC-SHA256 Credential={key}/{scope},SignedHeaders={';'.join(names)},Signature={derived.hex()}"
