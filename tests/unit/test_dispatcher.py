"""What is kept of an error."""

from hypothesis import given
from hypothesis import strategies as st

from services.plumbing.messaging.failures import reason_of


@given(st.text(alphabet=st.characters(), max_size=600))
def test_an_errors_text_can_always_be_stored(text: str) -> None:
    reason = reason_of(ValueError(f"\x00\ud800{text}"))
    assert "\x00" not in reason
    assert reason.encode("utf-8")
    assert reason.startswith("ValueError: ")
    assert len(reason) <= 500
