"""The faults, by theme. Importing a module declares its rows."""

from tests.faults.rows import (
    broker,
    clock,
    cluster,
    database,
    disk,
    network,
    poison,
    processes,
    races,
    stopping,
    topology,
    unwritable,
)

ALL = (processes, broker, topology, network, database, clock, poison, disk, cluster, races, unwritable, stopping)
