"""Who applied: opened from the seal, shown masked or, for a stated reason, as given."""

from uuid import UUID

from schemas.identity import plain_phone
from schemas.intake_requests import Applicant, ApplicantView
from schemas.words import ApplicantKind
from services.intake.privacy import BadKeys, Vault, place_of
from services.intake.rotation import lacking, missing_keys
from services.masking import mask_id_number, mask_name, mask_phone
from services.plumbing.database import Database
from services.plumbing.resources import Environment, MissingSetting, database_url
from services.plumbing.transaction import Row


def vault_of(given: Environment) -> Vault:
    """The vault with the keys of this process.

    Raises MissingSetting, which names the variable and shows no key, when the keys cannot be used or one is missing
    that tickets are still encrypted with: such a process could not show these tickets to anybody.
    """
    if not given.data_key:
        raise MissingSetting("BANCHENG_DATA_KEY is not set")
    try:
        vault = Vault(given.data_key)
    except BadKeys as error:
        raise MissingSetting(f"BANCHENG_DATA_KEY cannot be used: {error}") from None
    database = Database(database_url("intake"), "intake", size=1)
    with database.transaction() as tx:
        missing = missing_keys(tx, vault)
    database.close()
    if missing:
        raise MissingSetting(lacking(missing))
    return vault


def opened(vault: Vault, row: Row, field: str) -> str:
    """One sealed field of a stored ticket. Raises privacy.Unopenable."""
    ticket_id: UUID = row.id
    return vault.open(getattr(row, f"sealed_{field}"), context=place_of(ticket_id, field))


def applicant_of(vault: Vault, row: Row) -> Applicant:
    """The applicant as given. Raises privacy.Unopenable."""
    return Applicant(
        kind=ApplicantKind(row.applicant_kind),
        name=opened(vault, row, "name"),
        phone=opened(vault, row, "phone"),
        id_number=opened(vault, row, "id_number") if row.sealed_id_number else None,
        organisation=row.organisation,
        credit_code=row.credit_code,
    )


def phone_prints(vault: Vault, phone: str) -> tuple[bytes, ...]:
    """By what all tickets of a phone are found, however it is written: the first is how it is stored today."""
    return vault.fingerprints(plain_phone(phone) or phone)


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
    """As given."""
    return ApplicantView(
        masked=False,
        kind=applicant.kind,
        name=applicant.name,
        phone=applicant.phone,
        id_number=applicant.id_number,
        organisation=applicant.organisation,
        credit_code=applicant.credit_code,
    )
