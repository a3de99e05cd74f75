"""Pages that look different once somebody has filled in a form."""

from collections.abc import Callable

from playwright.sync_api import Page

from tests.stack.desk_house import DeskHouse

OLD_LEDGER = """编号,受理时间,反映人,联系电话,事项名称,诉求,牵头,结果
BC-1,2024-03-05,张建国,13812348000,发票开不出来,跑了三次税务窗口，都让等通知。,税务局,已开票
BC-2,昨天,李四,,社保断缴,补缴了还是断的。,人社局,
BC-3,2024-04-11,某某商贸有限公司,13912340000,营业执照变更,每次都说缺材料。,市场监管局,已换照
"""


def see_an_import(house: DeskHouse, page: Page, see: Callable[[str, Page], None]) -> None:
    """An old ledger that is looked at, and its rows once they are read in."""
    page.goto(f"{house.url}/ledger/imports")
    page.set_input_files("#file", {"name": "2024年台账.csv", "mimeType": "text/csv", "buffer": OLD_LEDGER.encode()})
    page.click("form.card button.primary")
    page.wait_for_url("**/ledger/imports/files/*")
    see("import-review", page)
    page.click("main > form button.primary")
    page.wait_for_url(lambda url: "/files/" not in url)
    see("import-rows", page)


def see_channels(house: DeskHouse, page: Page, see: Callable[[str, Page], None]) -> None:
    """Channels that are there, and one that cannot be."""
    page.goto(f"{house.url}/account/channels")
    for kind, address in (("sms", "13900001111"), ("email", "xie@example.gov.cn")):
        if page.locator(".channels li").count() < 2:
            page.select_option("#kind", kind)
            page.fill("#address-new", address)
            page.click("#new button")
            page.wait_for_selector(".done")
    see("channels", page)
    page.select_option("#kind", "wecom")
    page.fill("#address-new", "https://robots.example.org/1234")
    page.click("#new button")
    page.wait_for_selector(".wrong")
    see("channels-wrong", page)
