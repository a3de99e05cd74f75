"""Breaks the house on purpose, from outside, and sees that nothing is lost, nothing happens twice, and it works again.

    python -m tests.faults              every row once, shortened
    python -m tests.faults ROW=9 SEED=7
    FULL=1 SEEDS=20 python -m tests.faults

A row (`rows/`) is one fault. `run` carries it out with one seed: a `house` of real processes with a RabbitMQ and a
PostgreSQL of its own, a load of tickets that are posted (`window`) and lived through (`lives`), all of it written into
a `journal` by those who asked; and a `tap` that hears every event. At the end `evidence` is gathered and `invariants`
judges it; those two know nothing of the services but their tables and events.
"""
