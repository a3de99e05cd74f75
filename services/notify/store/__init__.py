"""What notify remembers: the only SQL of this service, a module for each thing that is stored."""

from services.notify.store import applicants, channel_tests, channels, deliveries, notices, reading, retention, robots

__all__ = ["applicants", "channel_tests", "channels", "deliveries", "notices", "reading", "retention", "robots"]
