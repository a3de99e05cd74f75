"""What a center's figures count, and by what they are split: closed lists, as those of `schemas.enums`."""

from enum import StrEnum


class Figure(StrEnum):
    """What is counted in a period: what happened in it, promises that were due in it, assignments made in it.

    ``returned`` are among the ``assigned``, ``kept`` and ``broken`` make ``due``; ``escalated`` are those that stand,
    ``voided`` those that were taken back. Ratings are also counted one by one, and as good or bad ones.
    """

    REGISTERED = "registered"
    REPEATED = "repeated"
    ANSWERED = "answered"
    CLOSED = "closed"
    DUE = "due"
    KEPT = "kept"
    BROKEN = "broken"
    ASSIGNED = "assigned"
    RETURNED = "returned"
    ESCALATED = "escalated"
    VOIDED = "voided"
    RATED = "rated"
    RATED_WELL = "rated_well"
    RATED_BADLY = "rated_badly"
    VERY_SATISFIED = "very_satisfied"
    SATISFIED = "satisfied"
    BASICALLY_SATISFIED = "basically_satisfied"
    DISSATISFIED = "dissatisfied"
    VERY_DISSATISFIED = "very_dissatisfied"


class Grouping(StrEnum):
    """By what figures are split: the lead department (of assignments their own), the cause, the channel, or the leader
    who decided who handles the ticket.
    """

    DEPARTMENT = "department"
    CAUSE = "cause"
    CHANNEL = "channel"
    LEADER = "leader"
