"""A broker that somebody else runs, named by AMQP_URI. It can be emptied but neither stopped nor divided."""

from tests.stack.waiting import amqp_connection

_QUEUES = ("bancheng.intake", "bancheng.routing", "bancheng.deadline_watch", "bancheng.notify", "bancheng.sample")


class GivenRabbit:
    """The broker at `uri`, with the part of `PrivateRabbit`'s manners that most tests need."""

    def __init__(self, uri: str) -> None:
        self.uri = uri

    def virtual_host(self, name: str) -> str:
        """The same URI always, since AMQP cannot make virtual hosts; Bancheng's queues are deleted instead."""
        for queue in _QUEUES:
            with amqp_connection(self.uri) as connection:
                connection.channel().queue_delete(queue)
        return self.uri

    def close(self) -> None:
        """Nothing to stop."""
