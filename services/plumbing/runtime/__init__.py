"""How a process runs: its settings, clock, loops, metrics, and its end."""
