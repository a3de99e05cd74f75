"""How much the house bears: measured on one machine, against its aims, the machine's own limits, and others' timers.

    python -m tests.bench [--full] [--only NAME ...] [--runs N]

Everything is real and of this run: a RabbitMQ and a PostgreSQL of one's own, the services as processes, a load
generator and a listener as processes beside them, all on the same cores. Nothing is sent anywhere but to 127.0.0.1.
"""
