"""Which events of a batch are handled together, and which at the same time; each subject's keep their order. Pure."""

from collections.abc import Callable, Iterable, Sequence

from schemas.events.event import Delivery

LANES = 2
SMALLEST_LANE = 50


def lanes(deliveries: Sequence[Delivery]) -> list[list[Delivery]]:
    """A large batch in parts that can be handled side by side, so that one is thought about while the database works on
    the other; whatever is about one subject is in one of them.

    A batch with something about a whole center is not divided: it keeps its place among all that the center says.
    """
    small = len(deliveries) < LANES * SMALLEST_LANE
    if small or any(delivery.envelope.subject == delivery.envelope.center for delivery in deliveries):
        return [list(deliveries)]
    result: list[list[Delivery]] = [[] for _ in range(LANES)]
    for delivery in deliveries:
        result[hash(delivery.envelope.subject) % LANES].append(delivery)
    return result


def partitions(deliveries: Iterable[Delivery], place: Callable[[str], int]) -> list[list[Delivery]]:
    """Deliveries grouped by type in the order of their handlers, as far as each subject's own order allows it."""
    result: list[list[Delivery]] = []
    group: dict[int, list[Delivery]] = {}
    reached: dict[str, int] = {}
    for delivery in deliveries:
        subject, here = delivery.envelope.subject, place(delivery.envelope.type)
        if reached.get(subject, -1) > here:
            result.extend(group[key] for key in sorted(group))
            group, reached = {}, {}
        reached[subject] = here
        group.setdefault(here, []).append(delivery)
    result.extend(group[key] for key in sorted(group))
    return result
