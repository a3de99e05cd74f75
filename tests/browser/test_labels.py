"""On every page each id is given once, and each label is of a field: or who hears a page hears the wrong name."""

import re
from collections import Counter

from tests.browser.furniture import furnish
from tests.browser.screenshots import pages
from tests.stack.desk_house import DeskHouse, Visitor

ID = re.compile(r'\sid="([^"]*)"')
LABEL = re.compile(r'<label[^>]*\sfor="([^"]*)"')


def test_each_id_is_given_once_and_each_label_has_its_field(house: DeskHouse) -> None:
    visitors: dict[str | None, Visitor] = {None: house.visitor()}
    faults = dict[str, list[str]]()
    for name, (staff, path) in pages(furnish(house)).items():
        if staff not in visitors:
            visitors[staff] = house.person(str(staff))
        text = visitors[staff].get(path).text
        ids = Counter(ID.findall(text))
        wrong = [each for each, times in ids.items() if times > 1] + [
            each for each in LABEL.findall(text) if each not in ids
        ]
        if wrong:
            faults[name] = wrong
    assert faults == {}
