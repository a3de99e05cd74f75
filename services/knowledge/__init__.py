"""Remembers: similar solved cases, and which departments solve such things."""
