"""The center file as text: every fault in its place, and nothing that anybody writes ends the program."""

import dataclasses
import time
from itertools import pairwise
from pathlib import Path

import pytest

from services.access.center_text import center_text, read_center_text
from services.access.yaml_text import UnreadableYaml, read_yaml
from services.routing.rules.center_changes import changes_between

DEMO = (Path(__file__).parents[2] / "deploy" / "centers" / "demo.yml").read_text(encoding="utf-8")


def test_what_is_written_reads_as_the_same_center() -> None:
    center, faults = read_center_text(DEMO)
    assert center is not None
    assert faults == ()
    assert read_center_text(center_text(center)).center == center


def test_a_fault_has_its_line_and_its_path() -> None:
    bad = DEMO.replace("head: xie-weidong", "head: nobody").replace("lead: GJJ}", "lead: GONE}")
    _, faults = read_center_text(bad)
    lines = bad.splitlines()
    assert {(each.path, each.message) for each in faults} == {
        ("departments.SWJ.head", "No such member of staff."),
        ("rules[13].lead", "No such department."),
        ("rules[14].lead", "No such department."),
    }
    for fault in faults:
        assert fault.line is not None
        assert "nobody" in lines[fault.line - 1] or "GONE" in lines[fault.line - 1]


def test_a_field_that_is_missing_has_the_line_of_what_lacks_it() -> None:
    _, (fault,) = read_center_text(DEMO.replace("{name: 罗敏, title: 税务局联络员}", "{name: 罗敏}"))
    assert fault.path == "staff.luo-min.title"
    assert fault.line is not None
    assert "luo-min:" in DEMO.splitlines()[fault.line - 1]


def test_times_and_days_need_no_quotes() -> None:
    assert read_yaml("a: 13:00\nb: 2025-01-02\nc: no\nd: 0591\ne: 12\nf: true\ng:").value == {
        "a": "13:00",
        "b": "2025-01-02",
        "c": "no",
        "d": "0591",
        "e": 12,
        "f": True,
        "g": None,
    }


_BILLION = "\n".join(
    ["a: &a [1,1,1,1,1,1,1,1,1]", *(f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]" for a, b in pairwise("abcdef"))]
)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[" * 50_000 + "]" * 50_000, 1),
        ("a: &a [*a]", 1),
        (_BILLION, 5),
        ("x: !!python/object/apply:os.system [ls]", 1),
        ("x: 1\nx: 2", 2),
        ("- 1\n---\n- 2", 2),
        ("a:\n  b: c: d", 2),
        ("a: \x00", None),
        ("a" * 200_000, None),
        ("<<: 3", 1),
    ],
)
def test_what_is_no_center_file_is_refused_at_once(text: str, line: int | None) -> None:
    began = time.process_time()
    with pytest.raises(UnreadableYaml) as refused:
        read_yaml(text)
    assert refused.value.line == line
    assert time.process_time() - began < 1


def test_every_difference_is_named_by_its_field() -> None:
    before, _ = read_center_text(DEMO)
    after, faults = read_center_text(
        DEMO.replace("head: xie-weidong", "head: luo-min")
        .replace("answer: {working_days: 2}", "answer: {working_days: 3}")
        .replace("[税务, 发票,", "[税务, 发票, 税票,")
        .replace("  - {id: conduct, causes: [service_attitude], lead: ZWZX}\n", "")
    )
    assert before is not None
    assert after is not None, faults
    changes = {each.path: (each.before, each.after) for each in changes_between(before, after)}
    assert changes.keys() == {
        "departments.SWJ.head",
        "limits.answer.working_days",
        "rules.tax.any_of",
        "rules.conduct",
    }
    assert changes["limits.answer.working_days"] == (2, 3)
    assert changes["rules.conduct"][1] is None


def test_the_order_of_rules_is_a_difference() -> None:
    before, _ = read_center_text(DEMO)
    assert before is not None
    first, second, *rest = before.rules
    turned = [each.path for each in changes_between(before, dataclasses.replace(before, rules=(second, first, *rest)))]
    assert turned == ["rules"]
