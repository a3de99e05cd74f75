"""What routing does: a use case a module."""
