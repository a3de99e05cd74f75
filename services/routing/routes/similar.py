"""Earlier tickets like one that is being written down, shown while somebody types."""

from schemas.requests.similar import FindSimilar, SimilarTicket, SimilarTickets
from services.access.admission import route
from services.plumbing.http.group_commit import Call
from services.routing import store
from services.routing.actions.staff_texts import HasMaskingKeys
from services.routing.replies import scope_of, shown, zone_of
from services.routing.routes import CENTER, LIAISONS
from services.routing.rules import similar
from services.routing.rules.lists import terms_of


@route("POST", "/tickets:similar", body=FindSimilar, reply=SimilarTickets, roles=CENTER | LIAISONS, keyed=False)
def find_similar(service: HasMaskingKeys, call: Call) -> SimilarTickets:
    """Find earlier tickets with the same words, and how they were solved; a liaison sees the own department's."""
    title, text, zone = call.body.title, call.body.text, zone_of(call)
    typed = similar.telling_terms(title, text, *store.similar.frequencies(call.tx))
    if len(typed) < similar.LEAST_COMMON:
        return SimilarTickets(items=())
    rows = store.similar.candidates(call.tx, scope_of(call.actor), typed)
    alike = similar.most_alike(terms_of(title, text), {place: row.terms for place, row in enumerate(rows)})
    solved_first = sorted(alike, key=lambda each: (rows[each[0]].answer is None, -each[1]))[: similar.SHOWN]
    return SimilarTickets(
        items=tuple(shown(SimilarTicket, rows[place], zone, likeness=round(like, 2)) for place, like in solved_first)
    )
