"""Single sign-on by OpenID Connect (code flow with PKCE and nonce): a provider says who somebody is.

Only imported where it is switched on, as are the libraries.
"""

import secrets
import time
from collections.abc import Mapping
from typing import Any, NamedTuple

import requests
import structlog
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from services.desk.backend import BackendAway
from services.desk.settings import OidcSettings

TIMEOUT_SECONDS = 10.0
FRESH_SECONDS = 3600.0
"""How long the provider's addresses and keys are taken for the same."""
LEEWAY_SECONDS = 60
"""By how much the provider's clock may differ."""
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
"""Signatures by a key pair: with a shared secret, or none, anybody who has the client's could say who they are."""
PROVIDER = "provider"

_log = structlog.get_logger()


class NotProven(Exception):
    """The provider did not say who it is, or not to us."""


class Attempt(NamedTuple):
    """A login that has begun in one browser, which alone can end it."""

    state: str
    nonce: str
    verifier: str


class Provider:
    """The provider of ``settings``, which sends browsers back to ``redirect_uri``."""

    def __init__(self, settings: OidcSettings, redirect_uri: str) -> None:
        self._settings, self._redirect_uri = settings, redirect_uri
        self._known: dict[str, tuple[Any, float]] = {}

    def begin(self) -> tuple[str, Attempt]:
        """Where to send the browser, and what it must bring back. Raises BackendAway."""
        attempt = Attempt(*(secrets.token_urlsafe(48) for _ in Attempt._fields))
        address, _ = self._client().create_authorization_url(
            self._metadata()["authorization_endpoint"],
            state=attempt.state,
            nonce=attempt.nonce,
            code_verifier=attempt.verifier,
        )
        return str(address), attempt

    def finish(self, attempt: Attempt, reply: Mapping[str, str]) -> str:
        """The staff id of who has logged in there. Raises NotProven, BackendAway."""
        if not secrets.compare_digest(reply.get("state", "").encode(), attempt.state.encode()):
            raise NotProven("another state")
        if reply.get("iss", self._settings.issuer) != self._settings.issuer:  # RFC 9207: not mixed up with another
            raise NotProven("another issuer")
        if "code" not in reply:
            raise NotProven(reply.get("error", "no code")[:100])
        try:
            tokens = self._client().fetch_token(
                self._metadata()["token_endpoint"],
                code=reply["code"],
                code_verifier=attempt.verifier,
                timeout=TIMEOUT_SECONDS,
            )
        except AuthlibBaseError as error:
            raise NotProven(error.error or "no token") from None
        except (requests.RequestException, ValueError) as error:
            raise self._away(error) from None
        claims = self._claims(tokens, attempt.nonce)
        staff = claims.get(self._settings.claim)
        if not isinstance(staff, str) or not staff:
            raise NotProven(f"no claim {self._settings.claim}")
        return staff

    def _claims(self, tokens: Mapping[str, Any], nonce: str) -> Mapping[str, Any]:
        token = tokens.get("id_token")
        if not isinstance(token, str):
            raise NotProven("no ID token")
        try:
            try:
                decoded = jwt.decode(token, self._keys(), algorithms=ALGORITHMS)
            except (JoseError, ValueError):
                self._known.pop("keys", None)  # the provider may have a new one
                decoded = jwt.decode(token, self._keys(), algorithms=ALGORITHMS)
            claims = CodeIDToken(
                decoded.claims,
                decoded.header,
                options={
                    "iss": {"essential": True, "value": self._settings.issuer},
                    "aud": {"essential": True, "value": self._settings.client_id},
                    "nonce": {"essential": True, "value": nonce},
                },
                params={
                    "nonce": nonce,
                    "client_id": self._settings.client_id,
                    "access_token": tokens.get("access_token"),
                },
            )
            claims.validate(leeway=LEEWAY_SECONDS)
        except (JoseError, AuthlibBaseError, ValueError) as error:
            raise NotProven(f"ID token: {type(error).__name__}") from None
        return dict(claims)

    def _client(self) -> Any:
        return OAuth2Session(
            self._settings.client_id,
            self._settings.client_secret or None,
            token_endpoint_auth_method="client_secret_basic" if self._settings.client_secret else "none",
            scope=self._settings.scope,
            redirect_uri=self._redirect_uri,
            code_challenge_method="S256",
        )

    def _metadata(self) -> Mapping[str, Any]:
        found = self._fetched("metadata", f"{self._settings.issuer}/.well-known/openid-configuration")
        if found.get("issuer") != self._settings.issuer:
            self._known.clear()
            raise self._away(ValueError("it names another issuer"))
        return found

    def _keys(self) -> KeySet:
        keys: Any = self._fetched("keys", self._metadata()["jwks_uri"])
        return KeySet.import_key_set(keys)

    def _fetched(self, name: str, address: str) -> Mapping[str, Any]:
        known: Any
        known, until = self._known.get(name, ({}, 0.0))
        if time.monotonic() > until:
            try:
                response = requests.get(address, timeout=TIMEOUT_SECONDS, allow_redirects=False)
                response.raise_for_status()
                known = response.json()
                if not isinstance(known, dict):
                    raise ValueError("no object")
            except (requests.RequestException, ValueError) as error:
                raise self._away(error) from None
            self._known[name] = known, time.monotonic() + FRESH_SECONDS
        found: Mapping[str, Any] = known
        return found

    @staticmethod
    def _away(error: Exception) -> BackendAway:
        _log.warning("the provider of logins does not answer", kind=type(error).__name__)
        return BackendAway(PROVIDER)
