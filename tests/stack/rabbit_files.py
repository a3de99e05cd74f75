"""The files of a private RabbitMQ, and the environment for its programs."""

import os
from pathlib import Path
from typing import NamedTuple

# Small and quiet: a test's messages are few, and the write-ahead log alone would take 512 MB otherwise.
_CONFIG = """
listeners.tcp.1 = 127.0.0.1:{port}
num_acceptors.tcp = 2
vm_memory_high_watermark.absolute = 768MB
disk_free_limit.absolute = 50MB
raft.wal_max_size_bytes = 16777216
log.file.level = warning
management.tcp.ip = 127.0.0.1
management.tcp.port = {management_port}
management_agent.disable_metrics_collector = true
"""
_ERLANG = "+S 2:2 +A 8 -kernel inet_dist_use_interface {127,0,0,1}"


class Ports(NamedTuple):
    """Where a node and its port mapper listen."""

    clients: int
    management: int
    distribution: int
    mapper: int


def lay_out(
    folder: Path, name: str, cookie: str, ports: Ports, *, plugins: tuple[str, ...], config: str
) -> dict[str, str]:
    """Write the node's files; the environment for its programs, without any RABBITMQ_ or ERL_ of the caller's."""
    (folder / "rabbitmq.conf").write_text(_CONFIG.format(port=ports.clients, management_port=ports.management) + config)
    (folder / "plugins").write_text(f"[{','.join(('rabbitmq_management', *plugins))}].\n")
    cookie_file = folder / ".erlang.cookie"
    cookie_file.write_text(cookie)
    cookie_file.chmod(0o400)
    plain = {each: value for each, value in os.environ.items() if not each.startswith(("RABBITMQ_", "ERL_"))}
    return plain | {
        "HOME": str(folder),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "ERL_EPMD_PORT": str(ports.mapper),
        "RABBITMQ_NODENAME": name,
        "RABBITMQ_DIST_PORT": str(ports.distribution),
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
        "RABBITMQ_CONF_ENV_FILE": "/dev/null",
        "RABBITMQ_ADVANCED_CONFIG_FILE": str(folder / "advanced.config"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        "RABBITMQ_MNESIA_BASE": str(folder / "data"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": _ERLANG,
    }
