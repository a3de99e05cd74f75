"""Notices and messages are kept as long as the center says, and are then deleted."""

from datetime import timedelta

from services.access import centers
from services.notify import store
from services.plumbing.database.transaction import Transaction

BATCH = 200
UNREAD = 2
"""A red notice that somebody has not read is kept for so many times as long."""


def forget(tx: Transaction) -> int:
    """Delete some of what is older than its center keeps it; how much, 0 when done."""
    deleted = 0
    for code, _name in centers.codes(tx):
        kept = timedelta(days=centers.current(tx, code).notices.keep_days)
        old = store.retention.old_notices(tx, code, tx.now - kept, tx.now - UNREAD * kept, BATCH)
        store.retention.delete_notices(tx, old)
        deleted += len(old) + store.retention.delete_messages(tx, code, tx.now - kept, BATCH)
    return deleted
