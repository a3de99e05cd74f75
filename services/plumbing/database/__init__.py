"""How a service reaches its own schema: connections, transactions, migrations, logins."""
