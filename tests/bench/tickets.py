"""Letters to load the house with: invented, of ordinary length, routed by the demo center's rules in several ways."""

import json
from typing import Any

LETTERS = (
    ("发票开不出来", "公司的发票额度一直批不下来，税务窗口说等通知，已经跑了三趟，合同马上要违约，请帮忙协调处理。"),
    ("公积金提取被退回", "公积金提取申请三次被退回，窗口说系统里查不到我的缴存记录，单位说一直在缴，不知道该找谁。"),
    ("医保异地就医报销不了", "老人在外地住院，异地就医备案做了，医保报销时说没有备案，两边互相推，材料已经交了两遍。"),
    ("小区停水没人管", "小区连续停水五天，自来水公司说是管道归物业，物业说归供水，打了很多电话都没有结果。"),
    ("孩子入学材料", "幼儿园升小学，学校要的居住材料社区说不归他们开具证明，跑了两次都没办成，报名快截止了。"),
    ("营业执照迟迟不批", "设立登记提交十五个工作日没有答复，营业执照拿不到，房租已经开始算，请问到底缺什么材料。"),
    ("占道经营影响出行", "楼下夜市占道经营，油烟很大，城管来了就走走了又来，晚上消防通道都堵住了，反映多次没有结果。"),
    ("社保转移一直没到账", "养老金关系从外省转入，社保窗口说对方没有寄来，对方说已经寄出两个月，影响退休手续办理。"),
)
"""Title and text."""

FIRST_PHONE = 13_000_000_000


def ticket(number: int) -> dict[str, Any]:
    """The body of the ``number``-th ticket. Each is of another applicant, since one person's tickets are compared."""
    title, text = LETTERS[number % len(LETTERS)]
    applicant = {"kind": "person", "name": "周小满", "phone": str(FIRST_PHONE + number)}
    return {"title": title, "text": text, "channel": "window", "applicant": applicant}


def one(number: int) -> bytes:
    """The ticket as the body of POST /tickets."""
    return json.dumps(ticket(number), ensure_ascii=False).encode()


def batch(first: int, size: int) -> bytes:
    """Tickets from ``first`` on as the body of POST /tickets:batch."""
    return json.dumps(
        {"tickets": [ticket(number) for number in range(first, first + size)]}, ensure_ascii=False
    ).encode()
