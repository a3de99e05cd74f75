"""What every service stands on: database, broker, HTTP, access, clock. It knows nothing of tickets."""
