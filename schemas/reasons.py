"""The closed lists of reasons: why a ticket is declined, returned or arbitrated, why a day counts, why a rule fits."""

from enum import StrEnum


class ReturnReason(StrEnum):
    """Why a department sends an assignment back (退回理由)."""

    NOT_OUR_DUTY = "not_our_duty"
    OTHER_LEAD = "other_lead"
    FACTS_MISSING = "facts_missing"
    DUPLICATE = "duplicate"


class ArbitrationReason(StrEnum):
    """Why the duty leader must decide who handles a ticket."""

    NO_RULE = "no_rule"
    RETURNED = "returned"
    DEPARTMENT_GONE = "department_gone"  # the center file names the department no more


class DeclineReason(StrEnum):
    """Why a ticket is not taken in; the reason is given once and completely, with the remedy."""

    IN_COURT = "in_court"
    PETITION = "petition"
    PRIVATE_DISPUTE = "private_dispute"
    AGAINST_POLICY = "against_policy"
    DEMOLITION_OR_PENALTY = "demolition_or_penalty"
    NOT_GOVERNMENT_SERVICE = "not_government_service"


class DayReason(StrEnum):
    """Why a day counts or not, worded where it is shown. A parameter follows a colon: ``statutory_holiday:春节``."""

    WORKING_DAY = "working_day"
    WEEKEND = "weekend"
    MAKE_UP_WORKING_DAY = "make_up_working_day"
    STATUTORY_HOLIDAY = "statutory_holiday"  # : its Chinese name
    DAY_OFF_IN_EXCHANGE = "day_off_in_exchange"  # : the make-up working day
    CLOSED_BY_CENTER = "closed_by_center"
    OPENED_BY_CENTER = "opened_by_center"
    NOT_ANNOUNCED_YET = "not_announced_yet"
    DAY_OF_RECEIPT = "day_of_receipt"
    TREATED_AS_DAY_OF_RECEIPT = "treated_as_day_of_receipt"
    WAITING_FOR_MATERIALS = "waiting_for_materials"
    COUNTED_IN_PART = "counted_in_part"


class RoutingReason(StrEnum):
    """Why a rule sent a ticket to a department, worded where it is shown; parameters as of DayReason.

    Several in one text are separated by ", ": ``keyword:医保, cause:legacy``.
    """

    MATTER = "matter"  # : its code
    CAUSE = "cause"  # : a Cause
    KEYWORD = "keyword"  # : the one of several that was found
    KEYWORDS = "keywords"  # : those that were all found, with spaces between
    EVERY_TICKET = "every_ticket"
    SUGGESTED = "suggested"  # : the department, by that which returned the ticket
    SIMILAR_CASES = "similar_cases"  # : the numbers of solved tickets like it, with spaces between
    REOPENED = "reopened"  # after a bad rating, with the departments that it had


class DryRunReason(StrEnum):
    """Why others would handle a ticket under a center file that is not published yet."""

    DEPARTMENT_GONE = "department_gone"
    RULE_CHANGED = "rule_changed"
