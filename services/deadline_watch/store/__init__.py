"""What deadline_watch remembers: the only SQL of this service, a module for each thing that is stored."""

from services.deadline_watch.store import clock_readings, deadlines, dry_run, firing, reading, watermarks

__all__ = [
    "clock_readings",
    "deadlines",
    "dry_run",
    "firing",
    "reading",
    "watermarks",
]
