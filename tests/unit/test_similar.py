"""Earlier tickets like the one that is being typed: which terms tell something, and what is alike."""

from services.routing.rules.lists import terms_of
from services.routing.rules.similar import LOOKED_UP, likeness, most_alike, telling_terms


def test_what_stands_in_every_ticket_is_not_looked_up() -> None:
    frequencies = {"窗口": 0.9, "税务": 0.1}
    assert telling_terms("税务窗口", "", frequencies, 100_000) == ["务窗", "税务"]
    assert "窗口" in telling_terms("税务窗口", "", frequencies, 1000), "among few tickets nothing costs much"


def test_of_a_long_text_the_rarest_are_looked_up() -> None:
    text = "".join(chr(0x4E00 + n) for n in range(500))
    terms = telling_terms("公积金", text, {"公积": 0.001, "积金": 0.002}, 1000)
    assert len(terms) == LOOKED_UP
    assert "公积" not in terms


def test_what_is_alike_has_a_good_part_of_what_was_typed() -> None:
    typed = terms_of("公积金提取被退回", "")
    same, other = terms_of("公积金提取申请三次被退回", "系统里查不到"), terms_of("发票开不出来", "被退回")
    assert most_alike(typed, {0: other, 1: same})[0][0] == 1
    assert [place for place, _ in most_alike(typed, {0: other})] == []
    assert likeness(typed, typed) == 1
    assert likeness([], same) == 0
