"""Mail goes over TLS to a server that is trusted, by name and password; to any other nothing is said."""

from collections.abc import Iterator
from email.message import EmailMessage

import pytest

from services.plumbing import mail
from services.plumbing.http.outgoing import tls
from tests.stack.certificates import SelfMade
from tests.stack.far_side import MailServer


@pytest.fixture(scope="module")
def certificate() -> SelfMade:
    return SelfMade()


@pytest.fixture
def _trusted(certificate: SelfMade, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("BANCHENG_CA_FILE", str(certificate.file))
    tls.cache_clear()
    yield
    tls.cache_clear()


def hand_over(url: str) -> None:
    letter = EmailMessage()
    letter["To"] = "luo-min@example.gov.cn"
    letter.set_content("已交办贵单位")
    mail.hand_over(mail.mail_server(url), letter)


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
@pytest.mark.usefixtures("_trusted")
@pytest.mark.parametrize("at_once", [False, True], ids=["STARTTLS", "SMTPS"])
def test_a_mail_is_taken_over_tls_from_who_logs_in(certificate: SelfMade, at_once: bool) -> None:
    with MailServer(certificate, at_once=at_once) as server:
        hand_over(server.url)
        assert len(server.mails) == 1
        with pytest.raises(mail.MailLoginRefused):
            hand_over(server.url.replace("desk:", "somebody:"))
        assert len(server.mails) == 1


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
@pytest.mark.parametrize("at_once", [False, True], ids=["STARTTLS", "SMTPS"])
def test_a_certificate_that_nobody_trusts_is_refused(certificate: SelfMade, at_once: bool) -> None:
    tls.cache_clear()
    with MailServer(certificate, at_once=at_once) as server:
        with pytest.raises(mail.MailNotSecured):
            hand_over(server.url)
        assert server.mails == []


def test_a_server_without_starttls_is_told_nothing_where_it_is_demanded() -> None:
    with MailServer() as server:
        with pytest.raises(mail.MailNotSecured):
            hand_over(server.url.removesuffix("&tls=none"))
        assert server.mails == []
        hand_over(server.url)
        assert len(server.mails) == 1
