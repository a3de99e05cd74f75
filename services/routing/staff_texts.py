"""What staff write about a ticket travels in events and is read by many: nothing personal stays in it."""

from dataclasses import replace

from services.masking import mask_staff_text
from services.plumbing.cooperation import TimeSlice
from services.plumbing.http_company import Call

_TEXTS = ("answer", "report", "result", "explanation", "why", "reason", "legal_basis")


def masked(call: Call) -> Call:
    """The call with the free texts of its body masked."""
    texts = {name: getattr(call.body, name, None) for name in _TEXTS}
    pause = TimeSlice()
    shown = {
        name: mask_staff_text(text, pause) for name, text in texts.items() if type(text) is str
    }  # a reason may be a word
    return replace(call, body=replace(call.body, **shown))
