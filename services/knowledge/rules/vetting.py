"""Who vets a version, and what comes of it; what each may do with an entry. Pure."""

from collections.abc import Collection
from typing import NamedTuple, Protocol

from schemas.center.center import Center
from schemas.entries import EntryState, VersionState, VettingStage, VettingVerdict
from schemas.enums import Role
from schemas.errors import Conflict, Forbidden, Invalid
from services.knowledge.rules.entry import Entry, EntryVersion, ensure_no_drafter

STAGE_OF = {
    VersionState.DEPARTMENT_VETTING: VettingStage.DEPARTMENT,
    VersionState.JUSTICE_VETTING: VettingStage.JUSTICE,
}
DEPARTMENTS = frozenset({Role.LIAISON, Role.DEPARTMENT_HEAD})
WRITERS = DEPARTMENTS | {Role.CLERK}
STOPPERS = frozenset({Role.DIRECTOR, Role.SUPERVISOR})


class Acting(Protocol):
    """Whoever asks; ``department`` is the one that a liaison or a head speaks for."""

    @property
    def staff(self) -> str:
        """Who it is."""

    @property
    def department(self) -> str | None:
        """For which department."""

    def has(self, *roles: Role) -> bool:
        """Whether any of ``roles`` is among theirs."""


class AskedDepartment(NamedTuple):
    """A department that is asked to vet, and has not yet."""

    stage: VettingStage
    department: str


def justice_of(center: Center) -> str:
    """The department that vets the basis. Raises Conflict where the center file names none."""
    justice = center.question_base.justice
    if justice is None or justice not in center.departments:
        raise Conflict("the center file names no department that vets the basis")
    return justice


def ensure_may_vet(
    actor: Acting, version: EntryVersion, seen: int, asked: Collection[AskedDepartment]
) -> AskedDepartment:
    """The part that the actor's department has to vet now. Raises Conflict, Forbidden."""
    stage = STAGE_OF.get(version.state)
    if stage is None or seen != version.version:
        raise Conflict("this version is not being vetted")
    mine = AskedDepartment(stage, actor.department or "")
    if not actor.has(*DEPARTMENTS) or mine not in asked:
        raise Forbidden("your department is not asked to vet this version now")
    ensure_no_drafter(version, actor.staff)
    return mine


def ensure_says_why(verdict: VettingVerdict, reason: str) -> None:
    """Whoever does not sign says why. Raises Invalid."""
    if verdict is not VettingVerdict.APPROVE and len(reason.strip()) < 5:
        raise Invalid("reason", "Must say why in at least 5 characters.")


def is_of(actor: Acting, entry: Entry) -> bool:
    """Whether the actor's department answers for the entry."""
    return actor.has(*DEPARTMENTS) and actor.department == entry.owner


def may_write(actor: Acting, entry: Entry, latest: EntryVersion) -> bool:
    """A clerk, who wrote it, or a department that it names."""
    if actor.has(Role.CLERK) or is_of(actor, entry):
        return True
    return actor.has(*DEPARTMENTS) and (actor.department in latest.departments or actor.staff in latest.drafters)


def ensure_may_write(actor: Acting, entry: Entry, latest: EntryVersion) -> None:
    """Raises Forbidden."""
    if not may_write(actor, entry, latest):
        raise Forbidden("an entry of other departments is theirs to write")


def acts_of(actor: Acting, entry: Entry, latest: EntryVersion, asked: Collection[AskedDepartment]) -> tuple[str, ...]:
    """What the actor may do with an entry now: edit, submit, vet, suspend, expire, flag, settle."""
    is_shown = entry.state is EntryState.PUBLISHED
    stage = STAGE_OF.get(latest.state)
    is_asked = stage is not None and AskedDepartment(stage, actor.department or "") in asked
    is_kept = entry.state is not EntryState.EXPIRED
    stops = actor.has(*STOPPERS)
    acts = {
        "edit": is_kept and stage is None and may_write(actor, entry, latest),
        "submit": is_kept and latest.state is VersionState.DRAFT and may_write(actor, entry, latest),
        "vet": is_asked and actor.has(*DEPARTMENTS) and actor.staff not in latest.drafters,
        "suspend": is_shown and stops,
        "expire": entry.state in {EntryState.PUBLISHED, EntryState.SUSPENDED} and (stops or is_of(actor, entry)),
        "flag": is_shown,
        "settle": is_of(actor, entry),
    }
    return tuple(act for act, may in acts.items() if may)
