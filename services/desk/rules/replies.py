"""What the services reply when something cannot be done, as sentences that a page can say in another language. Pure."""

import re

from services.desk.rules.center_replies import CENTER_REPLIES

REPLIES = (
    "A clerk asks for papers once a round; asking again is a leader's to do.",
    "A complex ticket does not become ordinary again: a report was promised.",
    "A person has no organisation or credit code here; choose organisation.",
    "An organisation must be named.",
    "Holds a character that is not allowed.",
    "Is a sitting of the same leader.",
    "Is no leader who sits at the window.",
    "Missing data for required field.",
    "Must be a liaison of the same department.",
    "Must be a department of the center that has not returned this ticket.",
    "Must be a mobile phone (11 digits) or a landline with its area code, like 0591-87654321.",
    "Must be an 18-character ID card number with the right check digit.",
    "Must be an 18-character unified social credit code with the right check digit.",
    "Must be another leader, or the director.",
    "Must not be before today.",
    "Must not be blank.",
    "Must not hold anything twice.",
    "Must say why in words: at least 5 letters, digits or characters, not one repeated.",
    "Needs a word of at least two characters, or a ticket's number.",
    "No sitting opens then.",
    "No such department.",
    "Not a valid integer.",
    "The lead does not assist itself.",
    "The ticket was answered.",
    "There is no such ticket.",
    "This round of the ticket has been rated already.",
    "This ticket was accepted and answered before: it cannot be declined.",
    "a complex ticket needs its special-topic report first",
    "a swap has no substitute",
    "an ordinary ticket is answered without a report; reclassify it if it is complex",
    "another swap of this sitting waits for a leader to confirm it",
    "close the sitting first",
    "more time was requested for this ticket already, and that is to be decided first",
    "no escalation of which you were told",
    "no sitting may be opened now",
    "no such assignment",
    "no such change of the roster",
    "no such sitting",
    "no such ticket",
    "nobody has decided yet who handles this ticket",
    "nobody holds this sitting: name a substitute first",
    "only the lead department answers, reports and asks for more time",
    "only the leader concerned or the director changes this",
    "only the leader who sits or the director does this",
    "sign for the assignment first",
    "the deadline is not known yet; try again",
    "the deadline waits for the applicant; ask when it runs again",
    "the duty leader decided this; the decision is final",
    "the duty leader has still to decide who handles this ticket",
    "the lead department has not signed for this ticket",
    "the minutes were signed, and are changed no more",
    "the promise was kept already",
    "the report was filed already",
    "the roster has changed since; propose another swap",
    "there is a leave on some of these days already; withdraw it first",
    "these days are over",
    "this level had not been reached after all, which needs no acknowledgement",
    "this sitting has begun already",
    "this liaison handles it already",
    "this ticket does not lie on the docket",
    "this ticket is complex already",
    "two leaders agreed on this swap: swap back, or ask the director",
    "you have acknowledged this already",
    *CENTER_REPLIES,
    "At most {days} working days are granted.",
    "Longer than maximum length {length}.",
    "Must be between {first} and {last}, when the promise goes on.",
    "Must not be before the first day, nor more than {days} days in all.",
    "Shorter than minimum length {length}.",
    "This ticket is {state}: it cannot be {act}.",
    "an extension could be asked for until {when}",
    "an extension could be granted until {when}",
    "it could be reclassified until {when}",
    "it could be returned until {when}",
    "it was extended {times} times already, which is all that is allowed",
    "only an answered ticket is closed; this one is {state}",
    "this assignment is {assignment} already",
    "this change is {change} already",
    "this extension is {extension} already",
    "this sitting is {sitting} already",
    "this ticket is {state} already",
)
"""In English, as they come; what stands in braces differs. A sentence that is not here is shown as it came."""

_PATTERNS = [
    (reply, re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(reply)))) for reply in REPLIES if "{" in reply
]


def parsed(sentence: str) -> tuple[str, dict[str, str]]:
    """The one of REPLIES that a service's sentence is, and what stands in its braces; else the sentence itself."""
    for reply, pattern in _PATTERNS:
        if found := pattern.fullmatch(sentence):
            return reply, found.groupdict()
    return sentence, {}
