import pytest

from schemas.center.center import RoutingRule
from schemas.center.rules import matter_of
from schemas.enums import Cause, Complexity
from schemas.errors import Invalid
from services.routing.rules.routing import (
    RoutingDecision,
    after_return,
    by_leader,
    choose,
    ensure_may_suggest,
)
from services.routing.rules.ticket import Ticket
from tests.routing_builders import a_city_center, a_ticket


def chosen(title: str, *, matter: str | None = None, cause: Cause | None = None) -> RoutingDecision | None:
    return choose(a_city_center(), matter_of(title, "", matter, cause))


def led_by(title: str, **more: str) -> str | None:
    decision = chosen(title, **more)  # type: ignore[arg-type]
    return decision.lead if decision else None


def test_the_first_rule_that_fits_decides() -> None:
    decision = chosen("发票和户口")
    assert decision is not None
    assert (decision.rule, decision.lead, decision.decided_by) == ("tax", "SWJ", None)


def test_what_fits_no_rule_is_not_guessed() -> None:
    assert chosen("路灯不亮") is None


def test_the_matters_code_is_enough() -> None:
    assert led_by("没有关键词", matter="company-relocation") == "SWJ"


def test_all_of_needs_every_word_wherever_it_stands() -> None:
    assert led_by("继承") is None
    decision = choose(a_city_center(), matter_of("老房产", "办继承手续", None, None))
    assert decision is not None
    assert decision.rule == "inherited-home"


def test_a_word_does_not_reach_from_the_title_into_the_text() -> None:
    assert choose(a_city_center(), matter_of("税", "务", None, None)) is None


def test_small_and_capital_letters_are_the_same() -> None:
    assert led_by("app 打不开") == "SWJ"


def test_every_part_that_a_rule_names_must_fit() -> None:
    rule = RoutingRule(id="both", matters=("m",), causes=(Cause.LEGACY,), any_of=("房",), lead="ZJJ")
    center = a_city_center(rules=(rule,))
    assert choose(center, matter_of("房", "", "m", Cause.LEGACY)) is not None
    assert choose(center, matter_of("房", "", "m", None)) is None
    assert choose(center, matter_of("房", "", None, Cause.LEGACY)) is None
    assert choose(center, matter_of("", "", "m", Cause.LEGACY)) is None


def test_a_rule_that_names_nothing_fits_everything() -> None:
    decision = choose(a_city_center(rules=(RoutingRule(id="rest", lead="ZJJ"),)), matter_of("x", "", None, None))
    assert decision is not None
    assert decision.why == "every_ticket"


def test_the_decision_says_which_words_of_the_rule_were_found() -> None:
    decision = chosen("房产继承")
    assert decision is not None
    assert decision.why == "keywords:继承 房产"


def test_two_departments_make_a_ticket_complex() -> None:
    decision = chosen("未办证")
    assert decision is not None
    assert decision.complexity == Complexity.COMPLEX


@pytest.mark.parametrize("cause", [Cause.UNCLEAR_POLICY, Cause.DEPARTMENT_GAP, Cause.LEGACY])
def test_the_causes_the_window_exists_for_make_a_ticket_complex(cause: Cause) -> None:
    decision = chosen("发票", cause=cause)
    assert decision is not None
    assert decision.complexity == Complexity.COMPLEX


def test_one_department_and_another_cause_are_ordinary() -> None:
    decision = chosen("发票", cause=Cause.SERVICE_ATTITUDE)
    assert decision is not None
    assert decision.complexity == Complexity.ORDINARY


def test_a_rule_may_say_that_two_departments_are_ordinary() -> None:
    decision = chosen("水费")
    assert decision is not None
    assert (decision.assisting, decision.complexity) == (("SWJ",), Complexity.ORDINARY)


def returned(ticket: Ticket, *departments: str, times: int = 1, suggested: str | None = None) -> RoutingDecision | None:
    return after_return(a_city_center(), ticket, returned=departments, lead_returns=times, suggested=suggested)


def test_the_first_return_goes_to_the_next_rule_that_fits() -> None:
    decision = returned(a_ticket(), "SWJ")
    assert decision is not None
    assert (decision.rule, decision.lead) == ("papers", "GAJ")


def test_a_department_that_returned_the_ticket_does_not_assist_either() -> None:
    decision = returned(a_ticket(title="税务，房子未办证"), "SWJ")
    assert decision is not None
    assert (decision.lead, decision.assisting) == ("ZJJ", ())


def test_with_no_other_rule_the_duty_leader_decides() -> None:
    assert returned(a_ticket(title="税务"), "SWJ") is None


def test_the_second_return_is_the_duty_leaders() -> None:
    assert returned(a_ticket(), "SWJ", "ZJJ", times=2) is None


def test_the_suggested_department_comes_before_the_next_rule() -> None:
    ticket = a_ticket(assisting=("ZJJ", "GAJ"), complexity=Complexity.COMPLEX)
    decision = returned(ticket, "SWJ", suggested="ZJJ")
    assert decision is not None
    assert (decision.lead, decision.assisting, decision.complexity) == ("ZJJ", ("GAJ",), Complexity.COMPLEX)


def test_only_a_department_that_exists_and_has_not_returned_is_suggested() -> None:
    for suggested in ("NOWHERE", "SWJ"):
        with pytest.raises(Invalid) as refusal:
            ensure_may_suggest(a_city_center(), suggested, {"SWJ"})
        assert refusal.value.field == "suggest"


def test_a_complex_ticket_stays_complex_however_it_is_routed_anew() -> None:
    decision = returned(a_ticket(complexity=Complexity.COMPLEX), "SWJ")
    assert decision is not None
    assert decision.complexity == Complexity.COMPLEX


def decided(ticket: Ticket, lead: str, *assisting: str, complexity: Complexity | None = None) -> RoutingDecision:
    return by_leader(
        a_city_center(), ticket, lead=lead, assisting=assisting, complexity=complexity, why="必须有人负责", leader="gu"
    )


def test_the_leader_decides_and_the_reason_is_kept_word_for_word() -> None:
    decision = decided(a_ticket(), "GAJ")
    assert (decision.lead, decision.decided_by, decision.why, decision.rule) == ("GAJ", "gu", "必须有人负责", None)


def test_the_leaders_two_departments_are_complex_unless_said_otherwise() -> None:
    assert decided(a_ticket(), "GAJ", "ZJJ").complexity == Complexity.COMPLEX
    assert decided(a_ticket(), "GAJ", "ZJJ", complexity=Complexity.ORDINARY).complexity == Complexity.ORDINARY


@pytest.mark.parametrize(
    ("lead", "assisting", "field"),
    [("NOWHERE", (), "lead"), ("SWJ", ("NOWHERE",), "assisting"), ("SWJ", ("SWJ",), "assisting")],
)
def test_the_leader_cannot_name_a_department_that_does_not_exist_or_twice(
    lead: str, assisting: tuple[str, ...], field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        decided(a_ticket(), lead, *assisting)
    assert refusal.value.field == field


def test_the_leader_cannot_take_a_promised_report_back() -> None:
    with pytest.raises(Invalid, match="report was promised"):
        decided(a_ticket(complexity=Complexity.COMPLEX), "GAJ", complexity=Complexity.ORDINARY)
