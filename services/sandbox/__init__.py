"""Everything in one place for trying out: embedded PostgreSQL, services in one process, and their end."""
