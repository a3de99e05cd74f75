"""What all tests share: the real servers that they may ask for, and the report's line on the examples at hand."""

import signal

pytest_plugins = ("tests.stack.fixtures", "tests.unit.worked_examples")

# A shell has what it runs in the background ignore Ctrl-C, and whatever that starts would inherit it.
signal.signal(signal.SIGINT, signal.default_int_handler)
