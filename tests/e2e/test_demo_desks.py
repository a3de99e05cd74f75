"""Whoever logs in to the served demonstration finds something real in each section of each of their pages."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
import requests

from services.demo.parked import send_what_only_a_later_version_knows
from tests.stack.desk_house import found
from tests.stack.played_story import PlayedStory, played_story


@pytest.fixture(scope="module")
def story() -> Iterator[PlayedStory]:
    with played_story() as played:
        yield played


def page_of(story: PlayedStory, staff: str, path: str) -> str:
    """A page as somebody sees it; ``{key}`` in the path is the id of a ticket of the story, with _ for -."""
    browser = requests.Session()
    assert browser.get(story.sandbox.trial_link(staff), timeout=30).ok
    ids = {key.replace("-", "_"): receipt.ticket_id for key, receipt in story.receipts.items()}
    reply = browser.get(f"http://{story.sandbox.addresses['desk']}{path.format(**ids)}", timeout=30)
    assert reply.status_code == 200, reply.text
    return unescape(reply.text)


def act(story: PlayedStory, staff: str, page: str, path: str, **form: str) -> requests.Response:
    """Send a form of a page."""
    browser = requests.Session()
    assert browser.get(story.sandbox.trial_link(staff), timeout=30).ok
    desk = f"http://{story.sandbox.addresses['desk']}"
    text = browser.get(desk + page, timeout=30).text
    hidden = {name: found(re.compile(f'name="{name}" value="([^"]+)"'), text) for name in ("csrf_token", "key")}
    return browser.post(desk + path, data=hidden | form, allow_redirects=False, timeout=30)


def section(page: str, heading: str) -> str:
    """What stands below a heading, up to the next one."""
    found = re.search(rf"<h2[^>]*>(?:(?!</h2>).)*{heading}.*?</h2>(.*?)(?=<h2|</main>)", page, re.DOTALL)
    assert found, heading
    return found[1]


@pytest.mark.parametrize(
    ("staff", "path"),
    [
        ("liu-yang", "/desk"),
        ("liu-yang", "/desk?state=awaiting_materials"),
        ("liu-yang", "/roster"),
        ("liu-yang", "/sittings"),
        ("luo-min", "/inbox"),
        ("xie-weidong", "/overview"),
        ("gu-yan", "/docket"),
        ("gu-yan", "/roster"),
        ("shen-guoqiang", "/overview"),
        ("shen-guoqiang", "/docket"),
        ("tan-lihua", "/overview"),
        ("shen-pei", "/audit"),
        ("shen-pei", "/audit?part=reveals"),
        ("shen-pei", "/audit?part=phone-searches"),
    ],
)
def test_no_section_of_a_page_is_empty(staff: str, path: str, story: PlayedStory) -> None:
    assert re.findall(r'<p class="empty">.*?</p>', page_of(story, staff, path)) == []


def test_the_docket_has_something_to_decide_in_each_section(story: PlayedStory) -> None:
    docket = page_of(story, "gu-yan", "/docket")
    assert "盲道被共享单车堆满" in section(docket, "待裁决")
    assert "树在小区红线以内" in section(docket, "待裁决"), "and why it was sent back"
    assert "风险评估模型由省局维护" in section(docket, "延期申请")
    assert "后街巷路灯半年不亮" in section(docket, "已超期")
    assert "井盖松动" in section(docket, "再次反映的事项")
    assert "宅基地翻建" in section(docket, "需联合会商的复杂事项")
    assert "农场工龄" in section(docket, "待召开或待记录的会商")
    assert "税务局" in section(docket, "会签未齐的专题报告")
    assert "建议请主任约谈城管局" in docket, "the last hand-over"


def test_a_liaison_has_a_meeting_a_report_to_sign_and_work(story: PlayedStory) -> None:
    inbox = page_of(story, "luo-min", "/inbox")
    assert "农场工龄" in section(inbox, "联合会商")
    assert "安置房住了六年办不了产权证" in section(inbox, "待会签的专题报告")
    assert "契税多缴一万二" in inbox
    assert "已查到三次申请均落在旧系统" in inbox, "the progress that was reported"
    assert "信号配时" in page_of(story, "jiang-wen", "/tickets/{signal_timing}"), "handed over to the other liaison"


def test_some_escalations_are_acknowledged_and_some_are_not(story: PlayedStory) -> None:
    assert "契税多缴一万二" in section(page_of(story, "xie-weidong", "/overview"), "上报给您、尚未确认知悉")
    director = page_of(story, "shen-guoqiang", "/overview")
    assert "后街巷路灯半年不亮" in section(director, "上报给您、尚未确认知悉")
    assert "顶楼水压不足" not in section(director, "上报给您、尚未确认知悉")
    assert "后街巷路灯半年不亮" in section(page_of(story, "tan-lihua", "/overview"), "上报给您、尚未确认知悉")


def test_a_report_is_signed_by_all_and_one_by_all_but_one(story: PlayedStory) -> None:
    signed = page_of(story, "gu-yan", "/tickets/{shared_building}")
    assert "待会签" not in signed
    assert "会议定了三条" in section(signed, "联合会商"), "of a meeting that was held"
    assert re.search("税务局 · 待会签", page_of(story, "gu-yan", "/tickets/{resettlement_homes}"))
    assert "先把三家叫到一起" in page_of(story, "ding-na", "/tickets/{missing_years}"), "more time, refused"


def test_the_sittings_were_held_and_all_minutes_but_one_signed(story: PlayedStory) -> None:
    sittings = page_of(story, "gu-yan", "/sittings")
    assert sittings.count("已签署") == 3
    assert '<td data-label="状态">已结束，待签署' in sittings
    (last, *_) = re.findall(r'id="sitting-[^"]+" href="([^"]+)"', sittings)
    minutes = page_of(story, "gu-yan", last)
    assert "安置房住了六年办不了产权证" in minutes
    assert "老宅四至已准延期三个工作日" in minutes


def test_the_roster_has_a_swap_to_confirm_and_a_gap(story: PlayedStory) -> None:
    roster = page_of(story, "gu-yan", "/roster")
    assert "梁晓梅" in section(roster, "换班申请")
    assert "方健" in section(roster, "两周内有坐班无人值守")


def test_a_citizen_has_sent_one_of_two_papers(story: PlayedStory) -> None:
    receipt = story.receipts["new-address"]
    asked = {"number": receipt.number, "code": receipt.query_code}
    status = requests.post(f"http://{story.sandbox.addresses['desk']}/status", asked, timeout=30).text
    assert "新址平面布局图" in status, "to be brought"
    sent = '新址房屋租赁合同</span><span class="quiet">图片'
    assert sent in status
    assert sent in page_of(story, "liu-yang", "/desk/{new_address}")


def test_the_operator_has_a_second_version_to_compare_and_go_back_from(story: PlayedStory) -> None:
    versions = page_of(story, "wei-tao", "/center-file")
    assert "第 2 版" in versions
    assert "魏涛" in versions
    changed = page_of(story, "wei-tao", "/center-file/compare?before=1&after=2")
    assert "犬证" in changed
    assert "恢复为这一版" in page_of(story, "wei-tao", "/center-file/versions/1")


def test_the_operator_has_an_event_that_really_fails(story: PlayedStory) -> None:
    send_what_only_a_later_version_knows(story.sandbox, next(iter(story.receipts.values())))
    (path,) = set(re.findall(r'href="(/parked/desk/[0-9a-f-]+)"', page_of(story, "wei-tao", "/parked")))
    event = page_of(story, "wei-tao", path)
    assert "data: kind" in event, "the desk says what it could not read"
    assert act(story, "wei-tao", path, f"{path}/replay").status_code == 303
    story.sandbox.settle()
    assert path in page_of(story, "wei-tao", "/parked"), "it is as unreadable as before"
    assert act(story, "wei-tao", path, f"{path}/discard", reason="后续版本才有的照片格式").status_code == 303
    assert path not in page_of(story, "wei-tao", "/parked")
