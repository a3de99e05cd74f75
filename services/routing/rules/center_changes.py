"""In which fields two center files differ. Pure."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from schemas.center.center import Center


class CenterChange(NamedTuple):
    """A field that differs, in plain JSON types; None is what is not there."""

    path: str
    before: Any
    after: Any


def changes_between(before: Center, after: Center) -> Iterator[CenterChange]:
    """Every difference, in the order of the file. Rules are known by their ids, whatever place they have; that their
    order has changed is a difference of its own, since the first one that fits decides.
    """
    yield from _between("", before.dump(), after.dump())


def _between(path: str, before: Any, after: Any) -> Iterator[CenterChange]:
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for name in [*before, *(each for each in after if each not in before)]:
            yield from _between(f"{path}.{name}".lstrip("."), before.get(name), after.get(name))
    elif path == "rules":
        old, new = ({rule["id"]: rule for rule in rules} for rules in (before, after))
        yield from _between(path, old, new)
        orders = [[each for each in one if each in other] for one, other in ((old, new), (new, old))]
        if orders[0] != orders[1]:
            yield CenterChange(path, *orders)
    elif _is_list_of_groups(before) and _is_list_of_groups(after):
        for at in range(max(len(before), len(after))):
            yield from _between(f"{path}[{at}]", *(each[at] if at < len(each) else None for each in (before, after)))
    else:
        yield CenterChange(path, before, after)


def _is_list_of_groups(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, dict) for each in value)
