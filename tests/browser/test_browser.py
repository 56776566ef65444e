"""The panel in a real browser, on a real server."""

import itertools
import re
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from core.insight import layer_figures
from core.platform import Platform
from core.settings import Settings
from tests.browser.marks import click
from tests.browser.support import Browser, Server, calm, faults, settled

DAY = date(2026, 2, 1)
PAGES = {
    "Overview": "/?day=2026-02-01",
    "Generate": "/generate?day=2026-02-01",
    "Bronze": "/bronze?day=2026-02-01",
    "Rebuild": "/rebuild",
    "Schedule": "/schedule",
    "Storage": "/storage?day=2026-02-01",
    "Runs": "/runs",
    "Scenarios": "/scenarios?scenario=final-exam&day=2026-02-01",
    "Usage": "/usage",
    "Diagnostics": "/diagnostics",
}
GENERATE = "/generate?day=2026-02-01&window=12:00-14:00&window=18:00-20:00&units=3"


def platform_of(server: Server) -> Platform:
    return Platform.of(Settings.from_mapping({"MRHEALTH_HOME": str(server.home)}))


def press(page: Page, button: str | re.Pattern[str]) -> None:
    page.get_by_role("button", name=button, exact=True).click()


def figure(page: Page, label: str) -> str:
    """The number of the metric with that label."""
    metric = page.get_by_test_id("stMetric").filter(has_text=label).first
    return metric.get_by_test_id("stMetricValue").inner_text()


@pytest.mark.parametrize(
    ("link", "heading", "shown"),
    [
        ("/?day=2026-02-01&sim_length=2+min", "Overview", "Windows of 2026-02-01"),
        ("/overview", "Overview", "Windows of "),
        ("/overview?day=2026-02-01&sim_length=2+min", "Overview", "Windows of 2026-02-01"),
        (GENERATE, "Generate", "First rows of unit 001, 12:00-14:00"),
        ("/bronze?day=2026-02-01&rows=order_items", "Bronze", "Items of 2026-02-01, cumulated"),
        ("/rebuild", "Rebuild", "A look into Gold"),
        ("/schedule", "Schedule", "Upcoming runs"),
        ("/storage?day=2026-02-01", "Storage", "The bucket has nothing yet"),
        ("/runs?text=lunch", "Runs", "No runs match these filters"),
        ("/scenarios?scenario=worst-friday", "Scenarios", "Everything at once"),
        ("/usage?usage_units=100", "Usage", "What would it take?"),
        ("/diagnostics?diag_days=30", "Diagnostics", "Passed checks"),
    ],
)
def test_a_deep_link_works_on_a_server_that_has_just_started(
    link: str, heading: str, shown: str, server: Server, browser: Browser
) -> None:
    page = browser.page(server.url + link)
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    expect(page.get_by_text(re.compile(re.escape(shown))).first).to_be_visible()
    settled(page)
    calm(page)
    for name in PAGES:
        expect(page.get_by_role("link", name=name, exact=True)).to_be_visible()
    assert page.title() == heading or "MR. Health" in page.title()
    kept = re.findall(r"[?&](\w+)=", page.url)
    assert kept == re.findall(r"[?&](\w+)=", link)


@pytest.mark.journey
def test_what_is_previewed_and_uploaded_is_in_bronze(server: Server, browser: Browser) -> None:
    page = browser.page(server.url + GENERATE)
    settled(page)
    previewed = figure(page, "Orders"), figure(page, "Items")
    press(page, "Upload to the bucket")
    expect(page.get_by_test_id("stAlert")).to_contain_text("rows loaded into Bronze")
    settled(page)
    calm(page)
    expect(page.get_by_text("✓ in Bronze")).to_have_count(2)
    server.stop()

    (bronze,) = layer_figures.bronze_days(platform_of(server).warehouse, DAY, DAY)
    assert (str(bronze.orders), str(bronze.items)) == previewed


