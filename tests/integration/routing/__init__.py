"""The routing service as a process of its own, on a real RabbitMQ and a real PostgreSQL."""
