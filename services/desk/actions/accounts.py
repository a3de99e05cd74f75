"""What an administrator does to accounts: give a first password, shut somebody out."""

from schemas.errors import Invalid
from services.access import centers
from services.desk import store
from services.desk.actions.passwords import NOBODY
from services.plumbing.database.transaction import Transaction


def lock(tx: Transaction, center: str, staff: str) -> None:
    """Shut somebody out: nobody knows the new password, all sessions end, and so does the address of their calendar.

    `reset` lets them in again.
    """
    store.accounts.save_password(tx, center, staff, NOBODY, must_set_password=True)
    store.accounts.shut_out(tx, center, staff)
    store.sessions.delete_of(tx, center, staff)
    store.feeds.delete(tx, center, staff)


def reset(tx: Transaction, center: str, staff: str, password_hash: str) -> None:
    """Give a person a first password, which must be changed at the first login; all sessions end.

    Raises Invalid on somebody whom the center file does not name, centers.UnknownCenter.
    """
    if staff not in centers.current(tx, center).staff:
        raise Invalid("staff", "The center file names nobody by this id.")
    store.accounts.save_password(tx, center, staff, password_hash, must_set_password=True)
    store.sessions.delete_of(tx, center, staff)
    store.feeds.delete(tx, center, staff)
