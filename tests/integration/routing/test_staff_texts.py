"""What staff write names the applicant; routing, which knows no applicant, stores and announces none of it."""

import json
from uuid import UUID

from marshmallow import fields
from marshmallow.validate import Regexp
from nameko.containers import ServiceContainer

from schemas.requests.applicants import Applicant
from services.plumbing.database.transaction import new_id
from services.plumbing.http.routes import Route
from services.privacy.fingerprints import MaskingKeys
from services.routing.actions.staff_texts import free_texts
from services.routing.service import RoutingService
from tests.integration.routing.desk import HOUSING, LEADER, POLICE, TAX, THREE_DEPARTMENTS, Desk, a_registration
from tests.stack.services import MASKING_KEY

APPLICANT = Applicant.load(
    {"kind": "person", "name": "欧阳静怡", "phone": "0591-87654321", "id_number": "11010519491231002X"}
)
TEXT = "欧阳静怡女士（0591-87654321，或 8765 4321，证件110105转19491231转002X）所说的事，已经办好，请回电确认。"
SHOWN = "欧阳**女士（0591-****4321，或 ****4321，证件110***********002X）所说的事，已经办好，请回电确认。"


def registered(desk: Desk, **changes: str) -> UUID:
    ticket_id = new_id()
    said = MaskingKeys(MASKING_KEY).fingerprints(ticket_id, APPLICANT)
    event = a_registration(ticket_id, applicant_fingerprints=said, **changes)
    desk.hears(event, until=lambda: desk.knows(ticket_id))
    return ticket_id


def test_no_text_of_staff_names_the_applicant_in_a_table_or_on_the_wire(desk: Desk) -> None:
    returned = registered(desk)
    path = f"/tickets/{returned}"
    for department, who in (("SWJ", TAX), ("GAJ", POLICE)):
        part = desk.part(returned, department)
        shown = desk.does(who, f"{part}/return", reason="not_our_duty", explanation=TEXT)
        assert shown["explanation"] == SHOWN
    desk.does(LEADER, f"{path}/arbitrate", lead="SWJ", complexity="ordinary", why=TEXT)
    desk.signs(returned, "SWJ", TAX)
    desk.deadline_set(returned)
    extensions = desk.does(TAX, f"{path}/extension", working_days=2, reason=TEXT, legal_basis=TEXT)["extensions"]
    assert (extensions[-1]["reason"], extensions[-1]["legal_basis"]) == (SHOWN, SHOWN)
    refused = desk.does(LEADER, f"/extensions/{extensions[-1]['id']}/refuse", why=TEXT)["extensions"]
    assert refused[-1]["why"] == SHOWN
    desk.does(LEADER, f"{path}/reclassify", complexity="complex", why=TEXT)
    assert desk.does(TAX, f"{path}/report", report=TEXT)["report"] == SHOWN
    assert desk.does(TAX, f"{path}/answer", answer=TEXT)["answer"] == SHOWN

    shared = registered(desk, title=THREE_DEPARTMENTS)
    for department, who in (("ZJJ", HOUSING), ("SWJ", TAX), ("GAJ", POLICE)):
        desk.signs(shared, department, who)
    assert desk.does(TAX, f"{desk.part(shared, 'SWJ')}/progress", progress=TEXT)["progress"] == SHOWN
    desk.does(POLICE, f"{desk.part(shared, 'GAJ')}/hand-over", to="police-deputy", why=TEXT)
    assert SHOWN in desk.ticket(shared)["timeline"][-1]["text"]
    when, where = "2025-01-26T14:30:00+08:00", {"departments": ["ZJJ", "SWJ", "GAJ"], "place": TEXT}
    for end, body in (("cancel", {"why": TEXT}), ("hold", {"outcome": TEXT})):
        meeting = desk.does(LEADER, f"/tickets/{shared}/meetings", meets_at=when, **where)
        moved = desk.does(LEADER, f"/meetings/{meeting['id']}/move", meets_at=when, place=f"二楼，{TEXT}", why=TEXT)
        assert (meeting["place"], moved["place"], moved["why"]) == (SHOWN, f"二楼，{SHOWN}", SHOWN)
        ended = desk.does(LEADER, f"/meetings/{meeting['id']}/{end}", **body)
        assert SHOWN in (ended["why"], ended["outcome"])
    assert desk.does(TAX, f"{desk.part(shared, 'SWJ')}/complete", result=TEXT)["result"] == SHOWN

    tables = [name for (name,) in desk.house.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'routing'")]
    rows = [row[0] for name in tables for row in desk.house.rows(f'SELECT to_json(each)::text FROM "{name}" AS each')]
    about = [said for said in desk.tap.read() if said["subject"] in (str(returned), str(shared))]
    assert len(about) > 10
    for secret in ("欧阳静怡", "87654321", "8765 4321", "19491231"):
        assert not [row for row in rows if secret in row]
        assert secret not in json.dumps(about, ensure_ascii=False)


def test_every_route_that_takes_a_text_is_asked_above() -> None:
    """A new one must be added there. No body hides a text deeper than a field.

    Minutes are asked in `test_sittings`. A center file speaks of no applicant, nor does an operator, who sees none;
    words that are looked for are not kept.
    """
    entrypoints = ServiceContainer(RoutingService, {}).entrypoints
    bodies = {each.method_name: each.body for each in entrypoints if isinstance(each, Route) and each.body}
    not_about_a_ticket = {
        *("check_center_file", "publish_center_file", "dry_run_center_file"),
        *("discard_parked_event", "replay_parked_kind"),
    }
    taking = {name: free_texts(body) for name, body in bodies.items() if free_texts(body)}
    assert {name: texts for name, texts in taking.items() if name not in not_about_a_ticket} == {
        "return_assignment": ("explanation",),
        "complete": ("result",),
        "report": ("report",),
        "answer": ("answer",),
        "arbitrate": ("why",),
        "reclassify": ("why",),
        "extend": ("reason", "legal_basis"),
        "refuse_extension": ("why",),
        "report_progress": ("progress",),
        "hand_over": ("why",),
        "call_meeting": ("place",),
        "move_meeting": ("place", "why"),
        "cancel_meeting": ("why",),
        "hold_meeting": ("outcome",),
        "write_minutes": ("minutes", "handover"),
        "sign_minutes": ("minutes", "handover"),
    }
    of_bodies = [field for body in bodies.values() for field in body.schema().fields.values()]
    assert not [field for field in of_bodies if isinstance(field, fields.Nested | fields.Dict)]
    inner = [field.inner for field in of_bodies if isinstance(field, fields.List)]
    texts = [field for field in inner if not isinstance(field, fields.UUID)]
    assert texts
    assert all(any(isinstance(each, Regexp) for each in field.validators) for field in texts)
