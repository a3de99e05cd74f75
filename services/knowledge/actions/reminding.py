"""What time does by itself: late vettings, flags and reviews climb the ladder, and entries end."""

from collections import defaultdict
from datetime import datetime

from schemas.entries import SuspensionReason
from services.access import centers
from services.calendar.calendar import work_calendar
from services.knowledge import store
from services.knowledge.actions import showing
from services.knowledge.actions.notifying import Named, Urgency, notify
from services.knowledge.rules import late
from services.plumbing.database.transaction import Transaction

AT_ONCE = 200
_TEMPLATES = {"vettings": "entry.vetting_late", "flags": "entry.flag_late", "reviews": "review.late"}


def remind(tx: Transaction) -> int:
    """Tell those of the next level of what is late, once each level; how many rows were late. What a department has
    late at the same level and time is one notice.
    """
    done = 0
    for table in store.lateness.TABLES:
        rows = store.lateness.take(tx, table, AT_ONCE)
        of: dict[tuple[str, str, int, datetime], list[Named]] = defaultdict(list)
        moved = []
        for row in rows:
            center = centers.current(tx, row.center)
            level = row.level + 1
            moved.append((row.ctid, level, late.level_at(center, row.due_at, level + 1)))
            if row.entry_id is not None:
                of[row.center, row.department, level, row.due_at].append(Named(row.entry_id, row.number))
        if rows:
            store.lateness.set_levels(tx, table, moved)
        for (code, department, level, due_at), entries in of.items():
            center = centers.current(tx, code)
            urgency = Urgency(late.step_of(center, level).light, level, due_at)
            notify(tx, center, _TEMPLATES[table], late.recipients(center, department, level), entries, urgency)
        done += len(rows)
    return done


def end(tx: Transaction) -> int:
    """Entries whose time has come expire, and those whose basis has ended are suspended; how many."""
    done = 0
    for code, _ in centers.codes(tx):
        if centers.current_version(tx, code) == 0:
            continue
        today = work_calendar(centers.current(tx, code).calendar).local(tx.now).date()
        for entry in store.entries.take_ending(tx, code, today, AT_ONCE):
            if entry.valid_until is not None and entry.valid_until < today:
                showing.expire(tx, entry, "", None)
            else:
                showing.suspend(tx, entry, SuspensionReason.BASIS_ENDED, "", None)
            done += 1
    return done
