"""People at the knowledge service who write, vet and look through entries of the question base."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from schemas.center.center import CenterPublished
from schemas.center.question_base import QuestionBaseRule
from schemas.enums import Role
from tests.routing_builders import a_city_center, at
from tests.stack.access import bearer
from tests.stack.desk import Desk, Header
from tests.stack.one_service import OneService

TUESDAY = "2025-03-04T10:00"
CLERK = bearer("he-jing", Role.CLERK)
TAX = bearer("tax-clerk", Role.LIAISON, department="SWJ")
TAX_HEAD = bearer("tax-head", Role.DEPARTMENT_HEAD, department="SWJ")
HOUSING = bearer("home-clerk", Role.LIAISON, department="ZJJ")
JUSTICE = bearer("police-clerk", Role.LIAISON, department="GAJ")
DIRECTOR = bearer("director", Role.DIRECTOR)
SUPERVISOR = bearer("watchman", Role.SUPERVISOR)
OPERATOR = bearer("watchman", Role.OPS)


def an_entry(**changes: Any) -> dict[str, Any]:
    """What a clerk writes about companies that move; tax and housing vet it."""
    return {
        "question": "企业跨区迁移怎么办税务迁移？",
        "answer": "先在电子税务局提交，三个工作日办结。",
        "departments": ["SWJ", "ZJJ"],
        "basis": [{"title": "税务登记管理办法", "article": "第十六条"}],
        "valid_until": "2025-12-31",
    } | changes


class EntryDesk(Desk):
    """The service with its people; GAJ vets the basis."""

    def write(self, who: Header = CLERK, **changes: Any) -> dict[str, Any]:
        """A draft."""
        return dict(self.good(201, "POST", "/entries", who, an_entry(**changes)))

    def act(self, entry: dict[str, Any], act: str, who: Header, **body: Any) -> dict[str, Any]:
        """Do something with an entry, with the latest version as seen where that is asked for."""
        if act in ("submit", "vet"):
            body = {"version": entry["latest_version"]} | body
        return dict(self.good(200, "POST", f"/entries/{entry['id']}/{act}", who, body))

    def sign(self, entry: dict[str, Any], *who: Header) -> dict[str, Any]:
        """Have these sign the latest version, one after the other."""
        for each in who:
            entry = self.act(entry, "vet", each, verdict="approve")
        return entry

    def published(self, who: Header = CLERK, **changes: Any) -> dict[str, Any]:
        """An entry of the tax office that is shown."""
        entry = self.write(who, **{"departments": ["SWJ"]} | changes)
        return self.sign(self.act(entry, "submit", CLERK), TAX_HEAD, JUSTICE)

    def entry(self, entry: dict[str, Any], who: Header = CLERK) -> dict[str, Any]:
        """An entry as it is now."""
        return dict(self.good(200, "GET", f"/entries/{entry['id']}", who))

    def states(self, entry: dict[str, Any]) -> tuple[str, list[str]]:
        """The state of an entry, and of each of its versions, the first first."""
        found = self.entry(entry)
        return found["state"], [each["state"] for each in reversed(found["versions"])]


@contextmanager
def entry_desk(amqp_uri: str, database_url: str) -> Iterator[EntryDesk]:
    """The knowledge service alone, on a Tuesday in March."""
    house = OneService("knowledge", amqp_uri, database_url, clock=f"{at(TUESDAY).isoformat()}@0")
    center = a_city_center(question_base=QuestionBaseRule(justice="GAJ"))
    with house.tap() as tap, house.process() as service:
        made = EntryDesk(house, service, tap)
        made.hears_until(
            lambda: house.rows("SELECT 1 FROM centers"),
            CenterPublished(center="BC", version=1, body=center),
            source="routing",
        )
        yield made
        print(service.log[-4000:])
    house.database.close()
