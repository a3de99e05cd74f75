"""After the story the system stays up for those who want to try it: addresses, tokens, and commands that work."""

import json
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from rich.console import Console

from schemas.center.access import holders_of
from schemas.center.center import Center
from schemas.enums import PROMISES, Light, Role, TicketState
from services.demo.parked import send_what_only_a_later_version_knows
from services.demo.people import Receipt
from services.sandbox.accounts import give_account
from services.sandbox.sandbox import Sandbox
from services.wording import Wording

_NEW = {
    "title": "公积金提取被退回",
    "text": "公积金提取申请三次被退回，窗口说系统里查不到我的缴存。有事打13900001234。",
    "channel": "window",
    "applicant": {"kind": "person", "name": "周小满", "phone": "139 0000 1234"},
}

_ROLES = (
    Role.CLERK,
    Role.LIAISON,
    Role.DEPARTMENT_HEAD,
    Role.DUTY_LEADER,
    Role.DIRECTOR,
    Role.SUPERVISOR,
    Role.AUDITOR,
    Role.OPS,
    Role.CHANNEL,
)


def stay_up(sandbox: Sandbox, receipts: Mapping[str, Receipt], console: Console, say: Wording) -> None:
    """Print what can be tried, let the clock run, and return at Ctrl-C."""
    if holders_of(sandbox.center, Role.OPS):
        send_what_only_a_later_version_knows(sandbox, next(iter(receipts.values())))
    sandbox.let_run()
    up = say("The house stays up until Ctrl-C; its clock runs on from where the story ended. To try it:")
    console.print(f"\n{up}\n")
    for line in instructions(sandbox, receipts, say):
        console.print(line, soft_wrap=True, markup=False)
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        console.print(f"\n{say('Closing the house.')}", style="dim")


def instructions(sandbox: Sandbox, receipts: Mapping[str, Receipt], say: Wording) -> list[str]:
    """Lines for a shell: addresses and tokens as variables, then what can be asked with them."""
    first, second, *_ = receipts.values()
    department = _hard_pressed(sandbox)
    return [
        *(f"{name.upper()}=http://{address}" for name, address in sandbox.addresses.items()),
        f"OPERATIONS=http://{sandbox.operations_address}",
        *(f"{name}={token}" for name, token in _tokens(sandbox, department).items()),
        "",
        say(
            "# In a browser: the desk at {address}, with these names and passwords, or by the links.",
            address=_desk(sandbox),
        ),
        *_accounts(sandbox, department),
        say("# What the citizen sees there: {address}", address=_status(sandbox, first)),
        *_other_citizens(sandbox, receipts, say),
        *_for_operators(sandbox, say),
        "",
        say("# Register a ticket; the reply has its number, and the code for the citizen."),
        _curl("CLERK", "$INTAKE/tickets", json.dumps(_NEW, ensure_ascii=False)),
        say("# What the citizen sees, with number and code; what the clerk sees, masked."),
        _curl(None, f"$INTAKE/tickets/{first.number}/status", json.dumps({"code": first.query_code})),
        _curl("CLERK", f"$INTAKE/tickets/{first.ticket_id}"),
        say("# What was decided and done; why it is due when it is due, day by day."),
        _curl("LEADER", f"$ROUTING/tickets/{second.ticket_id}"),
        _curl("OPS", f"$DEADLINE_WATCH/deadlines/{second.ticket_id}"),
        say("# What a department has to do; the wall screen."),
        _curl("LIAISON", "$ROUTING/assignments?state=accepted"),
        _curl("DIRECTOR", "$DEADLINE_WATCH/board"),
        say("# The same as a table."),
        f"BANCHENG_INTAKE_ADDRESS={sandbox.addresses['intake']}"
        f" BANCHENG_DEADLINE_WATCH_ADDRESS={sandbox.addresses['deadline_watch']}"
        f" BANCHENG_TOKEN=$CLERK bancheng explain {second.number} --lang {say.language}",
        say("# Whether it is well, for probes and Prometheus; on a port of its own, away from the citizens."),
        "curl -s $OPERATIONS/health/ready; curl -s $OPERATIONS/metrics",
    ]


