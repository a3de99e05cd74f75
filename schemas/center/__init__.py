"""The center file: what a center configures, and what can be wrong with it."""
