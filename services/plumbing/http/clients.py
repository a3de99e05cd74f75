"""How often a client may ask. Clients are told apart by address, since the routes with this limit need no token."""

import ipaddress
import re
import time
from collections import OrderedDict

from werkzeug.wrappers import Request

from schemas.errors import TooMany

Networks = tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_WITH_PORT = re.compile(r"\[(?P<bracketed>[^\]]*)\](:\d+)?|(?P<plain>[^:]+):\d+")


class BadNetworks(ValueError):
    """Not a list of networks."""


def networks(text: str) -> Networks:
    """The networks in ``text``, such as ``10.0.0.0/8, fd00::/8``; a single address is one too. Raises BadNetworks."""
    try:
        return tuple(ipaddress.ip_network(each.strip()) for each in text.split(",") if each.strip())
    except ValueError:
        raise BadNetworks("networks are expected, such as 10.0.0.0/8, fd00::/8") from None


def client_of(request: Request, trusted: Networks) -> str:
    """The address of the client; for IPv6 its network, since whoever has one address of a network has all of them.

    ``trusted`` are the networks of the operator's own proxies. Each proxy adds the address that called it at the end of
    X-Forwarded-For, so the last address there that is no proxy is the client. Anybody can have written what stands
    before it. Of a caller that is no proxy the header is not read.
    """
    client = _address(request.remote_addr or "")
    if client is None:
        return request.remote_addr or ""
    written = request.headers.get("X-Forwarded-For", "").split(",")
    while written and any(client in network for network in trusted):
        seen = _address(written.pop().strip())
        if seen is None:
            break
        client = seen
    return str(ipaddress.ip_network((int(client), 64), strict=False)) if client.version == 6 else str(client)


def _address(text: str) -> _Address | None:
    """The address in ``text``, as proxies write it: with a port, or an IPv4 address in the form of IPv6."""
    if found := _WITH_PORT.fullmatch(text):
        text = found["bracketed"] or found["plain"] or ""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return (address.version == 6 and address.ipv4_mapped) or address


class RateLimiter:
    """How often one client may call in any minute; the clients that have been quiet for longest are forgotten first."""

    REMEMBERED = 10_000

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._spent: OrderedDict[str, list[float]] = OrderedDict()

    def spend(self, client: str) -> None:
        """Count a call. Raises TooMany."""
        now = time.monotonic()
        recent = [moment for moment in self._spent.pop(client, []) if now - moment < 60]
        if len(recent) >= self._per_minute:
            self._spent[client] = recent
            raise TooMany("asked too often; try again in a minute")
        self._spent[client] = [*recent, now]
        while len(self._spent) > self.REMEMBERED:
            self._spent.popitem(last=False)

    def give_back(self, client: str) -> None:
        """Do not count the last call after all, because it succeeded: only guesses are to be limited."""
        if self._spent.get(client):
            self._spent[client].pop()
