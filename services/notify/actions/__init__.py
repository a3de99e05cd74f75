"""A use case a file: load, decide, store, announce."""
