"""Single sign-on: who the provider says it is comes in, if they have an account here; nobody else does."""

import base64
import hashlib
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote, urlencode, urlsplit, urlunsplit

import pytest
import requests
from joserfc import jwk, jwt

from services.desk.actions import accounts
from services.desk.pages.oidc import ON_THEIR_WAY
from tests.stack.desk_house import DeskHouse, Visitor
from tests.stack.parked import database
from tests.stack.provider import BACK, START, authorized, back, begun, house_that_asks, login_provider

CLIENT, SECRET = "bancheng-desk", "a secret of the client's"


@pytest.fixture(scope="module")
def provider() -> Iterator[Any]:
    with login_provider() as running:
        yield running


@pytest.fixture(scope="module")
def house(provider: Any) -> Iterator[DeskHouse]:
    with house_that_asks(provider, CLIENT_ID=CLIENT, CLIENT_SECRET=SECRET, CLAIM="preferred_username") as standing:
        yield standing


def changed(address: str, **query: str) -> str:
    """The address with something else in its query."""
    parts = urlsplit(address)
    return urlunsplit(parts._replace(query=urlencode(dict(parse_qsl(parts.query)) | query)))


def is_in(visitor: Visitor) -> bool:
    return visitor.get("/account").status_code == 200


def test_who_the_provider_knows_comes_in_and_goes_where_they_wanted(house: DeskHouse, provider: Any) -> None:
    house.password("luo-min")
    visitor = house.visitor()
    assert "统一身份认证登录" in visitor.get("/login").text
    address = begun(visitor, then="/search?words=税务")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert (asked["response_type"], asked["client_id"], asked["code_challenge_method"]) == ("code", CLIENT, "S256")
    assert asked["redirect_uri"] == f"{house.url}{BACK}"
    assert len(asked["nonce"]) > 40
    assert len(asked["state"]) > 40
    reply = back(visitor, authorized(provider, address, "luo-min"))
    assert reply.status_code == 303, reply.text
    assert unquote(reply.headers["Location"]) == "/search?words=税务"
    assert is_in(visitor)
    verifier = provider.asked[-1]["code_verifier"]
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    assert challenge == asked["code_challenge"], "PKCE: what was announced is what was shown"
    with database(house, "desk").transaction() as tx:
        outcomes = [row.outcome for row in tx.rows("SELECT outcome FROM logins WHERE staff = 'luo-min'")]
    assert outcomes == ["logged_in"]


def test_who_has_no_account_or_is_shut_out_stays_outside(house: DeskHouse, provider: Any) -> None:
    house.password("cai-yun")
    with database(house, "desk").transaction() as tx:
        accounts.lock(tx, "BC", "cai-yun")
    for staff in ("cai-yun", "dai-xin", "nobody-at-all"):
        visitor = house.visitor()
        reply = back(visitor, authorized(provider, begun(visitor), staff))
        assert reply.status_code == 403
        assert "您在此没有账号" in reply.text
        assert not is_in(visitor)


def test_a_claim_that_is_missing_logs_nobody_in(house: DeskHouse, provider: Any) -> None:
    visitor = house.visitor()
    address = begun(visitor)
    requests.put(f"{provider.issuer}/users/luo-min-without", json={"name": "luo-min"}, timeout=10)
    reply = requests.post(address, data={"sub": "luo-min-without"}, allow_redirects=False, timeout=10)
    assert back(visitor, reply.headers["Location"]).status_code == 403
    assert not is_in(visitor)


def test_an_attempt_is_good_once_and_in_its_own_browser_alone(house: DeskHouse, provider: Any) -> None:
    house.password("luo-min")
    visitor, victim = house.visitor(), house.visitor()
    address = authorized(provider, begun(visitor), "luo-min")
    assert back(victim, address).status_code == 403, "somebody else's answer is put into no browser"
    assert not is_in(victim)
    begun(victim)
    assert back(victim, address).status_code == 403, "nor into one that has begun a log-in of its own"
    assert not is_in(victim)
    assert back(visitor, address).status_code == 303
    assert back(visitor, address).status_code == 403


