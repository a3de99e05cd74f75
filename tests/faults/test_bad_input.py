"""What FAULTS.md refers to is there."""

from importlib import import_module

import pytest

from tests.faults.bad_input import BAD_INPUT

SHOWN = sorted({test for tests in BAD_INPUT.values() for test in tests})


@pytest.mark.parametrize(("module", "test"), SHOWN)
def test_a_test_that_is_named_exists(module: str, test: str) -> None:
    assert callable(getattr(import_module(f"tests.{module}"), test, None))
