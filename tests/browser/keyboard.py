"""Somebody who works with the keyboard alone: what has the focus is asked of Chromium's accessibility tree."""

from datetime import datetime, time
from typing import Any, NamedTuple

from playwright.sync_api import Browser, FilePayload, Page

from tests.browser.screenshots import LOOKS
from tests.browser.windows import listen
from tests.stack.desk_house import DeskHouse

MOST_TABS = 250
"""So many times Tab is pressed at most: more than any page has stops."""
_STOP = """() => {
  const each = document.activeElement, style = getComputedStyle(each), box = each.getBoundingClientRect();
  return {
    isNowhere: each === document.body,
    isOutlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    isShown: box.width > 0 && box.height > 0 && box.right > 0 && box.left < innerWidth,
    around: each.closest("article, tr, li, fieldset.card, section")?.textContent || "",
  };
}"""
_UNFOLDED = "details[open]:has(> summary:focus) :is(form, p, table)"
_CHOSEN = "document.activeElement.selectedOptions[0].textContent.trim()"


class Stop(NamedTuple):
    """What has the focus, as a screen reader would say it, and the text of the row or card in which it stands."""

    role: str
    name: str
    around: str


class Keyboard:
    """Works by Tab, Shift+Tab, Enter, Space, arrows and typing; never by a click, or by focus from a script."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._tree = page.context.new_cdp_session(page)

    def stop(self) -> Stop | None:
        """What has the focus, which must be to be seen; None where nothing has it."""
        seen, node = self._focused()
        if seen["isNowhere"]:
            return None
        stop = Stop(_said(node, "role"), _said(node, "name"), seen["around"])
        assert stop.name, f"nobody hears what the {stop.role} is that has the focus, in {stop.around[:200]!r}"
        assert seen["isOutlined"], f"nobody sees that {stop.role} {stop.name!r} has the focus"
        assert seen["isShown"], f"{stop.role} {stop.name!r} has the focus and is not there to be seen"
        return stop

    def _focused(self) -> tuple[Any, Any]:
        """What the page and the accessibility tree say of it; anew where it was fetched anew between the two."""
        for _ in range(10):
            seen = self.page.evaluate(_STOP)
            found = self._tree.send("Runtime.evaluate", {"expression": "document.activeElement"})["result"]
            asked = {"objectId": found["objectId"], "fetchRelatives": False}
            (node, *_) = self._tree.send("Accessibility.getPartialAXTree", asked)["nodes"]
            if seen["isNowhere"] or not node["ignored"]:
                break
        return seen, node

    def reach(self, role: str, name: str, *, within: str = "", back: bool = False) -> None:
        """Press Tab, or Shift+Tab, until what is called so has the focus, in a row or card that says ``within``."""
        passed = list[str]()
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Shift+Tab" if back else "Tab")
            stop = self.stop()
            if stop and (stop.role, stop.name) == (role, name) and within in stop.around:
                return
            passed.append(f"{stop.role} {stop.name!r}" if stop else "(the page ends)")
        passed = list(dict.fromkeys(passed))
        raise AssertionError(f"no Tab leads to {role} {name!r} in {within!r}; passed: {', '.join(passed)}")

    def write(self, name: str, text: str, *, role: str = "textbox", within: str = "") -> None:
        """Go to a field and write into it; what was in it is replaced."""
        self.reach(role, name, within=within)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def choose(self, name: str, option: str, *, within: str = "") -> None:
        """Go to a list of options and press the arrow until that one is chosen."""
        self.reach("combobox", name, within=within)
        for _ in range(60):
            if self.page.evaluate(_CHOSEN) == option:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"no arrow leads to {option} of {name}")

    def tick(self, name: str, *, within: str = "") -> None:
        """Go to a box and press Space, so that it is ticked, or no longer."""
        self.reach("checkbox", name, within=within)
        self.page.keyboard.press("Space")

    def choose_file(self, name: str, file: FilePayload, *, within: str = "") -> None:
        """Go to a field for a file and press Enter; what the window of the system gives back is ``file``."""
        self.reach("button", name, within=within)
        with self.page.expect_file_chooser() as asked:
            self.stop()  # until the browser knows that nobody wants to see that window
            self.page.keyboard.press("Enter")
        asked.value.set_files(file)

    def write_moment(self, name: str, moment: datetime, *, within: str = "") -> None:
        """Go to a field for a local time, or a day, and type its parts in the order in which the browser has them."""
        self.reach("DateTime" if moment.time() > time.min else "Date", name, within=within)
        written = set[str]()
        while (part := self._part(written)) is not None:
            digits = {"month": moment.month, "day": moment.day, "hour": moment.hour, "minute": moment.minute}
            digits |= {"hour of twelve": moment.hour % 12 or 12}
            half = "PM" if moment.hour >= 12 else "AM"
            typed = {"year": f"{moment.year}", "half": half}.get(part) or f"{digits[part]:02}"
            self.page.keyboard.type(typed)
            written.add(part)
            if self._part(written - {part}) == part:
                self.page.keyboard.press("Tab")

    def _part(self, written: set[str]) -> str | None:
        """Which part of a moment has the focus, by the most that it may be; None beyond the last."""
        for node in self._tree.send("Accessibility.getFullAXTree")["nodes"]:
            values = {each["name"]: each["value"].get("value") for each in node.get("properties", [])}
            if values.get("focused") and _said(node, "role") == "spinbutton":
                most = int(values["valuemax"])
                if most == 12:
                    return "hour of twelve" if "month" in written else "month"
                return {2: "half", 23: "hour", 59: "minute"}.get(most, "day" if most < 32 else "year")
        return None

    def open(self, name: str, *, within: str = "") -> None:
        """Open what is folded."""
        self.reach("disclosure", name, within=within)
        self.page.keyboard.press("Enter")
        self.page.locator(_UNFOLDED).first.wait_for()

    def follow(self, name: str, *, role: str = "link", within: str = "", back: bool = False) -> None:
        """Press Enter on a link or a button that leads to a page."""
        self.reach(role, name, within=within, back=back)
        with self.page.expect_event("load"):  # htmx replaces the address of a page, which is a navigation too
            self.page.keyboard.press("Enter")

    def send(self, name: str, *, within: str = "") -> None:
        """Press the button of a form."""
        self.follow(name, role="button", within=within)


def _said(node: Any, what: str) -> str:
    said = str(node.get(what, {}).get("value", ""))
    return "disclosure" if what == "role" and said.startswith("DisclosureTriangle") else said


def at_the_keyboard(
    house: DeskHouse, chromium: Browser, complaints: list[str], staff: str | None = None, path: str = "/login"
) -> Keyboard:
    """Somebody in front of a page, without a mouse; ``staff`` logs in by typing."""
    page = chromium.new_context(locale="zh-CN", **LOOKS["light"][0]).new_page()
    page.set_default_timeout(10_000)
    listen(page, complaints)
    page.goto(house.url + path)
    keyboard = Keyboard(page)
    if staff:
        keyboard.write("工号", staff)
        keyboard.write("密码", house.password(staff))
        keyboard.send("登录")
    return keyboard
