"""A broker that somebody else runs, named by AMQP_URI, its management API by BANCHENG_BROKER_ADMIN_URL.

It can be emptied but neither stopped nor divided.
"""

from tests.stack.broker_users import admit
from tests.stack.waiting import amqp_connection

_QUEUES = ("bancheng.intake", "bancheng.routing", "bancheng.deadline_watch", "bancheng.notify", "bancheng.sample")


class GivenRabbit:
    """The broker at `uri`, with the part of `PrivateRabbit`'s manners that most tests need."""

    def __init__(self, uri: str, management_url: str) -> None:
        self.uri, self.management_url = uri, management_url

    def virtual_host(self, name: str) -> str:
        """The same URI always, since others may use what is beside it; Bancheng's queues are deleted instead."""
        for queue in _QUEUES:
            with amqp_connection(self.uri) as connection:
                connection.channel().queue_delete(queue)
        admit(self.management_url, self.uri)
        return self.uri

    def close(self) -> None:
        """Nothing to stop."""
