"""Windows of the desk in Chromium: somebody is logged in there, and what the browser complains of is noted."""

from playwright.sync_api import Browser, Page

from tests.stack.desk_house import DeskHouse


def listen(page: Page, complaints: list[str]) -> None:
    """Note what the browser's console complains of, such as what a page may not load."""

    def note(kind: str, text: str) -> None:
        # A page that says what cannot be done has the status of that, which Chromium notes as an error.
        if kind in ("error", "warning") and "status of 4" not in text:
            complaints.append(text)

    page.on("console", lambda message: note(message.type, message.text))
    page.on("pageerror", lambda error: note("error", str(error)))


def log_in(page: Page, house: DeskHouse, staff: str) -> None:
    """Log somebody in, by the form."""
    page.goto(f"{house.url}/login")
    page.fill("#staff", staff)
    page.fill("#password", house.password(staff))
    page.click("main button.primary")
    page.wait_for_url(lambda url: "/login" not in url)


class Desk:
    """Opens windows, and keeps what their consoles complain of."""

    def __init__(self, house: DeskHouse, chromium: Browser) -> None:
        self.house, self._chromium = house, chromium
        self.complaints: list[str] = []

    def window(self, staff: str | None = None, **look: object) -> Page:
        """A window of a browser of its own, in which somebody is logged in."""
        page = self._chromium.new_context(locale="zh-CN", **look).new_page()  # type: ignore[arg-type]
        page.set_default_timeout(10_000)
        listen(page, self.complaints)
        if staff:
            log_in(page, self.house, staff)
        return page
