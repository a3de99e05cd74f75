"""What the desk is told from outside: single sign-on is whole, or off."""

import pytest

from services.desk.settings import desk_settings
from services.plumbing.runtime.resources import MissingSetting

WHOLE = {"ISSUER": "https://sso.example.gov.cn/", "CLIENT_ID": "desk", "CLAIM": "sub", "CENTER": "BC"}


def _set(monkeypatch: pytest.MonkeyPatch, settings: dict[str, str]) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(f"BANCHENG_DESK_OIDC_{name}", value)


def test_without_an_issuer_there_is_no_single_sign_on(monkeypatch: pytest.MonkeyPatch) -> None:
    _set(monkeypatch, WHOLE | {"ISSUER": ""})
    assert desk_settings().oidc is None


def test_single_sign_on_is_told_where_and_by_which_claim(monkeypatch: pytest.MonkeyPatch) -> None:
    _set(monkeypatch, WHOLE)
    found = desk_settings().oidc
    assert found is not None
    assert (found.issuer, found.claim, found.client_secret) == ("https://sso.example.gov.cn", "sub", "")


@pytest.mark.parametrize(
    "broken", [{"CLIENT_ID": ""}, {"CLAIM": ""}, {"CENTER": ""}, {"ISSUER": "http://sso.example.gov.cn"}]
)
def test_half_a_single_sign_on_does_not_start(monkeypatch: pytest.MonkeyPatch, broken: dict[str, str]) -> None:
    _set(monkeypatch, WHOLE | broken)
    with pytest.raises(MissingSetting):
        desk_settings()