@pytest.mark.parametrize(
    "query", [{"state": "another"}, {"state": ""}, {"code": "another"}, {"iss": "https://e.example"}]
)
def test_an_answer_that_was_tampered_with_logs_nobody_in(
    house: DeskHouse, provider: Any, query: dict[str, str]
) -> None:
    house.password("luo-min")
    visitor = house.visitor()
    address = authorized(provider, begun(visitor), "luo-min")
    assert back(visitor, changed(address, **query)).status_code == 403
    assert not is_in(visitor)


def test_a_token_for_another_attempt_logs_nobody_in(house: DeskHouse, provider: Any) -> None:
    house.password("luo-min")
    visitor = house.visitor()
    address = changed(begun(visitor), nonce="of-another-attempt")
    assert back(visitor, authorized(provider, address, "luo-min")).status_code == 403
    assert not is_in(visitor)


def test_what_the_provider_refuses_is_said(house: DeskHouse) -> None:
    visitor = house.visitor()
    begun(visitor)
    reply = visitor.get(f"{BACK}?error=access_denied")
    assert reply.status_code == 403
    assert "统一身份认证登录未成功" in reply.text


KEY = jwk.RSAKey.generate_key(2048)
LIES: dict[str, dict[str, Any]] = {
    "another key": {},
    "another issuer": {"iss": "https://evil.example"},
    "another audience": {"aud": "somebody-else"},
    "expired": {"exp": int(time.time()) - 3600},
    "no nonce": {"nonce": None},
}


@pytest.mark.parametrize("lie", [*LIES, "no signature", "signed by the client's secret", "no token"])
def test_a_forged_token_logs_nobody_in(house: DeskHouse, provider: Any, lie: str) -> None:
    house.password("luo-min")
    visitor = house.visitor()
    address = authorized(provider, begun(visitor), "luo-min")

    def forged(tokens: dict[str, Any]) -> dict[str, Any]:
        body = tokens["id_token"].split(".")[1]
        claims = jwt.decode(tokens["id_token"], jwk.KeySet.import_key_set(keys), algorithms=["RS256"]).claims
        claims = {name: value for name, value in (claims | LIES.get(lie, {})).items() if value is not None}
        match lie:
            case "no signature":
                none = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').decode().rstrip("=")
                return tokens | {"id_token": f"{none}.{body}."}
            case "signed by the client's secret":
                secret = jwk.OctKey.import_key(SECRET)
                return tokens | {"id_token": jwt.encode({"alg": "HS256"}, claims, secret, algorithms=["HS256"])}
            case "no token":
                return {name: value for name, value in tokens.items() if name != "id_token"}
        return tokens | {"id_token": jwt.encode({"alg": "RS256"}, claims, KEY)}

    keys = requests.get(f"{provider.issuer}/jwks", timeout=10).json()
    provider.lie = forged
    try:
        assert back(visitor, address).status_code == 403
    finally:
        provider.lie = None
    assert not is_in(visitor)


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example"])
def test_a_single_sign_on_leads_to_no_address_of_others(house: DeskHouse, provider: Any, elsewhere: str) -> None:
    house.password("luo-min")
    visitor = house.visitor()
    reply = back(visitor, authorized(provider, begun(visitor, then=elsewhere), "luo-min"))
    assert (reply.status_code, reply.headers["Location"]) == (303, "/")


def test_a_password_is_as_good_as_before(house: DeskHouse) -> None:
    assert house.visitor().log_in("luo-min", house.password("luo-min")).status_code == 303


def test_a_provider_that_is_away_is_said_so() -> None:
    with login_provider() as gone, house_that_asks(gone, CLIENT_ID=CLIENT, CLAIM="sub") as house:
        gone.stop()
        reply = house.visitor().get(START)
        assert (reply.status_code, "系统有一部分暂时没有响应" in reply.text) == (503, True)
        assert house.visitor().log_in("luo-min", house.password("luo-min")).status_code == 303


def test_who_sets_out_again_and_again_is_slowed_down(house: DeskHouse) -> None:
    visitor = house.visitor()
    replies = [visitor.get(START).status_code for _ in range(ON_THEIR_WAY + 1)]
    assert replies == [303] * ON_THEIR_WAY + [429]
    assert house.visitor().get(START).status_code == 303, "whoever has another address goes on"
