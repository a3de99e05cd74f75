"""Who asks how often: by address, since nobody has to say who they are where this matters."""

import ipaddress
import time
from collections import OrderedDict

from werkzeug.wrappers import Request

from schemas.refusals import TooMany


def client_of(request: Request, proxies: int) -> str:
    """The address that asks; of IPv6 the network, since whoever has one address there has the whole of it.

    With ``proxies`` of the house's own in front it is what the outermost of them has seen: so many from the end of
    X-Forwarded-For. What stands before that, anybody can have written.
    """
    seen = request.headers.get("X-Forwarded-For", "").split(",") if proxies else []
    address = seen[-proxies].strip() if len(seen) >= proxies > 0 else request.remote_addr or ""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return request.remote_addr or ""
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else str(found)


class Allowance:
    """How often one client may call, in any minute; the longest unheard of are forgotten first."""

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
