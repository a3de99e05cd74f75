"""Enforces when: one deadline for each thing that must be done in time, and what is announced of it."""
