"""What notify remembers: the only SQL of this service, a module for each thing that is stored."""

from services.notify.store import channels, deliveries, notices, reading, robots

__all__ = ["channels", "deliveries", "notices", "reading", "robots"]
