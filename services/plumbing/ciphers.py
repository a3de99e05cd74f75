"""Encryption of personal data and secrets: what is in a service's database can be read only with that service's keys.

    cipher = FieldCipher("k2:<base64url of 32 bytes>,k1:<...>,hash:<...>")
    encrypted = cipher.encrypt("13812348000", context=associated_data(row_id, "phone"))
    cipher.decrypt(encrypted, context=associated_data(row_id, "phone"))

The first key encrypts; the others only decrypt what was encrypted before, until it is encrypted again. The first key
whose name begins with ``hash`` makes the fingerprints by which equal values are found; the other ``hash`` keys only
find what was stored before.

    PrivacyError ─ BadKeys, Undecryptable ─ UnknownKey, TamperedCiphertext
"""

import base64
import binascii
import hmac
import re
import secrets
from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag

from schemas.identity import plain
from services.plumbing.security import KEY_BYTES, NONCE_BYTES, TAG_BYTES, Cipher, derived_key

HASH = "hash"
"""The first entry of the keys that is used for fingerprints; later ones are ``hash2``, ``hash3`` ..."""

_FORMAT = 1
_HASH_ID = re.compile(f"{HASH}[0-9]*")
_KEY_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,15}")


class PrivacyError(Exception):
    """Base of everything that goes wrong with encrypted data. Messages hold key ids, never keys or contents."""


class BadKeys(PrivacyError):
    """The text of the keys cannot be used."""


class Undecryptable(PrivacyError):
    """An encrypted value cannot be read."""


class UnknownKey(Undecryptable):
    """It was encrypted with a key that this process does not have."""


class TamperedCiphertext(Undecryptable):
    """It was altered or cut, or belongs to another row or field."""


def associated_data(row_id: UUID, field: str) -> bytes:
    """Row and field of an encrypted value; for another one it cannot be decrypted, so values cannot be swapped."""
    return row_id.bytes + field.encode()


class FieldCipher:
    """Encrypts, decrypts and fingerprints texts. It contains keys: never log it. Safe to share between greenlets."""

    def __init__(self, keys: str) -> None:
        """``keys`` as in the module's docstring. Raises BadKeys."""
        held = _keys_in(keys)
        fingerprinting = [held.pop(key_id) for key_id in list(held) if _HASH_ID.fullmatch(key_id)]
        if not fingerprinting:
            raise BadKeys(f"there is no key named {HASH!r}")
        if not held:
            raise BadKeys("there is no key to encrypt with")
        self._ciphers = {key_id: Cipher(key) for key_id, key in held.items()}
        self._current = next(iter(held))
        self._fingerprint_keys = [derived_key(key, "bancheng fingerprint 1") for key in fingerprinting]

    def encrypt(self, text: str, *, context: bytes) -> bytes:
        """``text`` encrypted with the current key; only the same ``context`` decrypts it (see ``associated_data``)."""
        return self.encrypt_bytes(text.encode(), context=context)

    def encrypt_bytes(self, content: bytes, *, context: bytes) -> bytes:
        """The same for a file."""
        header = bytes([_FORMAT, len(self._current)]) + self._current.encode()
        return header + self._ciphers[self._current].encrypt(content, header + context)

    def decrypt(self, encrypted: bytes | memoryview, *, context: bytes) -> str:
        """The text that was encrypted. Raises UnknownKey or TamperedCiphertext."""
        return self.decrypt_bytes(encrypted, context=context).decode()

    def decrypt_bytes(self, encrypted: bytes | memoryview, *, context: bytes) -> bytes:
        """The file that was encrypted. Raises as `decrypt` does."""
        key_id, header, rest = _parts_of(encrypted)
        if key_id not in self._ciphers:
            raise UnknownKey(f"encrypted with the key {key_id!r}, which this process does not have")
        try:
            return self._ciphers[key_id].decrypt(rest, header + context)
        except InvalidTag:
            raise TamperedCiphertext("altered, or encrypted for another place") from None

    def needs_rotation(self, encrypted: bytes | memoryview) -> bool:
        """Whether it was encrypted with a key other than the current one. Raises TamperedCiphertext."""
        return _parts_of(encrypted)[0] != self._current

    @property
    def key_ids(self) -> list[str]:
        """The ids of the keys; the first key encrypts, all of them decrypt."""
        return list(self._ciphers)

    @property
    def old_key_ids(self) -> list[str]:
        """The ids of the keys that only decrypt."""
        return self.key_ids[1:]

    def fingerprint(self, text: str) -> bytes:
        """32 bytes: equal for equal numbers, however the numbers were typed, and useless without the key."""
        return self.fingerprints(text)[0]

    def fingerprints(self, text: str) -> tuple[bytes, ...]:
        """The fingerprint under the current key, then those under earlier keys."""
        number = plain(text).encode()
        return tuple(hmac.digest(key, number, "sha256") for key in self._fingerprint_keys)


