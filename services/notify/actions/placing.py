"""What others announce becomes notices: in the desk at once, and on their way by each recipient's first channel."""

from collections.abc import Sequence
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from schemas.center.center import Center
from schemas.center.thresholds import NoticeRule
from schemas.enums import Light
from schemas.events.escalations import EscalationPassedUp
from schemas.events.notices import NoticePlaced, NoticeRequested, escalation_notice_id, passed_up_notice_id
from schemas.events.tickets import EscalationVoided, TicketEscalated
from services.access import centers
from services.notify import metrics, store
from services.notify.rules import chain
from services.notify.rules.chain import PersonChannel, Wishes
from services.notify.store.notices import Addressed, Notice
from services.plumbing.database.transaction import Transaction
from services.plumbing.messaging.failures import NotYet

PASSED_UP = "escalation.passed_up"
VOIDED = "escalation.voided"
"""The templates of what becomes of an escalation."""


def request(tx: Transaction, events: Sequence[NoticeRequested]) -> None:
    """Somebody is to be notified. Raises NotYet while the ticket's number is not known here."""
    _ensure_known(tx, events)
    notices = [
        Notice(
            *(each.notice_id, each.center, each.ticket_id, each.template, each.light and each.light.value, None),
            *(each.level, each.due_at, each.requested_at),
            entry_id=each.entry_id,
            entry_number=each.number if each.entry_id else None,
        )
        for each in events
    ]
    place(tx, notices, [Addressed(each.notice_id, staff) for each in events for staff in each.recipients])


def escalate(tx: Transaction, events: Sequence[TicketEscalated]) -> None:
    """A level of the ladder was reached. Raises NotYet while the ticket's number is not known here."""
    _ensure_known(tx, events)
    by_id = {escalation_id(each): each for each in events}
    notices = [
        Notice(
            *(id_, each.center, each.ticket_id, each.template, each.light.value, each.kind, each.level),
            *(each.due_at, each.escalated_at),
        )
        for id_, each in by_id.items()
    ]
    place(tx, notices, [Addressed(id_, staff) for id_, each in by_id.items() for staff in each.to])


def pass_up(tx: Transaction, events: Sequence[EscalationPassedUp]) -> None:
    """Nobody acknowledged an escalation, so those of the next level are told of it; unless it is void by now. Raises
    NotYet while the ticket's number is not known here.
    """
    _ensure_known(tx, events)
    by_id = {passed_up_notice_id(escalation_id(each), each.to_level): each for each in events}
    before = store.notices.by_id(tx, {escalation_id(each) for each in events}, locked=True)
    notices = [
        Notice(
            *(id_, each.center, each.ticket_id, PASSED_UP, each.light.value, each.kind.value, each.to_level),
            *(each.due_at, each.passed_up_at, None, escalation_id(each)),
        )
        for id_, each in by_id.items()
        if (known := before.get(escalation_id(each))) is None or known.voided_at is None
    ]
    place(tx, notices, [Addressed(each.id, staff) for each in notices for staff in by_id[each.id].to])


def void(tx: Transaction, events: Sequence[EscalationVoided]) -> None:
    """A level was not reached after all: whoever was notified of it is notified of that, whoever was not of nothing."""
    by_id = {escalation_id(each): each for each in events}
    notices = [
        Notice(
            id_, each.center, each.ticket_id, VOIDED, None, each.kind, each.level, None, each.voided_at, each.voided_at
        )
        for id_, each in by_id.items()
    ]
    new = store.notices.void(tx, notices)
    take_back(tx, list(store.notices.by_id(tx, new).values()), store.notices.take_back(tx, new))


def take_back(tx: Transaction, voided: Sequence[Notice], notified: Sequence[Addressed]) -> None:
    """Notify people, each once, that what they were notified of was not so."""
    of = {each.id: uuid5(each.id, VOIDED) for each in voided}
    concerned = {each.notice_id for each in notified}
    place(
        tx,
        [
            Notice(of[each.id], each.center, each.ticket_id, VOIDED, None, each.kind, None, each.due_at, tx.now)
            for each in voided
            if each.id in concerned
        ],
        [Addressed(of[each.notice_id], each.recipient) for each in notified],
    )


