"""notify tells people: in the desk, and by the first of their own channels that works."""
