"""The parts of Generate: the choice, what it would make, and the commands that do the same."""

import pandas as pd
import streamlit as st

from core.catalog import DEFAULT_UNITS, Window, load_catalog
from core.generate import DEFAULT_SEED
from core.publish import Request
from core.windows import window_at
from ui import charts, data, parts, session, texts, theme
from ui import format as fmt

_MAX_SEED = 2**53 - 1  # the largest whole number that a browser keeps exact
_FILES_PER_CELL = 2
_SAMPLE_LINES = 5
_SCRIPT = "python scripts/generate_incremental_sales.py"


def choose() -> Request | None:
    """Date, windows, units and seed, all in the page's address; None without a window.

    Raises:
        InputError: The choice is not possible.
    """
    st.subheader(texts.CHOOSE, anchor=False)
    catalog = load_catalog()
    day = parts.day_input()
    present = window_at(session.now(), catalog)
    default = present[1] if present else catalog.windows[0]
    hours = [window.hours for window in catalog.windows]
    chosen = st.pills(
        texts.WINDOWS, hours, selection_mode="multi", default=[default.hours],
        key="window", bind="query-params", wrap=True,
    )  # fmt: skip
    units = st.number_input(
        texts.UNITS, 1, parts.MAX_UNITS, DEFAULT_UNITS, key="units", bind="query-params"
    )  # fmt: skip
    seed = st.number_input(
        texts.SEED, 0, _MAX_SEED, DEFAULT_SEED, key="seed", bind="query-params",
        help=texts.SEED_HELP,
    )  # fmt: skip
    windows = tuple(window for window in catalog.windows if window.hours in chosen)
    if not windows:
        return None
    return Request((day,), windows, tuple(range(1, units + 1)), seed)


def counts(request: Request) -> None:
    """How many files, orders and items the request makes, in all and by window."""
    st.subheader(texts.PREVIEW, anchor=False)
    by_window = data.expected(request)
    orders, items = (sum(column) for column in zip(*by_window, strict=True))
    files = _FILES_PER_CELL * len(request.windows) * len(request.units)
    with st.container(horizontal=True):
        for label, value in (
            (texts.FILES, files), (texts.EXPECTED_ORDERS, orders), (texts.EXPECTED_ITEMS, items),
        ):  # fmt: skip
            st.metric(label, fmt.number(value), width=120)
    figure = charts.by_window(
        [window.hours for window in request.windows],
        [of_orders for of_orders, _ in by_window],
        [of_items for _, of_items in by_window],
        theme.palette(),
    )
    alt = texts.ALT_PREVIEW.format(count=len(by_window), orders=orders, items=items)
    parts.chart(figure, "preview_chart", alt, _expected_table(request.windows, by_window))


def windows(request: Request) -> None:
    """Where the chosen windows are at present, so that nobody uploads twice in doubt."""
    tags = [window.tag for window in request.windows]
    present = data.day_windows(
        session.settings(), request.dates[0], data.minute(), len(request.units)
    )
    chosen = [summary for summary in present if summary.window_tag in tags]
    names = {window.tag: window.name for window in request.windows}
    parts.window_cards(chosen, names)


def commands(request: Request) -> None:
    """The command lines that do the same, one a window."""
    with st.expander(texts.COMMAND):
        st.code("\n".join(command(request, window) for window in request.windows), language="bash")
        st.caption(texts.COMMAND_NOTE)


def command(request: Request, window: Window) -> str:
    """The command line that uploads one of a request's windows."""
    start, end = window.hours.split("-")
    parts_of_it = [
        f"{_SCRIPT} --window-start {start} --window-end {end}",
        f"--date {request.dates[0]} --units {len(request.units)}",
        *([f"--seed {request.seed}"] if request.seed != DEFAULT_SEED else []),
        "--upload",
    ]
    return " ".join(parts_of_it)


def first_rows(request: Request) -> None:
    """The first lines of both files of the first unit."""
    sample = data.sample(request, _SAMPLE_LINES)
    st.subheader(texts.FIRST_ROWS.format(hours=request.windows[0].hours), anchor=False)
    for name, lines in (("pedido.csv", sample.orders), ("item_pedido.csv", sample.items)):
        st.caption(name)
        st.dataframe(pd.DataFrame(lines[1:], columns=lines[0]), hide_index=True)


def _expected_table(
    chosen: tuple[Window, ...], by_window: list[tuple[int, int]]
) -> pd.DataFrame:  # fmt: skip
    rows = [
        (
            window.hours,
            parts.window_name(window),
            f"{window.min_orders}-{window.max_orders}",
            *expected,
        )
        for window, expected in zip(chosen, by_window, strict=True)
    ]
    columns = [texts.HOURS, texts.NAME, texts.ORDERS_PER_UNIT, texts.ORDERS, texts.ITEMS]
    return pd.DataFrame(rows, columns=columns)
