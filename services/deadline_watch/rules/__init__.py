"""What deadline_watch decides. Pure."""
