"""Breaks the house on purpose, from outside, and sees that nothing is lost, nothing happens twice, and it works again.

    python -m tests.faults              every row once, shortened
    python -m tests.faults ROW=9 SEED=7
    FULL=1 SEEDS=20 python -m tests.faults

A row (`rows/`) is one fault. `run` carries it out with one seed: a `house` of real processes with a RabbitMQ and a
PostgreSQL of its own, and a `workload` of tickets that are registered and acted on. Who asks writes into a `journal`
what was replied; a queue takes a `recording` of every event. At the end the `observations` are gathered and the
`checker` says what is wrong; those two know nothing of the services but their tables and events.
"""
