"""Free TCP ports on 127.0.0.1, for servers that are started a moment later."""

import random
import socket
from contextlib import ExitStack

_RANGE = range(15_000, 32_000)
"""Below the ports that a kernel gives to connections: one of those may be taken again before its server has started."""


def free_ports(count: int) -> list[int]:
    """Different ports that nobody listens on now; they are held together, so that none is given out twice."""
    with ExitStack() as held:
        ports: list[int] = []
        for port in random.SystemRandom().sample(_RANGE, len(_RANGE)):
            if len(ports) == count:
                break
            probe = held.enter_context(socket.socket())
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            ports.append(port)
        return ports
