"""Photos and PDFs on the pages: sent by a citizen or a clerk, refused in words, given out to be saved."""

import re
from collections.abc import Iterator

import pytest
import requests

from tests.e2e.actors import Ticket
from tests.stack.desk_house import DeskHouse, Visitor, desk_house
from tests.stack.files import PLACE, pdf, photo

_HIDDEN = re.compile(r'<input type="hidden" name="(key|number|code)" value="([^"]+)"')


@pytest.fixture(scope="module")
def house() -> Iterator[DeskHouse]:
    with desk_house() as standing:
        yield standing


@pytest.fixture(scope="module")
def ticket(house: DeskHouse) -> Ticket:
    return house.actors.register("发票开不出来", "跑了三次税务窗口，都让等通知。")


def _send(house: DeskHouse, ticket: Ticket, content: bytes, said: str, **form: str) -> requests.Response:
    """A citizen sends a file by the form of the page."""
    visitor = house.visitor()
    page = visitor.post("/status", {"number": ticket.number, "code": ticket.code}).text
    files = {"file": ("身份证 周小满.jpg", content, said)}
    return visitor.post("/status/files", dict(_HIDDEN.findall(page)) | form, files=files)


def _add(visitor: Visitor, ticket: Ticket, content: bytes, said: str) -> requests.Response:
    path = f"/desk/{ticket.id}"
    page = visitor.get(path).text
    form = {"csrf_token": visitor.csrf_token, "key": re.findall(r'name="key" value="([^"]+)"', page)[0]}
    return visitor.post(f"{path}/files", form, files={"file": ("x", content, said)})


def test_a_citizen_sends_a_photo_and_who_works_on_it_saves_it(house: DeskHouse, ticket: Ticket) -> None:
    reply = _send(house, ticket, photo(), "image/jpeg")
    assert reply.status_code == 200, reply.text
    assert "您上传" in reply.text
    liaison = house.person("luo-min")
    page = liaison.get(f"/tickets/{ticket.id}").text
    (path,) = re.findall(rf'href="(/tickets/{ticket.id}/files/[0-9a-f-]+)"', page)
    assert "未经病毒扫描" in page
    file = liaison.get(path)
    assert (file.status_code, file.headers["Content-Type"]) == (200, "image/jpeg")
    assert file.headers["Content-Disposition"].startswith('attachment; filename="BC-')
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in file.headers["Content-Security-Policy"]
    assert PLACE not in file.content
    assert "周小满" not in page, "the name of a file is not kept"
    assert house.person("cai-yun").get(path).status_code == 404, "another department's"
    assert house.visitor().get(path).status_code == 303, "who is not logged in is sent to the form"


def test_a_file_that_lies_is_refused_beside_its_field(house: DeskHouse, ticket: Ticket) -> None:
    for content, said, sentence in (
        (b"<script>alert(1)</script>", "image/jpeg", "只收 JPEG、PNG、WebP 图片或 PDF"),
        (pdf(), "image/jpeg", "文件自称是 image/jpeg，内容却是 application/pdf"),
        (pdf(b"<< /S /JavaScript >>"), "application/pdf", "PDF 打开时会启动程序"),
        (b"", "image/jpeg", "没有选择文件"),
    ):
        reply = _send(house, ticket, content, said)
        assert reply.status_code == 422
        fault = re.search(r'id="file-fault"[^>]*>([^<]*)<', reply.text)
        assert fault, reply.text
        assert "照片或 PDF" in fault[1]
        assert sentence in fault[1]


def test_a_file_that_is_too_large_is_refused_by_a_page(house: DeskHouse, ticket: Ticket) -> None:
    reply = _send(house, ticket, b"\xff\xd8\xff" + bytes(11 << 20), "image/jpeg")
    assert reply.status_code == 413
    assert "文件太大" in reply.text
    assert house.visitor().post("/status", {"number": "x" * (2 << 20)}).status_code == 413, "elsewhere less is taken"


def test_a_citizen_takes_a_file_back(house: DeskHouse) -> None:
    own = house.actors.register("发票收回", "跑了三次税务窗口，都让等通知。")
    page = _send(house, own, photo("png"), "image/png").text
    (attachment_id,) = re.findall(r'name="file" value="([0-9a-f-]{36})"', page)
    form = {"number": own.number, "code": own.code, "key": "k", "file": attachment_id}
    reply = house.visitor().post("/status/files/remove", form)
    assert (reply.status_code, attachment_id in reply.text) == (200, False)
    assert house.visitor().post("/status/files/remove", form | {"key": "l"}).status_code == 404
    assert house.visitor().post("/status/files/remove", form | {"file": "../x"}).status_code == 404


def test_a_clerk_adds_and_removes_a_file(house: DeskHouse, ticket: Ticket) -> None:
    clerk = house.person("liu-yang")
    assert _add(clerk, ticket, pdf(), "application/pdf").status_code == 303
    page = clerk.get(f"/desk/{ticket.id}").text
    assert "窗口上传" in page
    paths = re.findall(rf'action="(/desk/{ticket.id}/files/[0-9a-f-]+/remove)"', page)
    assert clerk.post(paths[-1], {"key": "x"}).status_code == 403, "without the token of the session"
    assert clerk.send(f"/desk/{ticket.id}", paths[-1], {}).status_code == 303
    assert "窗口上传" not in clerk.get(f"/desk/{ticket.id}").text
    refused = _add(clerk, ticket, b"GIF89a", "image/gif")
    assert refused.status_code in (415, 422)
    liaison = house.person("luo-min")
    form = {"csrf_token": liaison.csrf_token}
    assert liaison.post(f"/desk/{ticket.id}/files", form, files={"file": ("x", pdf())}).status_code == 404


def test_without_the_code_nothing_is_taken(house: DeskHouse, ticket: Ticket) -> None:
    reply = _send(house, ticket, photo(), "image/jpeg", code="22222222")
    assert reply.status_code == 404
