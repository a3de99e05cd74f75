"""What is decided about notices: pure functions of values."""
