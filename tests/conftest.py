"""What all tests share: the real servers that they may ask for, and the report's line on the examples at hand."""

pytest_plugins = ("tests.stack.fixtures", "tests.unit.worked_examples")
