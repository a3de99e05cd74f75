"""Finding and hiding personal data. Pure."""
