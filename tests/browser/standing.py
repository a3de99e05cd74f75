"""A standing page in each of its looks, without opening it again: axe finds nothing, and it fits the screen."""

from typing import Any, NamedTuple

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize

SCREEN, PHONE = ViewportSize(width=1280, height=800), ViewportSize(width=390, height=844)
_AXE = Axe()
_RUN = "options => axe.run(document, {...options, resultTypes: ['violations']}).then(found => found.violations)"
_WHOLE: dict[str, Any] = {}
_SEEN = {"runOnly": {"type": "rule", "values": ["color-contrast", "target-size"]}}
"""What may differ in another colour or size: all else is the same page."""
_TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


class Look(NamedTuple):
    """How a page is looked at, and what of axe's rules can differ there."""

    screen: ViewportSize
    is_dark: bool
    is_large: bool
    rules: dict[str, Any]


STANDING = {
    "light": Look(SCREEN, False, False, _WHOLE),
    "dark": Look(SCREEN, True, False, _SEEN),
    "dark-large": Look(SCREEN, True, True, _SEEN),
    "large": Look(SCREEN, False, True, _SEEN),
    "large-phone": Look(PHONE, False, True, _SEEN),
    "phone": Look(PHONE, False, False, _WHOLE),
}


def faults_of(name: str, page: Page) -> dict[tuple[str, str], str]:
    """What is wrong with a page, by its name and the look; afterwards it stands as it did."""
    found: dict[tuple[str, str], str] = {}
    before = page.viewport_size
    page.evaluate(_AXE.axe_script)
    for look, each in STANDING.items():
        _show(page, each)
        violations = page.evaluate(_RUN, each.rules)
        if violations:
            found[name, look] = "\n".join(_said(one) for one in violations)
        if (too_wide := page.evaluate(_TOO_WIDE)) > 0:
            found[name, look] = found.get((name, look), "") + f"\n{too_wide} px too wide"
    _show(page, STANDING["light"])
    page.emulate_media(color_scheme=None)
    if before:
        page.set_viewport_size(before)
    return found


def faults_in_english(name: str, page: Page) -> dict[tuple[str, str], str]:
    """Whether it says that it is English, and words that are longer than Chinese ones fit."""
    found: dict[tuple[str, str], str] = {}
    for look, screen in (("english", SCREEN), ("english-phone", PHONE)):
        page.set_viewport_size(screen)
        if (too_wide := page.evaluate(_TOO_WIDE)) > 0:
            found[name, look] = f"{too_wide} px too wide"
    page.set_viewport_size(SCREEN)
    if (language := page.evaluate("document.documentElement.lang")) != "en":
        found[name, "english"] = f"says that it is {language}"
    return found


def _show(page: Page, look: Look) -> None:
    page.set_viewport_size(look.screen)
    page.emulate_media(color_scheme="dark" if look.is_dark else "light")
    page.evaluate("isLarge => document.documentElement.classList.toggle('large', isLarge)", look.is_large)


def _said(violation: dict[str, Any]) -> str:
    where = "; ".join(f"{node['html'][:200]} {node.get('failureSummary', '')[:300]}" for node in violation["nodes"][:5])
    return f"{violation['id']}: {violation['help']}: {where}"
