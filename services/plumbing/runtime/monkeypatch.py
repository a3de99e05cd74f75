"""Importing this makes the process cooperative: the first import of a program that runs services."""

import eventlet

eventlet.monkey_patch()
