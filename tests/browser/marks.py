"""Clicking a mark of a Plotly chart as a person does."""

import re

from playwright.sync_api import Error, Locator, Page, expect

_TRIES, _HOVER_MS, _ANSWER_MS = 8, 3_000, 10_000


def click(page: Page, mark: Locator, says: str, leads_to: Locator) -> None:
    """Point at a mark until its own text shows, click, and look for what that leads to.

    Plotly takes a click for the mark whose text it shows, which for a moment is one that the
    pointer came across. A live page that is drawn anew in that instant takes the click away: then a
    person clicks again.

    Args:
        says: How the mark's text begins.
    """
    text = page.locator(".hoverlayer .hovertext").filter(has_text=re.compile(rf"^{says}"))
    for _ in range(_TRIES):
        try:
            mark.scroll_into_view_if_needed()
        except Error:  # it was drawn anew meanwhile
            continue
        box = mark.bounding_box()
        if box is None:
            continue
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        if _appears(text.first, _HOVER_MS):
            page.mouse.down()
            page.mouse.up()
            if _appears(leads_to, _ANSWER_MS):
                return
        page.mouse.move(0, 0)
    expect(leads_to).to_be_visible()


def _appears(wanted: Locator, within_ms: float) -> bool:
    try:
        expect(wanted).to_be_visible(timeout=within_ms)
    except AssertionError:
        return False
    return True
