"""What notify remembers: the only SQL of this service, a module for each thing that is stored."""

from services.notify.store import applicants, channels, deliveries, notices, reading, robots

__all__ = ["applicants", "channels", "deliveries", "notices", "reading", "robots"]
