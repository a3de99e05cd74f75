"""Three nodes of RabbitMQ: row 24."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from tests.faults.house import Plan
from tests.faults.row import row
from tests.faults.run import Run
from tests.stack.eventually import eventually
from tests.stack.rabbit import PrivateRabbit


@row(
    24,
    "three private nodes behind a proxy that leads to a living one; kill -9 of one, then, when it is back, of another",
)
def a_node_of_three_is_killed(run: Run) -> None:
    """Of three RabbitMQ nodes one is killed, then another."""
    with _three() as nodes, run.house(Plan(rabbit=nodes[0], amqp_proxy=True)) as house:
        members = house.rabbit.ctl("list_queues", "name", "members", "online")
        run.expect(members.count(nodes[2].name) >= 8, f"A the queues do not live on three nodes: {members}")
        run.some_time(2, 4)
        for dead, living in ((0, 1), (1, 2)):
            with run.fault(f"node {dead} of three killed"):
                nodes[dead].kill()
                house.amqp_proxy.lead_to(("127.0.0.1", nodes[living].port))
            time.sleep(5)
            nodes[dead].start()
            run.expect(_is_whole(nodes), f"F the queues did not live on three nodes again after node {dead} was back")


def _is_whole(nodes: list[PrivateRabbit]) -> bool:
    """Whether every queue has all its members again, so that another node may be lost."""

    def online() -> bool:
        lines = [line for line in nodes[0].ctl("list_queues", "name", "online").splitlines() if "bancheng." in line]
        return bool(lines) and all(node.name in line for node in nodes for line in lines)

    return eventually(online, seconds=60, pause=1)


@contextmanager
def _three() -> Iterator[list[PrivateRabbit]]:
    """Three nodes that know each other. Each is closed at the end."""
    with ExitStack() as closing:
        first = PrivateRabbit()
        closing.callback(first.close)
        first.start()
        nodes = [first]
        for _ in range(2):
            node = PrivateRabbit(beside=first)
            closing.callback(node.close)
            node.start()
            for words in (("stop_app",), ("join_cluster", first.name), ("start_app",)):
                node.ctl(*words)
            nodes.append(node)
        if not eventually(lambda: first.ctl("cluster_status").count(nodes[-1].name) >= 2, seconds=30, pause=1):
            raise RuntimeError("the three nodes did not find each other")
        yield nodes
