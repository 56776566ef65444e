"""The parts of Generate: the request, its preview, and the commands that do the same."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pandas as pd
import streamlit as st

from core.errors import InputError
from core.generation.catalog import DEFAULT_UNITS, load_catalog
from core.generation.orders import DEFAULT_SEED
from core.generation.windows import LAST_DATE, dates_between, window_at
from core.insight.preview import Preview
from core.operations import jobs
from core.reconcile.compare import Verdict, WindowSummary
from core.storage.publish import Request
from core.storage.zip_archive import MOST_CELLS
from ui import texts
from ui.queries import warehouse_queries
from ui.shell import actions, session
from ui.style import format as fmt
from ui.style import shared_charts, theme
from ui.style.plain import plain
from ui.widgets import components, day_kind
from ui.widgets.fields import MAX_SEED, Whole

_DATES = Whole("dates", 1, 31, 1)
_UNITS = Whole("units", 1, components.MAX_UNITS, DEFAULT_UNITS)
_SEED = Whole("seed", 0, MAX_SEED, DEFAULT_SEED)
_WINDOWS = "window"
_FILES_PER_CELL = 2
_SAMPLE_LINES = 5


def draw_fields() -> None:
    """Draw the fields for date, windows, units and seed, which the page's address keeps."""
    st.subheader(texts.CHOOSE, anchor=False)
    catalog = load_catalog()
    components.draw_day()
    present = window_at(session.now(), catalog)
    default = present[1] if present else catalog.windows[0]
    hours = [window.hours for window in catalog.windows]
    st.pills(
        texts.WINDOWS, hours, selection_mode="multi", default=[default.hours],
        key=_WINDOWS, bind="query-params", wrap=True,
    )  # fmt: skip
    _DATES.draw(texts.DAYS_FROM)
    _UNITS.draw(texts.UNITS)
    _SEED.draw(texts.SEED, help=texts.SEED_HELP)


def read_request() -> Request:
    """Return the request in the fields.

    Raises:
        InputError: A value is not valid, or no window is chosen.
    """
    day, chosen = components.read_day(), st.session_state[_WINDOWS]
    windows = tuple(window for window in load_catalog().windows if window.hours in chosen)
    if not windows:
        raise InputError(texts.NO_WINDOW)
    last = min(day + timedelta(days=_DATES.value(texts.DAYS_FROM) - 1), LAST_DATE)
    units = tuple(range(1, _UNITS.value(texts.UNITS) + 1))
    return Request(tuple(dates_between(day, last)), windows, units, _SEED.value(texts.SEED))


def show_counts(request: Request) -> None:
    """Show the request's kind of day, files, orders and items: total, by window, unit, product."""
    st.subheader(texts.PREVIEW, anchor=False)
    day_kind.show_kinds_of_days(
        request.dates, request.windows, len(request.units), request.seed
    )  # fmt: skip
    found = warehouse_queries.expected(request)
    files = _FILES_PER_CELL * len(request.slices) * len(request.units)
    total = found.total
    components.draw_figures([
        (texts.FILES, fmt.number(files)), (texts.EXPECTED_ORDERS, fmt.number(total.orders)),
        (texts.EXPECTED_ITEMS, fmt.number(total.items)),
        (texts.EXPECTED_REVENUE, fmt.money(_amount(total.value_cents))),
    ])  # fmt: skip
    ways = ((texts.BY_WINDOW, _by_window), (texts.BY_UNIT, _by_unit),
            (texts.BY_PRODUCT_SOLD, _by_product))  # fmt: skip
    for tab, (_, way) in zip(st.tabs([plain(label) for label, _ in ways]), ways, strict=True):
        with tab:
            way(request, found)


def _by_window(request: Request, found: Preview) -> None:
    by_window = {
        window: [sum(column) for column in zip(*(
            count for (_, of), count in found.slices.items() if of == window
        ), strict=True)]
        for window in request.windows
    }  # fmt: skip
    figure = shared_charts.draw_by_window(
        [window.hours for window in by_window],
        [orders for orders, *_ in by_window.values()],
        [items for _, items, _ in by_window.values()],
        theme.palette(),
    )
    total = found.total
    alt = texts.ALT_PREVIEW.format(
        count=fmt.number(len(by_window)),
        orders=fmt.number(total.orders),
        items=fmt.number(total.items),
    )
    rows = [
        (window.hours, texts.WINDOW_NAMES.get(window.tag, window.name),
         f"{window.min_orders}-{window.max_orders}", orders, items)
        for window, (orders, items, _) in by_window.items()
    ]  # fmt: skip
    columns = [texts.HOURS, texts.NAME, texts.ORDERS_PER_UNIT, texts.ORDERS, texts.ITEMS]
    components.draw_chart(figure, "preview_chart", alt, pd.DataFrame(rows, columns=columns))


