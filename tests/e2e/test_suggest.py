"""`bancheng suggest` and `replay --suggest`, as they are run from a shell: what they read, refuse and write."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


def run(*words: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-W", "ignore", "-m", "services.cli", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)


def written(file: Path, letters: list[dict[str, Any]]) -> str:
    file.write_text("".join(json.dumps(letter, ensure_ascii=False) + "\n" for letter in letters), encoding="utf-8")
    return str(file)


def solved(number: int) -> list[dict[str, Any]]:
    """Letters about dogs, which the police answered, and about fields, which the farmers' office answered."""
    kinds = (("GAJ", "养犬登记", "狗证办不下来"), ("NYJ", "宅基地测量", "村里的宅基地没有人来量"))
    return [
        {
            "letter": f"{department}{nth}",
            "title": f"{title}第{nth}件",
            "text": f"{text}，跑了{nth}趟。",
            "received_at": f"2019/{1 + nth % 12}/1 10:00:00",
            "department": department,
            "reply": "已经办好，谢谢来信。",
            "evidence": "a field that nobody knows",
        }
        for nth in range(number)
        for department, title, text in kinds
    ]


def test_departments_and_similar_letters_are_written_for_each(tmp_path: Path) -> None:
    known = written(tmp_path / "solved.jsonl", [*solved(40), {"letter": 7, "text": "狗证丢失，没有部门没有答复"}])
    asked = written(
        tmp_path / "asked.jsonl",
        [
            {"letter": "A", "title": "狗证", "text": "养犬登记要带什么"},
            {"letter": "NYJ3", "title": "宅基地测量第3件", "text": "村里的宅基地没有人来量"},
            {"letter": "B", "title": "狗证丢失", "text": "狗证丢失了"},
        ],
    )
    out = tmp_path / "out.jsonl"
    done = run("suggest", "--solved", known, asked, "--json", str(out))
    assert done.returncode == 0, done.stderr
    rows = {row["letter"]: row for row in map(json.loads, out.read_text(encoding="utf-8").splitlines())}
    assert list(rows) == ["A", "NYJ3", "B"]
    assert rows["A"]["departments"][0] == "GAJ"
    assert rows["A"]["similar"][0].startswith("GAJ")
    assert rows["NYJ3"]["departments"][0] == "NYJ"
    assert "NYJ3" not in rows["NYJ3"]["similar"], "not itself"
    assert rows["B"]["similar"][0] == "7", "one without a department serves for likeness"


def test_a_bad_line_is_named_with_its_field(tmp_path: Path) -> None:
    good = written(tmp_path / "good.jsonl", solved(1))
    bad = written(tmp_path / "bad.jsonl", [{"letter": "1", "text": "好"}, {"letter": "2", "title": 5, "text": "好"}])
    done = run("suggest", "--solved", bad, good)
    assert done.returncode == 1
    assert "bad.jsonl, line 2" in done.stderr
    assert "title" in done.stderr
    (tmp_path / "broken.jsonl").write_text('{"letter": "1"', encoding="utf-8")
    done = run("suggest", "--solved", good, str(tmp_path / "broken.jsonl"))
    assert "broken.jsonl, line 1: not JSON" in done.stderr


def test_suggestions_get_better_with_what_was_solved(tmp_path: Path) -> None:
    done = run("replay", "--suggest", written(tmp_path / "solved.jsonl", solved(40)), "--lang", "en")
    assert done.returncode == 0, done.stderr
    assert "80 letters: the first right" in done.stdout
    assert "2019-01" in done.stdout
