"""What the desk remembers: the only SQL of this service."""

from services.desk.store import accounts, feeds, sessions

__all__ = ["accounts", "feeds", "sessions"]
