"""In which order the handlers of a service run is declared, and does not depend on where they stand in the class."""

from typing import Any

import pytest
from nameko.containers import ServiceContainer

from schemas.center.center import CenterPublished
from schemas.events.access import AccessRevoked
from schemas.events.watermarks import SourceReached
from services.composition import SERVICES
from services.plumbing.messaging.inbox import Subscriber, subscribe


def _orders(members: dict[str, Any]) -> dict[str, int]:
    """The order of each event type's handler, as the inbox of a service with these members has it."""
    subscribers: dict[str, Subscriber] = {}
    for entrypoint in ServiceContainer(type("Service", (), {"name": "any", **members}), {}).entrypoints:
        if isinstance(entrypoint, Subscriber):
            entrypoint.setup()
            subscribers = entrypoint.inbox.subscribers
    return {type_: subscriber.order for type_, subscriber in subscribers.items()}


def _members(service: str) -> dict[str, Any]:
    return {name: value for name, value in vars(SERVICES[service].service).items() if not name.startswith("__")}


def _handler() -> Any:
    def handle(self: Any, event: Any, tx: Any) -> None:
        pass

    return handle


@pytest.mark.parametrize("service", SERVICES)
def test_sorting_the_methods_of_a_service_changes_nothing(service: str) -> None:
    declared = _members(service)
    by_name, backwards = dict(sorted(declared.items())), dict(reversed(declared.items()))
    assert len(_orders(declared)) > 1
    assert _orders(declared) == _orders(by_name) == _orders(backwards)


def test_how_far_a_source_has_come_is_noted_after_all_its_events() -> None:
    orders = _orders(_members("deadline_watch"))
    assert [type_ for type_, order in orders.items() if order == max(orders.values())] == [SourceReached.TYPE]


@pytest.mark.parametrize("service", SERVICES)
def test_center_files_come_before_what_is_judged_by_them(service: str) -> None:
    orders = _orders(_members(service))
    assert orders.get(CenterPublished.TYPE, 0) in (0, min(orders.values()))


def test_a_handler_without_an_order_is_an_error_in_its_declaration() -> None:
    with pytest.raises(TypeError, match="order"):
        subscribe(CenterPublished)(_handler())


@pytest.mark.parametrize(
    ("event", "order"), [(AccessRevoked, 10), (CenterPublished, 20)], ids=["the same order", "the same event"]
)
def test_two_handlers_of_one_order_or_event_do_not_start(event: type, order: int) -> None:
    first, second = subscribe(CenterPublished, order=10)(_handler()), subscribe(event, order=order)(_handler())
    with pytest.raises(TypeError, match="same order or event"):
        _orders({"first": first, "second": second})
