"""`bancheng demo` tells its story, says that all is well, and lets itself be tried until Ctrl-C."""

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest
import requests

COMMAND = [sys.executable, "-W", "ignore", "-c", "from services.cli import main; main()"]
ROOT = Path(__file__).parents[2]
SECONDS = 120.0
"""Far more than the story takes, for a machine with much else to do."""
LAST_LINE = "bancheng explain"


@dataclass
class Told:
    """What the demonstration printed until it was ready to be tried."""

    process: "subprocess.Popen[str]"
    text: str

    def run(self, command: str) -> str:
        """The output of one of the printed commands, run in a shell with the printed variables."""
        variables = re.findall(r"^[A-Z_]+=\S+$", self.text, re.MULTILINE)
        script = "\n".join([*variables, f'bancheng() {{ {shlex.join(COMMAND)} "$@"; }}', command])
        done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60, cwd=ROOT, check=True)
        return done.stdout

    def reply(self, address: str) -> Any:
        """The JSON that the printed curl brings whose address fits."""
        (command,) = [line for line in self.text.splitlines() if re.match(f'curl -s "{address}"', line)]
        return json.loads(self.run(command))


@pytest.fixture(scope="module")
def demo() -> Iterator[Told]:
    """The demonstration, served as a script's background runs it: Ctrl-C is ignored unless it sees to that itself."""
    environment = os.environ | {"COLUMNS": "100", "AMQP_URI": ""}
    process = subprocess.Popen(
        ["sh", "-c", 'trap "" INT; exec "$@"', "sh", *COMMAND, "demo", "--lang", "en", "--serve"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment,
        cwd=ROOT,
    )
    try:
        yield Told(process, _until_ready(process))
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(60)


def _until_ready(process: "subprocess.Popen[str]") -> str:
    give_up, lines = time.monotonic() + SECONDS, []
    assert process.stdout
    for line in process.stdout:
        lines.append(line)
        if LAST_LINE in line:
            return "".join(lines)
        assert time.monotonic() < give_up, "".join(lines)
    raise AssertionError("".join(lines))


def test_the_story_is_told_in_a_readable_length(demo: Told) -> None:
    told = demo.text.partition("The house stays up")[0]
    assert 120 <= len(told.splitlines()) <= 260
    assert "\x1b" not in told, "no colour where nobody sees it"


def test_nothing_of_a_person_is_shown(demo: Told) -> None:
    told = demo.text.partition("The house stays up")[0]
    assert not re.search(r"1[3-9]\d{9}|\d{17}[\dX]", told)
    assert "林** 139****6127" in told
    assert "林玉珍" not in told


@pytest.mark.parametrize(
    "line",
    [
        r"17:00 0427-0002 RED 4 · not answered, 5 working days late → 督查科科长谭丽华",
        r"17:00 0427-0004 RED 3 · not answered, 1 working day late → 政务服务中心主任沈国强",
        r"15:05 0427-0007 .*\n +→ the duty leader's docket: no rule fits, to be decided by Tue 28 Apr 11:05",
        r"0427-0006 sent back by 城市管理局 CGJ .*\n +→ now 住房和城乡建设局 ZJJ",
        r"0429-0001 sent back by 城市管理局 CGJ .*\n +→ the duty leader's docket: sent back too often",
        r"0429-0001 副主任梁晓梅 decides: 城市管理局 CGJ with GAJ, STHJ · complex · due Sat 9 May 17:00",
        r"0428-0001 副主任梁晓梅: complex after all, report due Fri 8 May 17:00",
        r"0430-0001 app · 覃\*\* 137\*\*\*\*9083 · repeats 0427-0004",
        r"0428-0004 the papers are here, the deadline goes on: due Thu 7 May 17:00",
        r"0427-0005 rated dissatisfied, round 2 begins: 市场监督管理局 SJJ, due Wed 6 May 17:00",
        r"REFUSED one of 5 from hotline-2-may, .*applicant\.phone: Must be a\s+mobile phone",
        r"0429-0002 REFUSED to extend: an extension could be asked for until 2026-05-06 09:00",
        r"0428-0003 副主任顾燕 grants more time, now due Tue 12 May 17:00",
        r"Wednesday 6 May .* 副主任方健 sits 09:00–12:00 \(moved from Tue 5 May\)",
        r"0428-0002 not accepted",
        r"0428-0005 withdrawn by the citizen",
    ],
)
def test_what_the_services_say_is_told(line: str, demo: Told) -> None:
    assert re.search(line, demo.text)


def test_the_summary_has_the_numbers_of_the_story(demo: Told) -> None:
    assert re.search(r"ordinary +25 +8 +· +8 +6 +2 +· +1\n", demo.text)
    assert re.search(r"complex +6 +· +1 +3 +2 +· +· +·\n", demo.text)
    assert re.search(r"answer +27 +16 +4 +7\b", demo.text)
    assert re.search(r"report +6 +4 +· +2\b", demo.text)
    assert re.search(r"acknowledge +2 +1 +· +·", demo.text)
    assert re.search(r"answer +13 +4 +3 +1\b", demo.text)
    assert "Self-check: every ticket stored, every event delivered, every mark fired once" in demo.text


def test_the_printed_commands_work(demo: Told) -> None:
    assert re.fullmatch(r"BC-20260510-\d{4}", demo.reply(r"\$INTAKE/tickets")["number"])
    assert demo.reply(r"\$INTAKE/tickets/BC-.*/status")["state"] == "closed"
    assert demo.reply(r"\$INTAKE/tickets/[0-9a-f-]{36}")["applicant"]["phone"] == "139****6127"
    assert {each["level"] for each in demo.reply(r"\$ROUTING/tickets/.*")["escalations"]} == {1, 2, 3, 4}
    assert demo.reply(r"\$DEADLINE_WATCH/deadlines/.*")["deadlines"]
    assert "items" in demo.reply(r"\$ROUTING/assignments.*")
    assert demo.reply(r"\$DEADLINE_WATCH/board")["rows"]


def test_the_printed_people_can_log_in_to_the_desk(demo: Told) -> None:
    (desk,) = re.findall(r"^DESK=(\S+)$", demo.text, re.MULTILINE)
    people = re.findall(r"^#   (\S+) +(\S+)  \S+ ", demo.text, re.MULTILINE)
    assert {"liu-yang", "luo-min", "gu-yan", "shen-guoqiang", "wei-tao"} & {staff for staff, _ in people}
    for staff, password in people:
        form = {"center": "BC", "staff": staff, "password": password}
        assert requests.post(f"{desk}/login", form, allow_redirects=False, timeout=30).status_code == 303


def test_the_days_of_a_promise_are_explained_as_a_table(demo: Told) -> None:
    (command,) = [line for line in demo.text.splitlines() if LAST_LINE in line]
    explained = demo.run(command)
    assert "answer · round 1 · CGJ · breached · from Mon 27 Apr 2026 09:20 to Wed 29 Apr 2026 17:00" in explained
    assert re.search(r"Tue 28 Apr +1 +working day", explained)
    assert re.search(r"Wed 29 Apr +2 +working day", explained)


def test_a_house_with_nothing_to_do_rests(demo: Told) -> None:
    """It looked for events more than three hundred times a second."""
    children = psutil.Process(demo.process.pid).children(recursive=True)
    (services,) = [each for each in children if "services.run" in each.cmdline()]
    began, before = time.monotonic(), services.num_ctx_switches().voluntary
    time.sleep(3)
    assert services.num_ctx_switches().voluntary - before < 120 * (time.monotonic() - began)


def test_ctrl_c_closes_the_house_and_leaves_nothing_behind(demo: Told) -> None:
    processes = psutil.Process(demo.process.pid).children(recursive=True)
    demo.process.send_signal(signal.SIGINT)
    assert demo.process.wait(60) == 0
    _, alive = psutil.wait_procs(processes, timeout=10)
    assert not alive


def test_a_broken_story_is_refused_before_anything_is_started(tmp_path: Path) -> None:
    story = tmp_path / "story.yml"
    story.write_text('begins: "2026-04-27"\nends: "2026-05-10"\ntickets: []\n', encoding="utf-8")
    done = subprocess.run(
        [*COMMAND, "demo", "--story", str(story)], capture_output=True, text=True, timeout=60, cwd=ROOT, check=False
    )
    assert done.returncode == 1
    assert "tickets: Shorter than minimum length 1." in done.stderr
    assert done.stdout == ""
