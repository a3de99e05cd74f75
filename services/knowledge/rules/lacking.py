"""Which questions are the same in other words, of those that the question base could not answer. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from services.knowledge.rules.weighing import Pair

ASKED_OFTEN = 3
"""What was asked so often and not found is written, or kept out with a reason."""
SAME = 0.5
"""Two questions that have so much of the shorter one in common are the same."""


def asked_often(questions: Iterable[Mapping[Pair, float]]) -> Iterator[Sequence[int]]:
    """The places of questions that are the same, for each that was asked often. A question is what each of its pairs
    tells. Each is compared to the first of every group that it has a pair in common with.
    """
    groups: list[list[int]] = []
    wholes: list[float] = []
    having: dict[Pair, list[int]] = defaultdict(list)
    for place, terms in enumerate(questions):
        common: dict[int, float] = defaultdict(float)
        for pair, telling in terms.items():
            for group in having[pair]:
                common[group] += telling
        whole = sum(terms.values())
        nearest = max(common, key=lambda group: common[group] / min(whole, wholes[group]), default=None)
        if nearest is not None and common[nearest] >= SAME * min(whole, wholes[nearest]):
            groups[nearest].append(place)
            continue
        for pair in terms:
            having[pair].append(len(groups))
        groups.append([place])
        wholes.append(whole)
    return (group for group in groups if len(group) >= ASKED_OFTEN)
