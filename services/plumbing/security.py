"""Keys and what is encrypted with them, for all who keep what not everybody may read."""

import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from services.plumbing.runtime.resources import Environment, MissingSetting
from services.privacy.fingerprints import BadMaskingKey, MaskingKeys

KEY_BYTES = 32
NONCE_BYTES = 12  # random: safe for 2**32 values a key, so rotate long before
TAG_BYTES = 16


def derived_key(secret: bytes, purpose: str) -> bytes:
    """A key made of ``secret`` that says nothing about the keys for other purposes (HKDF, RFC 5869)."""
    return HKDF(SHA256(), length=KEY_BYTES, salt=None, info=purpose.encode()).derive(secret)


class Cipher:
    """AES-256-GCM under one key: what was encrypted for one ``context`` decrypts for no other."""

    def __init__(self, key: bytes) -> None:
        self._key = AESGCM(key)

    def encrypt(self, data: bytes, context: bytes) -> bytes:
        """A fresh nonce, the ciphertext and its tag."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._key.encrypt(nonce, data, context)

    def decrypt(self, encrypted: bytes, context: bytes) -> bytes:
        """What was encrypted. Raises cryptography's InvalidTag if altered, or of another key or context."""
        return self._key.decrypt(encrypted[:NONCE_BYTES], encrypted[NONCE_BYTES:], context)


def masking_keys_of(given: Environment) -> MaskingKeys:
    """The keys by which routing masks staff texts against an applicant whom only intake knows; both have them.

    Raises MissingSetting, which shows no key.
    """
    if not given.masking_key:
        raise MissingSetting("BANCHENG_MASKING_KEY is not set")
    try:
        return MaskingKeys(given.masking_key)
    except BadMaskingKey as error:
        raise MissingSetting(f"BANCHENG_MASKING_KEY cannot be used: {error}") from None
