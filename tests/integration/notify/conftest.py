"""One notify service for each module that asks; every test finds it empty."""

from collections.abc import Iterator

import pytest

from tests.integration.notify.desk import Desk, opened_desk


@pytest.fixture(scope="module")
def whole_desk(amqp_uri: str, database_url: str) -> Iterator[Desk]:
    with opened_desk(amqp_uri, database_url) as opened:
        yield opened


@pytest.fixture
def desk(whole_desk: Desk) -> Desk:
    """It is Friday 24 January 2025, seven minutes past ten; nobody has a channel yet."""
    whole_desk.clear()
    return whole_desk
