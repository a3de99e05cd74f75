"""What deadline_watch does: a use case a module."""
