"""The pages, a module for each of the desk's people."""
