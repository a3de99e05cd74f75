"""The setting by which routing masks staff texts against an applicant whom only intake knows; both have it."""

from services.plumbing.runtime.resources import Environment, MissingSetting
from services.privacy.fingerprints import BadMaskingKey, MaskingKeys


def masking_keys_of(given: Environment) -> MaskingKeys:
    """The keys of this process. Raises MissingSetting, which shows no key."""
    if not given.masking_key:
        raise MissingSetting("BANCHENG_MASKING_KEY is not set")
    try:
        return MaskingKeys(given.masking_key)
    except BadMaskingKey as error:
        raise MissingSetting(f"BANCHENG_MASKING_KEY cannot be used: {error}") from None