def _desk(sandbox: Sandbox) -> str:
    return f"http://{sandbox.addresses['desk']}"


def _accounts(sandbox: Sandbox, department: str) -> list[str]:
    """Who can log in to the desk, a person for each role: a password that holds at once, and a link that needs none."""
    bearers = _bearers(sandbox.center, department)
    people = [staff[0] for role, staff in bearers.items() if staff and role != "CHANNEL"]
    width = max(map(len, people))
    return [
        f"#   {staff:<{width}}  {give_account(sandbox, staff)}  {sandbox.trial_link(staff)}  {each.name} {each.title}"
        for staff, each in ((staff, sandbox.center.staff[staff]) for staff in dict.fromkeys(people))
    ]


def _status(sandbox: Sandbox, receipt: Receipt) -> str:
    return f"{_desk(sandbox)}/status#{receipt.number}/{receipt.query_code}"


def _other_citizens(sandbox: Sandbox, receipts: Mapping[str, Receipt], say: Wording) -> Iterator[str]:
    """The pages on which a citizen has something to do: those of the latest ticket in each such state."""
    window = sandbox.client("intake", sandbox.token(holders_of(sandbox.center, Role.CLERK)[0], Role.CLERK))
    latest = {window.get(f"/tickets/{each.ticket_id}")["state"]: each for each in receipts.values()}
    if awaiting := latest.get(TicketState.AWAITING_MATERIALS):
        yield say("# A citizen who has still to send papers: {address}", address=_status(sandbox, awaiting))
    if answered := latest.get(TicketState.ANSWERED):
        yield say("# A citizen who may rate the answer: {address}", address=_status(sandbox, answered))


def _for_operators(sandbox: Sandbox, say: Wording) -> Iterator[str]:
    """Where the event lies that was sent to fail."""
    if holders_of(sandbox.center, Role.OPS):
        yield say(
            "# An event was sent that only a later version can read; the operator finds it parked: {address}",
            address=f"{_desk(sandbox)}/parked",
        )


def _hard_pressed(sandbox: Sandbox) -> str:
    """The department with most that is late, and then with most that is open: there is most to see in its inbox."""
    director = sandbox.client("deadline_watch", sandbox.token(sandbox.center.director, Role.DIRECTOR))
    rows = [
        each
        for each in director.get("/board")["rows"]
        if each["kind"] in PROMISES and each["department"] in sandbox.center.departments
    ]
    late = Counter[str]({each["department"]: 0 for each in rows} or {next(iter(sandbox.center.departments)): 0})
    still_open = Counter[str]()
    for each in rows:
        late[each["department"]] += each["count"] if each["light"] == Light.RED else 0
        still_open[each["department"]] += each["count"]
    return max(late, key=lambda name: (late[name], still_open[name]))


def _bearers(center: Center, department: str) -> dict[str, Sequence[str]]:
    """Who has each role; the liaisons and the head are those of the department."""
    busiest = center.departments[department]
    return {
        "CLERK": holders_of(center, Role.CLERK),
        "LIAISON": busiest.liaisons,
        "HEAD": (busiest.head,) if busiest.head else (),
        "LEADER": center.roster.leaders,
        "DIRECTOR": (center.director,),
        "SUPERVISOR": (center.supervision_office,),
        "AUDITOR": holders_of(center, Role.AUDITOR),
        "OPS": holders_of(center, Role.OPS),
        "CHANNEL": holders_of(center, Role.CHANNEL),
    }


def _tokens(sandbox: Sandbox, department: str) -> dict[str, str]:
    """One for each role that somebody has."""
    of_department = (Role.LIAISON, Role.DEPARTMENT_HEAD)
    return {
        name: sandbox.token(staff[0], role, department=department if role in of_department else None)
        for (name, staff), role in zip(_bearers(sandbox.center, department).items(), _ROLES, strict=True)
        if staff
    }


def _curl(role: str | None, address: str, body: str | None = None) -> str:
    token = f' -H "Authorization: Bearer ${role}"' if role else ""
    sent = f" -H 'Content-Type: application/json' -d '{body}'" if body else ""
    return f'curl -s "{address}"{token}{sent}'