def escalation_id(event: TicketEscalated | EscalationPassedUp | EscalationVoided) -> UUID:
    """The notice that people got, or would have got, of this level of the ladder."""
    return escalation_notice_id(event.deadline_id, event.level, event.revision)


def _ensure_known(tx: Transaction, events: Sequence[NoticeRequested | TicketEscalated | EscalationPassedUp]) -> None:
    unknown = store.notices.unknown(tx, {each.ticket_id for each in events if each.ticket_id})
    if early := [each for each in events if each.ticket_id in unknown]:
        raise NotYet("the ticket is not known yet", early)


def place(tx: Transaction, notices: Sequence[Notice], addressed: Sequence[Addressed]) -> None:
    """Put notices before their recipients, and send each on its way; what is void or was placed before is left out."""
    if not notices:
        return
    known = store.notices.insert(tx, notices)
    new = store.notices.address(tx, [each for each in addressed if each.notice_id in known], known)
    for center in {known[each.notice_id].center for each in new}:
        mine = [each for each in new if known[each.notice_id].center == center]
        _send_on(tx, center, mine, known)
    recipients: dict[UUID, list[str]] = {}
    for each in new:
        recipients.setdefault(each.notice_id, []).append(each.recipient)
    for id_, to in recipients.items():
        notice = known[id_]
        tx.announce(
            NoticePlaced(
                center=notice.center,
                ticket_id=notice.ticket_id,
                entry_id=notice.entry_id,
                notice_id=id_,
                to=tuple(to),
                template=notice.template,
                placed_at=tx.now,
            )
        )
    metrics.count_placed(tx, known, new)


def _send_on(tx: Transaction, center: str, addressed: Sequence[Addressed], notices: dict[UUID, Notice]) -> None:
    people = {each.recipient for each in addressed}
    channels = store.channels.of_people(tx, center, people)
    wishes = store.channels.wishes_of(tx, center, people)
    rows = []
    for each in addressed:
        notice = notices[each.notice_id]
        if first := first_of(tx, notice, channels.get(each.recipient, ()), ()):
            rows.append(row_of(tx, notice, each.recipient, first, wishes.get(each.recipient, chain.NO_WISHES)))
    store.deliveries.insert(tx, rows)


def first_of(
    tx: Transaction, notice: Notice, channels: Sequence[PersonChannel], tried: Sequence[UUID]
) -> PersonChannel | None:
    """The channel by which a notice is tried next."""
    rule = rule_of(tx, notice.center)
    return chain.next_channel(channels, tried, notice.level, phone_from_level=rule.phone_from_level)


def row_of(
    tx: Transaction, notice: Notice, recipient: str, channel: PersonChannel, wishes: Wishes
) -> dict[str, object]:
    """A delivery that waits for a channel, and for the person's hours."""
    center = center_of(tx, notice.center)
    held = chain.hold_until(
        wishes,
        channel.kind,
        Light(notice.light) if notice.light else None,
        tx.now,
        ZoneInfo(center.calendar.time_zone if center else "Asia/Shanghai"),
        recipient,
        red_ignores_quiet_hours=rule_of(tx, notice.center).red_ignores_quiet_hours,
    )
    return {
        "notice_id": notice.id,
        "center": notice.center,
        "recipient": recipient,
        "channel": channel.kind,
        "channel_id": channel.id,
        "hold_until": held,
        "is_red": notice.light == Light.RED,
    }


def center_of(tx: Transaction, code: str) -> Center | None:
    """The center file, if it has come."""
    return centers.current(tx, code) if centers.current_version(tx, code) else None


def rule_of(tx: Transaction, code: str) -> NoticeRule:
    """What a center has set about notices."""
    center = center_of(tx, code)
    return center.notices if center else NoticeRule()