def test_other_data_is_overwritten_by_way_of_a_dialog(filled: Server, browser: Browser) -> None:
    link = "/generate?day=2026-01-31&window=10:00-12:00&units=3&seed=5"
    page = browser.page(filled.url + link)
    settled(page)
    press(page, "Upload to the bucket")
    expect(page.get_by_test_id("stAlert").filter(has_text="nothing was written")).to_be_visible()
    press(page, re.compile("^Replace [0-9]+ orders by [0-9]+…$"))
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("This replaces them in the bucket")
    page.wait_for_timeout(5_500)  # longer than the page leaves its live part alone
    dialog.get_by_role("button", name="Replace", exact=True).click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_test_id("stAlert").filter(has_text="6 files written")).to_be_visible()
    calm(page)


# Places of the cards of windows, and of what follows them: left, top, right, bottom.
_CARDS = """() => {
    const cards = document.querySelector(".st-key-window_cards");
    const place = element => {
        const {left, top, right, bottom} = element.getBoundingClientRect();
        return [left, top, right, bottom];
    };
    const after = [...document.querySelectorAll("[data-testid=stMain] h3, details")].map(place);
    const end = place(cards)[3];
    return {
        cards: [...cards.children].map(place),
        shown: [...cards.querySelectorAll("p, [data-testid=stMarkdownBadge]")].map(place),
        next: Math.min(...after.map(([, top]) => top).filter(top => top >= place(cards)[1])),
        end: end,
    };
}"""


# Whether the cards of each row end at the same height.
_LEVEL = """() => {
    const ends = {};
    for (const card of document.querySelectorAll(".st-key-window_cards > *")) {
        const {top, bottom} = card.firstElementChild.getBoundingClientRect();
        (ends[Math.round(top)] ??= new Set()).add(Math.round(bottom));
    }
    const rows = Object.values(ends);
    return rows.length > 0 && rows.every(row => row.size === 1);
}"""


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize(
    "link", ["/?day=2026-02-01", GENERATE + "&window=10:00-12:00&window=20:00-22:00"]
)
def test_cards_that_wrap_cover_nothing_and_are_as_high_as_their_neighbours(
    filled: Server, browser: Browser, link: str, width: int
) -> None:
    page = browser.page(f"{filled.url}{link}&lang=pt-BR", width=width)
    settled(page)
    page.wait_for_function(_LEVEL)  # texts and styles are drawn some time after the script's end
    found = page.evaluate(_CARDS)
    cards = found["cards"]
    assert len(cards) in (4, 7)
    assert found["end"] <= found["next"]
    assert max(bottom for *_, bottom in (*cards, *found["shown"])) <= found["end"]
    assert max(right for _, _, right, _ in cards) <= width
    rows = sorted({(top, bottom) for _, top, _, bottom in cards})
    assert all(bottom <= top for (_, bottom), (top, _) in itertools.pairwise(rows))


@pytest.mark.journey
def test_a_simulated_day_survives_a_reload_and_is_rebuilt(server: Server, browser: Browser) -> None:
    page = browser.page(f"{server.url}/?day=2026-02-01&sim_units=5&sim_length=10+s")
    settled(page)
    press(page, "Simulate this business day")
    bar = page.get_by_role("progressbar")
    expect(bar).to_be_visible()
    expect(page.get_by_text("✓ in Bronze").first).to_be_visible()
    page.reload()
    expect(bar).to_be_visible()
    expect(page.get_by_test_id("stAlert")).to_contain_text("The day 2026-02-01 is in Gold")
    expect(page.get_by_text("✓ in Bronze")).to_have_count(7)
    settled(page)
    calm(page)
    orders = int(figure(page, "Orders").replace(",", ""))

    page.get_by_role("link", name="Rebuild", exact=True).click()
    press(page, "Rebuild all")
    expect(page.get_by_text("Silver, Gold, Aggregations rebuilt")).to_be_visible()
    expect(page.get_by_text("up to date", exact=True)).to_have_count(3)
    settled(page)
    calm(page)
    server.stop()

    warehouse = platform_of(server).warehouse
    (gold,) = layer_figures.daily_sales(warehouse, 7)
    assert gold.orders == orders > 0
    assert gold.active_units == 5


