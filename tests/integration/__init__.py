"""Parts of Bancheng against a real RabbitMQ and a real PostgreSQL."""
