"""What intake does: a use case a module."""
