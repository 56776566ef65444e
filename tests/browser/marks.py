"""Clicking a mark of a Plotly chart as a person does."""

from playwright.sync_api import Error, Locator, Page, expect

_TRIES, _HOVER_MS, _ANSWER_MS = 8, 1_500, 10_000


def click(page: Page, mark: Locator, leads_to: Locator) -> None:
    """Point at a mark until its text shows, click, and look for what that leads to.

    Plotly takes a click for the mark whose text it shows, and a live page that is drawn anew in
    that instant takes it away: then a person clicks again.
    """
    for _ in range(_TRIES):
        try:
            mark.scroll_into_view_if_needed()
        except Error:  # it was drawn anew meanwhile
            continue
        box = mark.bounding_box()
        if box is None:
            continue
        page.mouse.move(0, 0)
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=3)
        if _appears(page.locator(".hoverlayer .hovertext").first, _HOVER_MS):
            page.mouse.down()
            page.mouse.up()
            if _appears(leads_to, _ANSWER_MS):
                return
    expect(leads_to).to_be_visible()


def _appears(wanted: Locator, within_ms: float) -> bool:
    try:
        expect(wanted).to_be_visible(timeout=within_ms)
    except AssertionError:
        return False
    return True
