"""What somebody says is written down by a recogniser of the center's own, which a setting names; nothing of it is kept.

The recogniser is asked over HTTP: the recording is the body, its media type the Content-Type, and the reply is
``{"text": "..."}`` (docs/knowledge.md).
"""

import json
import os
from functools import cache
from urllib.parse import urlsplit

import structlog

from schemas.errors import Invalid
from schemas.requests.answers import MOST_ASKED
from services.plumbing.http.outgoing import AllowedHosts, HostNotAllowed, NotAnswered, NotSent, send
from services.plumbing.http.replies import RequestRejected
from services.plumbing.http.uploads import Upload
from services.plumbing.runtime.resources import MissingSetting

MOST_BYTES = 2 << 20
"""Half a minute, as phones record it, many times over."""
MEDIA_TYPES = ("audio/webm", "audio/ogg", "audio/mp4", "audio/mpeg", "audio/wav")
_BEGINNINGS = {
    "audio/webm": (0, b"\x1aE\xdf\xa3"),
    "audio/ogg": (0, b"OggS"),
    "audio/mp4": (4, b"ftyp"),
    "audio/wav": (8, b"WAVE"),
}
_MPEG = (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")

_log = structlog.get_logger()


@cache
def recogniser() -> str | None:
    """Where the recogniser is asked; None where there is none. Raises MissingSetting."""
    url = os.environ.get("BANCHENG_SPEECH_URL") or None
    if url is not None and (urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname):
        raise MissingSetting("BANCHENG_SPEECH_URL is no address such as http://speech:8010/recognise")
    return url


def ensure_recogniser() -> str:
    """Where the recogniser is asked. Raises RequestRejected where there is none."""
    url = recogniser()
    if url is None:
        raise RequestRejected(503, "No recogniser of speech is set up here; type the question instead.")
    return url


def most_bytes() -> int:
    """How large a recording may be."""
    return MOST_BYTES


def transcribed(upload: Upload, _code: str) -> str:
    """What was said. Raises Invalid for what is no recording, RequestRejected where the recogniser is away."""
    url, media_type = ensure_recogniser(), _media_type_of(upload.content)
    try:
        answer = send(_hosts(url), url, upload.content, {"Content-Type": media_type, "Accept": "application/json"})
        text = json.loads(answer.body)["text"] if answer.status == 200 else None
    except (HostNotAllowed, NotSent, NotAnswered, ValueError, KeyError, TypeError) as error:
        _log.warning("the recogniser of speech is away", kind=type(error).__name__)
        text = None
    if not isinstance(text, str):
        raise RequestRejected(503, "The recogniser of speech does not answer; type the question instead.")
    return text.strip().replace("\0", "")[:MOST_ASKED]


def _hosts(url: str) -> AllowedHosts:
    """The one host that is asked."""
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return AllowedHosts(f"{parts.scheme}://{host}")


def _media_type_of(content: bytes) -> str:
    """By how it begins, whatever its sender says. Raises Invalid."""
    for media_type, (at, sign) in _BEGINNINGS.items():
        if content[at:].startswith(sign):
            return media_type
    if content.startswith(_MPEG):
        return "audio/mpeg"
    raise Invalid("file", "Is no recording: WebM, Ogg, MP4, MP3 or WAV is expected.")