def generate_keys() -> str:
    """New keys for a service, for demonstrations and for setting up a center."""
    return f"k1:{_new_key()},{HASH}:{_new_key()}"


class Rotation(NamedTuple):
    """The two values of a service's setting that introduce a new key while several replicas run.

    With ``prepared`` the new key only decrypts; once every replica has it, ``rotated`` makes it the key that encrypts.
    In a single step, replicas with the new key would encrypt what the others cannot decrypt yet.
    """

    prepared: str
    rotated: str


def rotate_keys(keys: str, *, fingerprints: bool = False) -> Rotation:
    """The value with a new key after the others, and the value with it before them; if ``fingerprints``, also with a
    new key for fingerprints.

    A key for fingerprints never comes alone: fingerprints are made again when a ticket is encrypted again. Raises
    BadKeys.
    """
    held = _keys_in(keys)
    entries = f"k{_next_number('k', held)}:{_new_key()}"
    if fingerprints:
        entries += f",{HASH}{max(2, _next_number(HASH, held))}:{_new_key()}"
    return Rotation(f"{keys.strip()},{entries}", f"{entries},{keys.strip()}")


def _next_number(name: str, held: Iterable[str]) -> int:
    numbers = [int(key_id[len(name) :]) for key_id in held if re.fullmatch(f"{name}[0-9]+", key_id)]
    return max(numbers, default=0) + 1


def _new_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode().rstrip("=")


def _keys_in(text: str) -> dict[str, bytes]:
    """The keys by their ids, in order."""
    held: dict[str, bytes] = {}
    for place, entry in enumerate(text.split(","), start=1):
        key_id, colon, encoded = entry.strip().partition(":")
        if not colon or not _KEY_ID.fullmatch(key_id):
            raise BadKeys(f"entry {place} is not like k1:<base64url of {KEY_BYTES} bytes>")
        if key_id in held:
            raise BadKeys(f"the key {key_id!r} is given twice")
        held[key_id] = _decoded(key_id, encoded)
    if len(set(held.values())) != len(held):
        raise BadKeys("two entries hold the same key")
    return held


def _decoded(key_id: str, encoded: str) -> bytes:
    try:
        padded = encoded.rstrip("=") + "=" * (-len(encoded.rstrip("=")) % 4)
        key = base64.b64decode(padded, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise BadKeys(f"the key {key_id!r} is not base64url") from None
    if len(key) != KEY_BYTES:
        raise BadKeys(f"the key {key_id!r} has {len(key)} bytes, not {KEY_BYTES}")
    return key


def _parts_of(encrypted: bytes | memoryview) -> tuple[str, bytes, bytes]:
    """Key id, header, and nonce with ciphertext."""
    raw = bytes(encrypted)  # psycopg2 gives a memoryview
    end = 2 + raw[1] if len(raw) > 1 else 2
    if len(raw) < end + NONCE_BYTES + TAG_BYTES or raw[0] != _FORMAT:
        raise TamperedCiphertext("not an encrypted value")
    try:
        return raw[2:end].decode("ascii"), raw[:end], raw[end:]
    except UnicodeDecodeError:
        raise TamperedCiphertext("not an encrypted value") from None
