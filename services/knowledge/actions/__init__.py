"""What knowledge does, a use case a file."""
