"""What every service stands on: database, broker, HTTP, clock. It knows nothing of tickets."""
