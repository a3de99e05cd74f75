"""A person's channels and wishes: set by themselves, kept encrypted, not given back where they are secret."""

import re
from typing import Any
from urllib.parse import urlsplit

from schemas.channels import ROBOTS, DeliveryState, NoticeChannel
from schemas.errors import Invalid
from schemas.identity import plain_phone
from schemas.requests.channels import ChannelSetting, ChannelsView, ChannelTest, ChannelView, QuietHours
from services.notify import store
from services.notify.rules.chain import NO_WISHES, Wishes
from services.notify.settings import NotifySettings
from services.plumbing.ciphers import associated_data
from services.plumbing.database.transaction import Row, Transaction, new_id
from services.plumbing.http.group_commit import Call

URLS = ROBOTS | {NoticeChannel.WEBHOOK}
"""The kinds whose address is one of the web, which is as good as a password."""
_SHOWN = 4
_MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")


def set_channels(call: Call, settings: NotifySettings) -> None:
    """Store what somebody wishes for themselves. Raises Invalid, which names the channel."""
    center, staff, wanted = call.actor.center, call.actor.staff, call.body
    quiet = wanted.quiet_hours
    wishes = Wishes(
        quiet.begins if quiet else None, quiet.ends if quiet else None, wanted.digest_minutes, wanted.language
    )
    store.channels.lock_person(call.tx, center, staff, wishes)
    held = {row.id: row for row in store.channels.of_person(call.tx, center, staff)}
    rows: list[dict[str, Any]] = []
    for position, each in enumerate(wanted.channels):
        row = held.pop(each.id, None) if each.id else None
        if each.id and row is None:
            raise Invalid(f"channels.{position}.id", "Must be one of your channels, named once.")
        encrypted = _encrypted(settings, each, row, f"channels.{position}")
        if any(
            (one["kind"], one["address_fingerprint"]) == (each.kind, encrypted["address_fingerprint"]) for one in rows
        ):
            raise Invalid(f"channels.{position}.address", "Is one of your channels already.")
        rows.append(
            {
                "center": center,
                "staff": staff,
                "position": position,
                "kind": each.kind,
                "enabled": each.enabled,
                **encrypted,
            }
        )
    store.channels.put(call.tx, center, staff, rows)


def _encrypted(settings: NotifySettings, wanted: ChannelSetting, row: Row | None, path: str) -> dict[str, Any]:
    """The columns that hold what nobody else may read; what is left out or given back as shown stays as it was."""
    id_ = row.id if row else new_id()
    if row is not None and row.kind != wanted.kind:
        raise Invalid(f"{path}.kind", "A channel of another kind is another channel.")
    kept = row is not None and wanted.address in (None, _shown(settings, row))
    if kept and row is not None:
        address, fingerprint = bytes(row.encrypted_address), bytes(row.address_fingerprint)
    else:
        plain = _plain(settings, wanted, f"{path}.address")
        address = settings.cipher.encrypt(plain, context=associated_data(id_, "address"))
        fingerprint = settings.cipher.fingerprint(plain)
    secret = bytes(row.encrypted_secret) if kept and row is not None and row.encrypted_secret else None
    if wanted.secret is not None:
        secret = settings.cipher.encrypt(wanted.secret, context=associated_data(id_, "secret"))
    return {"id": id_, "encrypted_address": address, "encrypted_secret": secret, "address_fingerprint": fingerprint}


def _plain(settings: NotifySettings, wanted: ChannelSetting, field: str) -> str:
    """The address as it is used. Raises Invalid."""
    address = (wanted.address or "").strip()
    if wanted.kind in URLS:
        if not settings.hosts.permits(address):
            raise Invalid(field, "Must be an https address of a host that the operator allows.")
        return address
    if wanted.kind is NoticeChannel.EMAIL:
        if len(address) > 254 or not _MAIL.fullmatch(address):
            raise Invalid(field, "Must be an e-mail address.")
        return address
    phone = plain_phone(address)
    if phone is None:
        raise Invalid(field, "Must be a mobile phone (11 digits) or a landline with its area code, like 0591-87654321.")
    return phone


def _shown(settings: NotifySettings, row: Row) -> str:
    """The address as its owner sees it: of a robot the host and the end."""
    address = settings.cipher.decrypt(row.encrypted_address, context=associated_data(row.id, "address"))
    if row.kind not in URLS:
        return address
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}/…{address[-_SHOWN:]}"


def channels_of(tx: Transaction, settings: NotifySettings, center: str, staff: str) -> ChannelsView:
    """What somebody has set."""
    wishes = store.channels.wishes_of(tx, center, [staff]).get(staff, NO_WISHES)
    quiet = (
        QuietHours(begins=wishes.quiet_begins, ends=wishes.quiet_ends)
        if wishes.quiet_begins is not None and wishes.quiet_ends is not None
        else None
    )
    rows = store.channels.of_person(tx, center, staff)
    tests = store.channel_tests.latest(tx, [row.id for row in rows])
    return ChannelsView(
        channels=tuple(
            ChannelView(
                id=row.id,
                kind=NoticeChannel(row.kind),
                address=_shown(settings, row),
                has_secret=row.encrypted_secret is not None,
                enabled=row.enabled,
                failing_since=row.failing_since,
                error=row.error,
                tested=_tested(tests.get(row.id)),
            )
            for row in rows
        ),
        quiet_hours=quiet,
        digest_minutes=wishes.digest_minutes,
        language=wishes.language,
    )


def _tested(row: Row | None) -> ChannelTest | None:
    if row is None:
        return None
    return ChannelTest(state=DeliveryState(row.state), error=row.error, created_at=row.created_at, at=row.at)


BATCH = 50


def rotate(tx: Transaction, settings: NotifySettings) -> int:
    """Encrypt anew what is encrypted with an old key of BANCHENG_NOTIFY_KEY; how many channels, 0 when done."""
    rows = store.channels.encrypted_with(tx, settings.cipher.old_key_ids, BATCH)
    if rows:
        store.channels.update_encrypted(tx, [_anew(settings, row) for row in rows])
    return len(rows)


def _anew(settings: NotifySettings, row: Row) -> dict[str, Any]:
    cipher = settings.cipher
    of_address, of_secret = associated_data(row.id, "address"), associated_data(row.id, "secret")
    address = cipher.decrypt(row.encrypted_address, context=of_address)
    secret = cipher.decrypt(row.encrypted_secret, context=of_secret) if row.encrypted_secret else ""
    return {
        "id": row.id,
        "encrypted_address": cipher.encrypt(address, context=of_address),
        "encrypted_secret": cipher.encrypt(secret, context=of_secret) if secret else None,
        "address_fingerprint": cipher.fingerprint(address),
    }
