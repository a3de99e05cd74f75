"""What knowledge decides: pure functions of values."""