def test_two_tabs_that_start_the_same_windows_do_them_once(
    server: Server, browser: Browser
) -> None:
    link = f"{server.url}/?day=2026-02-01&sim_units=2&sim_length=10+s"
    one, other = browser.page(link), browser.page(link)
    for page in (one, other):
        settled(page)
        press(page, "Simulate this business day")
    expect(other.get_by_text("wait until it ends")).to_be_visible()
    for page in (one, other):
        expect(page.get_by_text("The day 2026-02-01 is in Gold").first).to_be_visible()
        settled(page)
        calm(page)
    press(one, "Remove what it made…")
    one.get_by_role("dialog").get_by_role("button", name="Remove 28 files", exact=True).click()
    expect(one.get_by_text("28 objects and their rows removed").first).to_be_visible()
    server.stop()
    platform = platform_of(server)
    assert layer_figures.bronze_days(platform.warehouse, DAY, DAY) == []
    assert platform.store.list("raw/csv_sales/") == []


@pytest.mark.journey
def test_a_mark_of_the_status_map_shows_its_objects(filled: Server, browser: Browser) -> None:
    page = browser.page(filled.url + PAGES["Bronze"])
    settled(page)
    expect(page.get_by_role("heading", name="Objects of 2026-01-26, 10:00-12:00")).to_be_visible()
    marks = page.locator(".st-key-status_map .barlayer .point")
    # The last of those that are missing: two days are there, the five before them are not.
    last = page.get_by_role("heading", name="Objects of 2026-01-30, 22:00-24:00")
    click(page, marks.last, "2026-01-30 22:00", last)
    settled(page)
    calm(page)


def test_the_business_day_goes_along_from_page_to_page(filled: Server, browser: Browser) -> None:
    page = browser.page(filled.url + PAGES["Overview"])
    settled(page)
    page.get_by_role("link", name="Bronze", exact=True).click()
    expect(page.get_by_role("heading", name=re.compile("^Orders of 2026-02-01"))).to_be_visible()
    assert page.url.endswith("/bronze?day=2026-02-01")


def test_no_page_asks_an_outside_host_for_anything(filled: Server, watched: Browser) -> None:
    page = watched.page(filled.url + PAGES["Overview"])
    for name in PAGES:
        page.get_by_role("link", name=name, exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
        settled(page)
        calm(page)
    watched.close()
    assert watched.hosts() == {"127.0.0.1"}


def test_a_request_to_an_outside_host_would_be_seen(filled: Server, watched: Browser) -> None:
    page = watched.page(filled.url + PAGES["Rebuild"])
    page.evaluate("fetch('http://outside.invalid/').catch(() => null)")
    page.evaluate("new WebSocket('ws://socket.invalid/')")
    page.evaluate("new Image().src = 'http://image.invalid/a.png'")  # which the policy prevents
    page.wait_for_timeout(500)
    watched.close()
    assert watched.hosts() == {"127.0.0.1", "outside.invalid", "socket.invalid"}


@pytest.mark.parametrize("dark", [pytest.param(False, id="light"), pytest.param(True, id="dark")])
def test_pages_are_accessible(dark: bool, filled: Server, browser: Browser) -> None:
    page = browser.page(filled.url + PAGES["Overview"], dark=dark)
    found: list[str] = []
    for name, link in PAGES.items():
        page.get_by_role("link", name=name, exact=True).click()  # faster than to load the panel
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
        settled(page)
        assert "day=" not in link or "day=2026-02-01" in page.url
        found += [f"{name}: {fault}" for fault in faults(page)]
    assert found == []


def test_a_narrow_screen_shows_all_without_scrolling_sideways(
    filled: Server, browser: Browser
) -> None:
    page = browser.page(filled.url + PAGES["Overview"], width=390)
    for name, link in PAGES.items():
        page.goto(filled.url + link)
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
        settled(page)
        wide = page.evaluate(
            "[document.documentElement, document.querySelector('[data-testid=stMain]')]"
            ".map(e => e.scrollWidth)"
        )
        assert max(wide) <= 390, name
