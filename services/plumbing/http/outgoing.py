"""What a service asks of other people's servers: only hosts that a setting names, within a time, and no long answers.

    hosts = AllowedHosts("hooks.example.gov.cn,http://10.1.2.3")
    answer = send(hosts, "https://hooks.example.gov.cn/bancheng", body, {"Content-Type": "application/json"})

An address comes from people, and a server that asks whatever address it is given asks for what only it can reach: the
cloud's metadata, its neighbours, itself (SSRF). So the name must be allowed, and the addresses that it stands for must
be public or private ones: one of the machine itself or of its link only where the setting names the address. Redirects
are not followed. The connection goes to the very address that was judged.
"""

import http.client
import ipaddress
import os
import socket
import ssl
from collections.abc import Mapping
from contextlib import closing
from functools import cache
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

import eventlet

CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 15.0
"""From the first to the last byte, however slowly the far side speaks."""
LONGEST_ANSWER = 64 << 10
_PORTS = {"http": 80, "https": 443}


class HostNotAllowed(Exception):
    """No setting names the host, or it stands for an address that nobody may be sent to. Nothing was sent."""


class NotSent(Exception):
    """The far side could not be reached: nothing was sent."""


class NotAnswered(Exception):
    """The request was sent, at least in part, and no whole answer came in time: it may have been done."""


class Answer(NamedTuple):
    """A status, and as much of a body as is read."""

    status: int
    body: bytes


class AllowedHosts:
    """The hosts that may be asked: names, ``*.example.gov.cn`` for all below one, or addresses; with ``http://`` before
    it one that may be asked without TLS.
    """

    def __init__(self, text: str) -> None:
        """``text`` lists them with commas. Raises ValueError on what is none."""
        self._secure: set[str] = set()
        self._plain: set[str] = set()
        for entry in filter(None, (each.strip().lower() for each in text.split(","))):
            is_plain = entry.startswith("http://")
            host = entry.removeprefix("http://").removeprefix("https://").strip("[]")
            if not host or any(sign in host for sign in "/@?# "):
                raise ValueError(f"{entry!r} is not like hooks.example.gov.cn")
            (self._plain if is_plain else self._secure).add(host)

    def permits(self, url: str) -> bool:
        """Whether an address may be asked, by what it says."""
        try:
            parts = urlsplit(url)
            _ = parts.port
        except ValueError:
            return False
        host = (parts.hostname or "").rstrip(".")
        if not host or parts.username is not None or parts.scheme not in _PORTS:
            return False
        named = self._plain if parts.scheme == "http" else self._plain | self._secure
        return host in named or any(each.startswith("*.") and host.endswith(each[1:]) for each in named)

    def permits_address(self, address: str) -> bool:
        """Whether a connection may go to an IP address that a permitted name stands for."""
        ip = ipaddress.ip_address(address.partition("%")[0])
        if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is not None:
            ip = ip.ipv4_mapped
        named = self._plain | self._secure
        if str(ip) in named or (ip.is_loopback and "localhost" in named):
            return True
        return not (ip.is_loopback or ip.is_link_local or ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def send(hosts: AllowedHosts, url: str, body: bytes, headers: Mapping[str, str], *, method: str = "POST") -> Answer:
    """The far side's answer. Raises HostNotAllowed, NotSent, NotAnswered."""
    if not hosts.permits(url):
        raise HostNotAllowed("the setting does not name this host")
    parts = urlsplit(url)
    port = parts.port or _PORTS[parts.scheme]
    is_under_way = False
    try:
        with eventlet.Timeout(TOTAL_SECONDS, TimeoutError("too slow")):
            connection = _connected(hosts, parts, port)
            with closing(connection):
                is_under_way = True
                path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
                connection.request(method, path, body, dict(headers))
                response = connection.getresponse()
                return Answer(response.status, response.read(LONGEST_ANSWER))
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise (NotAnswered if is_under_way else NotSent)(type(error).__name__) from None


@cache
def tls() -> ssl.SSLContext:
    """How a client speaks TLS: it trusts the authorities of the machine and those of BANCHENG_CA_FILE. Made once, since
    it reads them all. Raises OSError if that file is not there or holds none.
    """
    context = ssl.create_default_context()
    if own := os.environ.get("BANCHENG_CA_FILE"):
        context.load_verify_locations(own)
    return context


class _Pinned(http.client.HTTPConnection):
    """A connection over a socket that is there already."""

    def __init__(self, host: str, port: int, line: socket.socket) -> None:
        super().__init__(host, port, timeout=TOTAL_SECONDS)
        self.sock = line


def _connected(hosts: AllowedHosts, parts: SplitResult, port: int) -> _Pinned:
    """Raises HostNotAllowed, OSError."""
    host = (parts.hostname or "").rstrip(".")
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
    if not addresses or not all(hosts.permits_address(address) for address in addresses):
        raise HostNotAllowed("the host stands for an address that may not be asked")
    line = _first_that_answers(addresses, port)
    if parts.scheme == "https":
        try:
            line = tls().wrap_socket(line, server_hostname=host)
        except BaseException:
            line.close()
            raise
    is_default = port == _PORTS[parts.scheme]
    shown = f"[{host}]" if ":" in host else host
    return _Pinned(shown if is_default else f"{shown}:{port}", port, line)


def _first_that_answers(addresses: list[str], port: int) -> socket.socket:
    failure: OSError = OSError("no address")
    for address in addresses:
        try:
            return socket.create_connection((address, port), timeout=CONNECT_SECONDS)
        except OSError as error:
            failure = error
    raise failure
