"""E-mail: one message of text, whose Message-ID is the same when it is sent again and nothing is known of the first."""

from email.message import EmailMessage
from email.utils import formatdate

from services.notify.rules.chain import Reception
from services.notify.rules.texts import NoticeMessage, body_of, subject_of
from services.notify.settings import NotifySettings
from services.plumbing import mail


def deliver(settings: NotifySettings, message: NoticeMessage) -> tuple[Reception, str | None]:
    """Hand it to the mail server; the outcome, and a code for what is wrong."""
    if settings.mail_server is None:
        return Reception.REFUSED, "no_mail_server"
    try:
        mail.hand_over(settings.mail_server, written(message, settings.mail_server.sender))
    except mail.MailRefused as error:
        return Reception.REFUSED, f"smtp_{error}"
    except mail.MailNotSecured:
        return Reception.FAILED, "not_secured"
    except mail.MailLoginRefused:
        return Reception.FAILED, "login_refused"
    except mail.MailFailed as error:
        return Reception.FAILED, f"smtp_{error}" if str(error).isdecimal() else "not_reached"
    except mail.MailNotAnswered:
        return Reception.UNANSWERED, "unanswered"
    return Reception.DELIVERED, None


def written(message: NoticeMessage, sender: str) -> EmailMessage:
    """The mail."""
    written = EmailMessage()
    written["From"] = sender
    written["To"] = message.address
    written["Subject"] = subject_of(message)
    written["Date"] = formatdate()
    written["Message-ID"] = f"<{message.id}@{sender.rpartition('@')[2]}>"
    written["Auto-Submitted"] = "auto-generated"
    written.set_content(body_of(message))
    return written
