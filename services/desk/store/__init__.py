"""What the desk remembers: the only SQL of this service."""

from services.desk.store import accounts, drafts, exports, feeds, pdfs, sessions, templates

__all__ = ["accounts", "drafts", "exports", "feeds", "pdfs", "sessions", "templates"]
