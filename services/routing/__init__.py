"""Decides who: departments, assignments, arbitration, the roster, the ladder."""
