"""Publishing a center file: checked as a whole, numbered, announced to every service. A broken file changes nothing."""

from schemas.center.center import Center, CenterMissed, CenterPublished
from schemas.center.findings import Finding, findings
from schemas.errors import Conflict, Invalid
from services.access import centers
from services.calendar.calendar import work_calendar
from services.plumbing.database.transaction import Transaction
from services.routing import store

AGAIN = 100
"""How many versions are announced again at once; a service that misses more asks again when the next arrives."""


class BrokenCenter(Invalid):
    """The file is refused whole; ``findings`` are all that is wrong with it."""

    def __init__(self, found: list[Finding]) -> None:
        super().__init__(found[0].path, found[0].message)
        self.findings = found


class OutdatedDraft(Conflict):
    """Somebody else has published a version meanwhile."""


def publish(
    tx: Transaction,
    center: Center,
    *,
    by: str | None = None,
    based_on: int | None = None,
    restores: int | None = None,
    source: str | None = None,
) -> int:
    """Make ``center`` the configuration from now on; its version, counted from 1 for each center.

    ``by`` is who did it, ``source`` the text, ``restores`` the version whose content it is. An unchanged file is not
    published again and keeps its version. Raises BrokenCenter, and OutdatedDraft if the newest version is not the one
    that it is ``based_on``; then the old one stays.
    """
    found = _findings(center)
    if found:
        raise BrokenCenter(found)
    tx.execute("SELECT pg_advisory_xact_lock(hashtext('center.published'), hashtext(%(code)s))", code=center.code)
    version = centers.newest_version(tx, center.code)
    if based_on not in (None, version):
        raise OutdatedDraft(f"version {version} was published meanwhile; this is based on version {based_on}")
    if version and centers.at_version(tx, center.code, version) == center:
        return version
    published = CenterPublished(center=center.code, version=version + 1, body=center)
    centers.keep(tx, published)
    store.publications.insert(tx, center.code, published.version, by=by, restores=restores, source=source)
    tx.announce(published)
    return published.version


def announce_again(tx: Transaction, missed: CenterMissed) -> None:
    """Announce the versions that a service has missed again, in their order; it ignores those that it knows."""
    newest = centers.newest_version(tx, missed.center)
    for version in range(missed.after + 1, min(newest, missed.after + AGAIN) + 1):
        body = centers.at_version(tx, missed.center, version)
        tx.announce(CenterPublished(center=missed.center, version=version, body=body))


def _findings(center: Center) -> list[Finding]:
    """What is wrong with the file itself; if nothing, what is wrong with its calendar, by the holidays known here."""
    found = findings(center)
    if not found:
        try:
            work_calendar(center.calendar)
        except Invalid as error:
            found = [Finding(error.field, error.detail)]
    return found
