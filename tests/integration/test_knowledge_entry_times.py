"""What time does in the question base by itself, the lists of the week, and what is read in from a file."""

from collections.abc import Iterator

import pytest

from schemas.events.notices import NoticeRequested
from tests.integration.entry_desk import (
    CLERK,
    HOUSING,
    JUSTICE,
    OPERATOR,
    TAX,
    TUESDAY,
    EntryDesk,
    an_entry,
    entry_desk,
)
from tests.routing_builders import at
from tests.stack.eventually import eventually


@pytest.fixture(scope="module")
def desk(amqp_uri: str, database_url: str) -> Iterator[EntryDesk]:
    with entry_desk(amqp_uri, database_url) as made:
        yield made


@pytest.fixture(autouse=True)
def on_tuesday(desk: EntryDesk) -> None:
    desk.house.step(at(TUESDAY))


def test_what_is_late_goes_up_the_ladder_once_each_level(desk: EntryDesk) -> None:
    entry = desk.act(desk.write(departments=["SWJ"]), "submit", CLERK)

    def late() -> list[tuple[int | None, tuple[str, ...]]]:
        return [
            (each.level, each.recipients)
            for each in desk.tap.of(NoticeRequested, entry["id"])
            if each.template == "entry.vetting_late"
        ]

    desk.house.step(at("2025-03-06T16:59"))
    assert late() == []
    steps = [
        ("2025-03-06T17:01", ("tax-clerk", "tax-head")),
        ("2025-03-07T17:01", ("director",)),
        ("2025-03-13T17:01", ("watchman",)),
    ]
    for nth, (when, who) in enumerate(steps, start=1):
        desk.house.step(at(when))
        assert eventually(lambda nth=nth: len(late()) == nth), late()  # type: ignore[misc]
        assert late()[-1] == (nth, who)
    assert (
        desk.house.value(
            "SELECT count(*) FROM vettings WHERE next_level_at IS NOT NULL AND entry_id = %(id)s", id=entry["id"]
        )
        == 0
    )


def test_an_entry_ends_with_its_time_and_is_checked_when_its_basis_ends(desk: EntryDesk) -> None:
    basis = [{"title": "试行办法", "ends": "2025-04-30"}]
    ending, based = desk.published(valid_until="2025-04-30"), desk.published(basis=basis)
    desk.house.step(at("2025-04-30T23:59"))
    assert desk.entry(based)["state"] == "published"
    desk.house.step(at("2025-05-01T00:01"))
    assert eventually(lambda: desk.entry(ending)["state"] == "expired")
    assert eventually(lambda: desk.entry(based)["state"] == "suspended")


def test_the_list_of_the_week_is_made_once_and_worked_off(desk: EntryDesk) -> None:
    kept, over, fine = desk.published(valid_until="2025-03-31"), desk.published(), desk.published()
    desk.act(over, "flag", CLERK, reason="电话打不通了。")

    def listed() -> dict[str, dict[str, object]]:
        return {each["entry_id"]: each for each in desk.good(200, "GET", "/review?department=SWJ", TAX)["items"]}

    desk.house.step(at("2025-03-17T07:59"))
    assert kept["id"] not in listed()
    desk.house.step(at("2025-03-17T08:00"))

    assert eventually(lambda: {kept["id"], over["id"]} <= listed().keys(), seconds=40)
    lines = listed()
    assert fine["id"] not in lines
    assert lines[kept["id"]]["reasons"] == ["validity_ending"]
    assert lines[over["id"]]["reasons"] == ["flagged"]
    assert lines[kept["id"]]["due_at"] == "2025-03-21T17:00:00+08:00"
    path = f"/review/{lines[kept['id']]['id']}"
    assert desk.ask("POST", path, HOUSING, {"verdict": "keep"}).status_code == 404
    assert "why" in str(desk.problem(422, "POST", path, TAX, {"verdict": "change"}))
    desk.good(200, "POST", path, TAX, {"verdict": "keep"})
    assert "before" in desk.problem(409, "POST", path, TAX, {"verdict": "keep"})
    desk.good(200, "POST", f"/review/{lines[over['id']]['id']}", TAX, {"verdict": "expire", "why": "业务已经取消"})
    assert desk.entry(over)["state"] == "expired"
    assert not {kept["id"], over["id"]} & listed().keys()


def test_what_is_read_in_is_signed_many_at_once_or_taken_away(desk: EntryDesk) -> None:
    rows = [an_entry(question=f"第{nth}问", departments=["ZJJ"]) for nth in range(3)]
    first, second = ("01950000-0000-7000-8000-00000000000" + each for each in "12")
    for import_id in (first, second, first):
        part = {"import_id": import_id, "name": "876问", "first": 0, "entries": rows}
        assert desk.good(200, "POST", "/entries/imports", OPERATOR, part)["rows"] == 3, "the same part is taken once"
    wrong = part | {"first": 3, "entries": [*rows, an_entry(departments=["NONE"])]}
    assert "entries.3.owner" in str(desk.problem(422, "POST", "/entries/imports", OPERATOR, wrong))
    assert "before these" in desk.problem(409, "POST", "/entries/imports", OPERATOR, part | {"first": 4})
    drafts = desk.good(200, "GET", "/entries/imported", HOUSING)["items"]
    assert len(drafts) == 6
    lot = [{"entry_id": each["entry_id"], "version": each["version"]} for each in drafts[:3]]
    assert desk.ask("POST", "/vettings", TAX, {"entries": lot}).status_code == 403
    assert desk.good(200, "POST", "/vettings", HOUSING, {"entries": lot})["signed"] == 3
    waiting = {each["entry_id"] for each in desk.good(200, "GET", "/vettings", JUSTICE)["items"]}
    assert {each["entry_id"] for each in lot} <= waiting
    assert desk.good(200, "POST", "/vettings", JUSTICE, {"entries": lot})["signed"] == 3
    assert desk.states({"id": lot[0]["entry_id"]}) == ("published", ["published"])
    undone = [desk.good(200, "POST", f"/entries/imports/{each}/undo", OPERATOR, {}) for each in (first, second)]
    listed = desk.good(200, "GET", "/entries/imports", OPERATOR)["items"]
    assert sorted((each["rows"], each["removed"]) for each in listed) == [(3, 0), (3, 3)]
    assert sorted((each["removed"], each["kept"]) for each in undone) == [(0, 3), (3, 0)]
