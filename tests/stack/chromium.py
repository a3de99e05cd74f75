"""A real browser: Chromium of the distribution, which Playwright drives."""

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.stack.distribution import in_path, require

_ADVICE = """These tests need a real Chromium. Any one of these will do:
  - install it: apt-get install chromium, dnf install chromium, brew install --cask chromium
  - run the tests as root on Debian, and they install it"""
_NAMES = ("chromium", "chromium-browser", "google-chrome")


@functools.cache
def chromium() -> Path:
    """The program, installed if need be. Raises ProgramMissing."""
    return require(lambda: next(filter(None, map(in_path, _NAMES)), None), "chromium", _ADVICE)


@contextmanager
def browser() -> Iterator[Browser]:
    """A Chromium without a screen."""
    with sync_playwright() as playwright:
        # Without its own sandbox, which root does not get: it shows pages of ours alone.
        running = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield running
        running.close()
