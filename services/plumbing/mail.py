"""A mail handed to a mail server: SMTP, with TLS where the server has it, within a time.

    server = mail_server("smtp://user:secret@mail.example.gov.cn:587?from=desk@example.gov.cn")

``smtps://`` speaks TLS from the first byte; ``smtp://`` turns to it (STARTTLS) and refuses a server that does not,
unless ``tls=none`` stands in the address, for a server beside this one.
"""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import parse_qs, unquote, urlsplit

import eventlet

from services.plumbing.http.outgoing import tls

TOTAL_SECONDS = 20.0
_PORTS = {"smtp": 587, "smtps": 465}


class BadMailServer(ValueError):
    """Not the address of a mail server; the message shows no password."""


class MailRefused(Exception):
    """The server does not take this mail, now or later: the address is wrong, for example."""


class MailFailed(Exception):
    """The server did not take it; later it may."""


class MailNotSecured(MailFailed):
    """TLS is demanded, and the server does not offer it or shows a certificate that nobody here trusts. It was told
    nothing, neither the password nor the mail.
    """


class MailLoginRefused(MailFailed):
    """The server does not take the name and the password."""


class MailNotAnswered(Exception):
    """All of it was sent and nothing was answered: it may have been taken."""


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed over, and from whom it comes. It holds a password: never log it."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = ""
    tls: str = "starttls"


def mail_server(address: str) -> MailServer:
    """The server that an address as in the module's docstring names. Raises BadMailServer."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise BadMailServer("the port is no number") from None
    query = parse_qs(parts.query)
    sender = query.get("from", [""])[0]
    if parts.scheme not in _PORTS or not parts.hostname or "@" not in sender:
        raise BadMailServer("expected is smtp://user:secret@host:587?from=desk@example.gov.cn")
    tls = "tls" if parts.scheme == "smtps" else query.get("tls", ["starttls"])[0]
    if tls not in ("tls", "starttls", "none"):
        raise BadMailServer("tls is starttls or none")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return MailServer(parts.hostname, port or _PORTS[parts.scheme], sender, user, password, tls)


def hand_over(server: MailServer, mail: EmailMessage) -> None:
    """Give a mail with its ``To`` to the server. Raises MailRefused, MailFailed or a kind of it, MailNotAnswered."""
    is_under_way = False
    try:
        with eventlet.Timeout(TOTAL_SECONDS, TimeoutError("too slow")):
            client = _greeted(server)
            try:
                _expect(client.mail(server.sender), 250)
                _expect(client.rcpt(str(mail["To"])), 250, 251)
                is_under_way = True
                _expect(client.data(mail.as_bytes(policy=SMTP)), 250)
            finally:
                client.close()
    except smtplib.SMTPDataError as error:  # the server did not want to see it
        raise MailFailed(str(error.smtp_code)) from None
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise (MailNotAnswered if is_under_way else MailFailed)(type(error).__name__) from None


def _greeted(server: MailServer) -> smtplib.SMTP:
    client = _secured(server)
    try:
        client.ehlo_or_helo_if_needed()
        if server.user:
            client.login(server.user, server.password)
    except (smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError) as error:
        client.close()
        raise MailLoginRefused(type(error).__name__) from None
    except BaseException:
        client.close()
        raise
    return client


def _secured(server: MailServer) -> smtplib.SMTP:
    """A connection, with TLS as far as it is demanded. Raises MailNotSecured."""
    if server.tls == "tls":
        try:
            return smtplib.SMTP_SSL(server.host, server.port, timeout=TOTAL_SECONDS, context=tls())
        except ssl.SSLError as error:
            raise MailNotSecured(type(error).__name__) from None
    client = smtplib.SMTP(server.host, server.port, timeout=TOTAL_SECONDS)
    if server.tls == "starttls":
        try:
            client.ehlo_or_helo_if_needed()
            client.starttls(context=tls())
        except (ssl.SSLError, smtplib.SMTPNotSupportedError, smtplib.SMTPResponseException) as error:
            client.close()
            raise MailNotSecured(type(error).__name__) from None
        except BaseException:
            client.close()
            raise
    return client


def _expect(reply: tuple[int, bytes], *codes: int) -> None:
    if reply[0] in codes:
        return
    raise MailRefused(str(reply[0])) if 500 <= reply[0] < 600 else MailFailed(str(reply[0]))
