"""What the desk is told from outside (README: Running it)."""

import os
from dataclasses import dataclass
from urllib.parse import urlsplit

from services.plumbing.http.uploads import upload_limit
from services.plumbing.runtime.resources import MissingSetting

SIDES = ("staff", "citizen")


@dataclass(frozen=True)
class OidcSettings:
    """The provider at ``issuer`` where we are ``client_id``; its ``claim`` holds the staff id of somebody of
    ``center``. ``client_secret`` is empty for a public client. ``label`` is what stands on the button.
    """

    issuer: str
    client_id: str
    client_secret: str
    claim: str
    center: str
    scope: str = "openid profile"
    label: str = ""


@dataclass(frozen=True)
class DeskSettings:
    """``url`` is the address that staff see, ``citizen_url`` that of citizens; ``sides`` which groups of pages this
    process serves; ``upload_bytes`` how large a file may be; ``second_factor`` whether staff must have one;
    ``trial_links`` whether there are links that log in without a password, which a sandbox has; ``oidc`` the
    provider of single sign-on. Under https cookies are only sent over TLS.
    """

    url: str = "http://127.0.0.1:8005"
    citizen_url: str = "http://127.0.0.1:8005"
    sides: tuple[str, ...] = SIDES
    second_factor: bool = True
    upload_bytes: int = 10 << 20
    trial_links: bool = False
    oidc: OidcSettings | None = None

    @property
    def is_secure(self) -> bool:
        """Whether people reach the desk over TLS."""
        return urlsplit(self.url).scheme == "https"

    @property
    def origins(self) -> tuple[str, ...]:
        """What a browser says in ``Origin`` when a form of ours is sent."""
        return tuple(f"{parts.scheme}://{parts.netloc}" for parts in map(urlsplit, (self.url, self.citizen_url)))


def desk_settings() -> DeskSettings:
    """The settings of this process. Raises MissingSetting on one that makes no sense."""
    sides = tuple(each for each in (os.environ.get("BANCHENG_DESK_SIDES") or "staff,citizen").split(",") if each)
    if unknown := set(sides) - set(SIDES):
        raise MissingSetting(f"BANCHENG_DESK_SIDES: {unknown.pop()} is none of {', '.join(SIDES)}")
    second_factor = os.environ.get("BANCHENG_DESK_SECOND_FACTOR") or "required"
    if second_factor not in ("required", "optional"):
        raise MissingSetting("BANCHENG_DESK_SECOND_FACTOR is neither required nor optional")
    url = os.environ.get("BANCHENG_DESK_URL") or f"http://{os.environ.get('BANCHENG_DESK_ADDRESS') or '127.0.0.1:8005'}"
    citizen_url = os.environ.get("BANCHENG_DESK_CITIZEN_URL") or url
    for setting, address in (("BANCHENG_DESK_URL", url), ("BANCHENG_DESK_CITIZEN_URL", citizen_url)):
        if urlsplit(address).scheme not in ("http", "https"):
            raise MissingSetting(f"{setting} is no address such as https://desk.example.gov.cn")
    trial_links = bool(os.environ.get("BANCHENG_DESK_TRIAL_LINKS"))
    if trial_links and not os.environ.get("BANCHENG_THROWAWAY_DATABASE"):
        raise MissingSetting("BANCHENG_DESK_TRIAL_LINKS is for a sandbox, whose database is thrown away")
    return DeskSettings(
        url=url.rstrip("/"),
        citizen_url=citizen_url.rstrip("/"),
        sides=sides,
        second_factor=second_factor == "required",
        upload_bytes=upload_limit(),
        trial_links=trial_links,
        oidc=_oidc_settings(),
    )


def _oidc_settings() -> OidcSettings | None:
    """Single sign-on, where an issuer is named; None elsewhere."""
    issuer = (os.environ.get("BANCHENG_DESK_OIDC_ISSUER") or "").rstrip("/")
    if not issuer:
        return None
    parts = urlsplit(issuer)
    if parts.scheme != "https" and parts.hostname not in ("localhost", "127.0.0.1"):
        raise MissingSetting("BANCHENG_DESK_OIDC_ISSUER is no address such as https://sso.example.gov.cn")
    given = {name: os.environ.get(f"BANCHENG_DESK_OIDC_{name}") or "" for name in ("CLIENT_ID", "CLAIM", "CENTER")}
    if missing := [f"BANCHENG_DESK_OIDC_{name}" for name, value in given.items() if not value]:
        raise MissingSetting(f"{missing[0]} is not set, which single sign-on needs")
    return OidcSettings(
        issuer=issuer,
        client_id=given["CLIENT_ID"],
        client_secret=os.environ.get("BANCHENG_DESK_OIDC_CLIENT_SECRET") or "",
        claim=given["CLAIM"],
        center=given["CENTER"],
        scope=os.environ.get("BANCHENG_DESK_OIDC_SCOPE") or "openid profile",
        label=os.environ.get("BANCHENG_DESK_OIDC_LABEL") or "",
    )
