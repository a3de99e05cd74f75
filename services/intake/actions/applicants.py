"""The applicant: decrypted, shown masked or, for a stated reason, as given."""

from typing import Protocol
from uuid import UUID

from schemas.enums import ApplicantKind
from schemas.identity import plain_phone
from schemas.requests.applicants import Applicant, ApplicantView
from services.intake.actions.rotation import lacking, missing_keys
from services.plumbing.ciphers import BadKeys, FieldCipher, associated_data
from services.plumbing.database.database import Database
from services.plumbing.database.transaction import Row
from services.plumbing.runtime.resources import Environment, MissingSetting, database_url
from services.privacy.fingerprints import MaskingKeys
from services.privacy.masking import mask_id_number, mask_name, mask_phone


class HasKeys(Protocol):
    """The service, as a route sees it."""

    cipher: FieldCipher
    masking_keys: MaskingKeys


def cipher_of(given: Environment) -> FieldCipher:
    """The cipher with the keys of this process.

    Raises MissingSetting, which names the variable and shows no key, when the keys cannot be used, or when a key is
    missing with which tickets are still encrypted: such a process could not show these tickets to anybody.
    """
    if not given.data_key:
        raise MissingSetting("BANCHENG_DATA_KEY is not set")
    try:
        cipher = FieldCipher(given.data_key)
    except BadKeys as error:
        raise MissingSetting(f"BANCHENG_DATA_KEY cannot be used: {error}") from None
    database = Database(database_url("intake"), "intake", size=1)
    with database.transaction() as tx:
        missing = missing_keys(tx, cipher)
    database.close()
    if missing:
        raise MissingSetting(lacking(missing))
    return cipher


def decrypted(cipher: FieldCipher, row: Row, field: str) -> str:
    """One encrypted field of a stored ticket. Raises ciphers.Undecryptable."""
    ticket_id: UUID = row.id
    return cipher.decrypt(getattr(row, f"encrypted_{field}"), context=associated_data(ticket_id, field))


def applicant_of(cipher: FieldCipher, row: Row) -> Applicant:
    """The applicant as given. Raises ciphers.Undecryptable."""
    return Applicant(
        kind=ApplicantKind(row.applicant_kind),
        name=decrypted(cipher, row, "name"),
        phone=decrypted(cipher, row, "phone"),
        id_number=decrypted(cipher, row, "id_number") if row.encrypted_id_number else None,
        organisation=row.organisation,
        credit_code=row.credit_code,
    )


def phone_fingerprints(cipher: FieldCipher, phone: str) -> tuple[bytes, ...]:
    """The fingerprints that find all tickets of a phone, however it is written. New tickets get the first one."""
    return cipher.fingerprints(plain_phone(phone) or phone)


def masked_view(applicant: Applicant) -> ApplicantView:
    """What every clerk may see. Name and credit code of an organisation are public."""
    return ApplicantView(
        masked=True,
        kind=applicant.kind,
        name=mask_name(applicant.name),
        phone=mask_phone(applicant.phone),
        id_number=mask_id_number(applicant.id_number) if applicant.id_number else None,
        organisation=applicant.organisation,
        credit_code=applicant.credit_code,
    )


def true_view(applicant: Applicant) -> ApplicantView:
    """The applicant as given."""
    return ApplicantView(
        masked=False,
        kind=applicant.kind,
        name=applicant.name,
        phone=applicant.phone,
        id_number=applicant.id_number,
        organisation=applicant.organisation,
        credit_code=applicant.credit_code,
    )
