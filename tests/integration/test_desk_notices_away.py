"""While notify is away its own pages say so, and every other page is as it was."""

from tests.stack.cut_off_desk import CutOffDesk
from tests.stack.desk_house import desk_house

AWAY = "系统有一部分暂时没有响应"


def test_every_other_page_is_as_it_was_while_notices_are_away() -> None:
    with desk_house() as house:
        desk = CutOffDesk(house)
        try:
            pages_without_notices(desk)
        finally:
            desk.close()


def pages_without_notices(desk: CutOffDesk) -> None:
    leader, head = desk.browser("gu-yan"), desk.browser("xie-weidong")
    desk.cut("notify")
    try:
        for path in ("/docket", "/roster", "/account"):
            assert leader.get(path).status_code == 200
        assert head.get("/overview").status_code == 200
        assert leader.get("/notices/count").text.strip() == ""
        assert "通知服务暂时没有响应" in leader.get("/reachability").text
        for path in ("/notices", "/deliveries", "/account/channels"):
            reply = leader.get(path)
            assert (reply.status_code, AWAY in reply.text) == (503, True)
    finally:
        desk.mend("notify")
    assert leader.get("/notices").status_code == 200
