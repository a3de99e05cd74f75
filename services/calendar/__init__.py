"""Counting working days and business hours. Pure."""
