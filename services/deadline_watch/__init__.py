"""Enforces when: one clock for each thing that must be done in time, and what is announced of it."""
