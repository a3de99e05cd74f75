"""How services hear of each other: outbox, broker, inbox, and what waits in between."""