def _by_unit(_: Request, found: Preview) -> None:
    catalog = load_catalog()
    orders = [count.orders for count in found.units.values()]
    rows = [
        (unit, catalog.unit(unit).name, count.orders, count.items, count.value_cents / 100)
        for unit, count in found.units.items()
    ]
    components.draw_chart(
        shared_charts.draw_by_unit([*found.units], orders, theme.palette()), "units_chart",
        texts.ALT_BY_UNIT.format(
            count=fmt.number(len(orders)), fewest=fmt.number(min(orders)),
            most=fmt.number(max(orders)),
        ),
        pd.DataFrame(rows, columns=list(texts.UNIT_COLUMNS)),
    )  # fmt: skip


def _by_product(_: Request, found: Preview) -> None:
    sold = sorted(found.products, key=lambda product: -product.quantity)
    rows = [(product.name, product.quantity, product.value_cents / 100) for product in sold]
    components.draw_chart(
        shared_charts.draw_by_product([row[:2] for row in rows], theme.palette()), "sold_chart",
        texts.ALT_BY_SOLD.format(count=fmt.number(len(sold)), first=sold[0].name),
        pd.DataFrame(rows, columns=list(texts.SOLD_COLUMNS)),
    )  # fmt: skip


def _amount(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)


def draw_download(request: Request) -> None:
    """Draw the button that downloads the request's files as an archive."""
    cells = len(request.slices) * len(request.units)
    if cells > MOST_CELLS:
        st.caption(texts.ZIP_TOO_LARGE.format(most=fmt.number(MOST_CELLS)))
        return
    actions.download(
        texts.AS_ZIP, read_small_request, warehouse_queries.zip_request, "zip",
        help=texts.AS_ZIP_HELP, file_name="sales.zip", mime="application/zip",
    )  # fmt: skip


def read_small_request() -> Request:
    """Return the request in the fields.

    Raises:
        InputError: It is too large for an archive.
    """
    found = read_request()
    if len(found.slices) * len(found.units) > MOST_CELLS:
        raise InputError(texts.ZIP_TOO_LARGE.format(most=fmt.number(MOST_CELLS)))
    return found


def show_windows(request: Request) -> None:
    """Show the present states of the chosen windows."""
    tags = [window.tag for window in request.windows]
    present = warehouse_queries.day_windows(
        session.settings(), request.dates[0], warehouse_queries.minute(), len(request.units)
    )
    chosen = [_with_expected(summary, request) for summary in present if summary.window_tag in tags]
    names = {window.tag: window.name for window in request.windows}
    components.draw_window_cards(chosen, names)


def use_seed(seed: int) -> None:
    """Put a seed into its field."""
    st.session_state[_SEED.key] = float(seed)


def _with_expected(summary: WindowSummary, request: Request) -> WindowSummary:
    """Expect of a window that was never generated what this request would generate."""
    found = warehouse_queries.expected(request).slices
    of_tag = {(day, window.tag): count for (day, window), count in found.items() if window}
    counts = of_tag.get((summary.day, summary.window_tag or ""))
    if counts is None or not (summary.never_generated or summary.verdict is Verdict.NOT_DUE):
        return summary
    return replace(summary, expected_orders=counts.orders, expected_items=counts.items)


def show_commands(request: Request) -> None:
    """Show the command lines that do the same, one per date and window."""
    with st.expander(texts.COMMAND):
        lines = jobs.list_commands(jobs.upload(request), load_catalog())
        st.code("\n".join(lines), language=None, wrap_lines=True)
        st.caption(texts.COMMAND_NOTE)


def show_first_rows(request: Request) -> None:
    """Show the first lines of both files of the first unit."""
    sample = warehouse_queries.sample(request, _SAMPLE_LINES)
    st.subheader(texts.FIRST_ROWS.format(hours=request.windows[0].hours), anchor=False)
    for name, lines in (("pedido.csv", sample.orders), ("item_pedido.csv", sample.items)):
        st.caption(plain(name))
        st.dataframe(pd.DataFrame(lines[1:], columns=lines[0]), hide_index=True)
