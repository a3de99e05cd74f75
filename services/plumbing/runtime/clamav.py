"""A file looked at by ClamAV: clamd's INSTREAM over a socket.

BANCHENG_CLAMAV is where clamd listens: ``clamav:3310``, or the path of a socket. Where it is set, no file passes
without it.
"""

import os
import socket
import struct

import structlog

_PIECE = 1 << 16
_CONNECT_SECONDS = 3.0
ANSWER_SECONDS = 45.0
"""How long clamd may say nothing, or take nothing more of a file."""
_LONGEST_REPLY = 1000

_log = structlog.get_logger()


class ScannerAway(Exception):
    """clamd does not answer, or cannot look at the file now; asking again later may help."""


def scanner_address() -> str | None:
    """Where clamd listens; None where there is none."""
    return os.environ.get("BANCHENG_CLAMAV") or None


def finds_virus(address: str, content: bytes) -> bool:
    """Whether clamd finds something in a file. What it found is logged. Raises ScannerAway, also for half an answer."""
    try:
        with _connected(address) as clamd:
            clamd.settimeout(ANSWER_SECONDS)
            clamd.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), _PIECE):
                piece = content[start : start + _PIECE]
                clamd.sendall(struct.pack(">I", len(piece)) + piece)
            clamd.sendall(struct.pack(">I", 0))
            reply = _reply(clamd)
    except OSError as error:
        raise ScannerAway(type(error).__name__) from None
    if reply.endswith("FOUND"):
        _log.warning("a virus was found in a file", found=reply[:200])
        return True
    if not reply.endswith("OK"):
        raise ScannerAway(reply[:200])
    return False


def _connected(address: str) -> socket.socket:
    if address.startswith("/"):
        clamd = socket.socket(socket.AF_UNIX)
        clamd.settimeout(_CONNECT_SECONDS)
        try:
            clamd.connect(address)
        except OSError:
            clamd.close()
            raise
        return clamd
    host, _, port = address.rpartition(":")
    if not port.isdecimal():
        raise OSError("not an address such as clamav:3310")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=_CONNECT_SECONDS)


def _reply(clamd: socket.socket) -> str:
    reply = b""
    while not reply.endswith((b"\0", b"\n")) and len(reply) < _LONGEST_REPLY and (part := clamd.recv(_LONGEST_REPLY)):
        reply += part
    if not reply.endswith((b"\0", b"\n")):
        raise ScannerAway("half an answer, or none")
    return reply.rstrip(b"\0\n").decode("utf-8", "replace")
