"""Asking the question base: by everybody what is for everybody, by the staff with a token what is for them too."""

from typing import Any
from uuid import UUID

from schemas.enums import Role
from schemas.requests.answers import (
    AnswerHelped,
    AnswerOpened,
    Answers,
    AnswersQuery,
    AskedState,
    FindAnswer,
    FittingAnswers,
    SpeechQuery,
    SpokenWords,
)
from services.access.admission import route
from services.access.files import Sender, upload
from services.knowledge.actions import answering, speech
from services.plumbing.database.transaction import Transaction
from services.plumbing.http.group_commit import Call

STAFF = {
    Role.CLERK,
    Role.LIAISON,
    Role.DEPARTMENT_HEAD,
    Role.DUTY_LEADER,
    Role.DIRECTOR,
    Role.SUPERVISOR,
    Role.OPS,
    Role.AUDITOR,
}
EVERYBODY: dict[str, Any] = {"roles": STAFF, "open_too": True}


@route("GET", "/answers", query=AnswersQuery, reply=Answers, per_minute=30, **EVERYBODY)
def find_answers(service: Any, call: Call) -> Answers:
    """Three published answers to a question, with their basis; without a token those for everybody. What was asked is
    kept without personal data.
    """
    center = answering.center_asked(call.tx, call.actor, call.query.center)
    return answering.answer(call.tx, center, call.query.q, answering.asker(call.actor))


@route("POST", "/answers", body=FindAnswer, reply=FittingAnswers, roles=STAFF, keyed=False)
def find_fitting_answer(service: Any, call: Call) -> FittingAnswers:
    """The published entry that answers what is being typed, if one clearly does. Nothing of it is kept."""
    center = answering.center_asked(call.tx, call.actor, None)
    return FittingAnswers(items=answering.fitting(call.tx, center, call.body.title, answering.asker(call.actor)))


@route("POST", "/asked/<uuid:asked_id>/opened", body=AnswerOpened, reply=AskedState, per_minute=60, **EVERYBODY)
def note_opened(service: Any, call: Call, asked_id: UUID) -> AskedState:
    """Say which answer was read."""
    return answering.note_opened(call.tx, asked_id, call.actor, call.body.entry_id)


@route("POST", "/asked/<uuid:asked_id>/helped", body=AnswerHelped, reply=AskedState, per_minute=60, **EVERYBODY)
def note_helped(service: Any, call: Call, asked_id: UUID) -> AskedState:
    """Say whether it helped, or that it is not there and should be written."""
    return answering.note_helped(call.tx, asked_id, call.actor, call.body)


def _may_speak(tx: Transaction, sender: Sender, path_values: dict[str, Any]) -> None:
    speech.ensure_recogniser()
    answering.ensure_may_speak(tx, sender.actor)


@upload(
    "POST",
    "/speech",
    query=SpeechQuery,
    reply=SpokenWords,
    may=_may_speak,
    prepare=speech.transcribed,
    limit=speech.most_bytes,
    media_types=speech.MEDIA_TYPES,
    keyed=False,
    per_minute=10,
    **EVERYBODY,
)
def transcribe(service: Any, call: Call) -> SpokenWords:
    """Write down what somebody says, where the center lets them and a recogniser is set up. Nothing of it is kept."""
    answering.ensure_may_speak(call.tx, call.actor, call.query.center)
    return SpokenWords(text=call.body)
