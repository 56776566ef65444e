"""The parts of Rebuild about tables: lineage, and the figures and rows of Gold."""

from decimal import Decimal

import pandas as pd
import streamlit as st

from core.insight.gold import MOST_ROWS, gold_tables
from core.transform.lineage import lineage
from ui import texts
from ui.queries import warehouse_queries
from ui.rebuild import gold_charts, gold_rhythm
from ui.shell import session
from ui.style import format as fmt
from ui.style import theme
from ui.widgets import components

_DAYS = 60
_PRODUCTS = 15
_ROWS = 100


def show_lineage() -> None:
    """Show which table is made from which, drawn from the SQL."""
    st.subheader(texts.LINEAGE, anchor=False)
    st.caption(texts.LINEAGE_NOTE)
    nodes = lineage()
    rows = [
        (
            session.table_name(node.table),
            texts.LAYER_NAMES[node.stage],
            ", ".join(map(session.table_name, node.reads)) or texts.LINEAGE_SOURCE,
        )
        for node in nodes
    ]
    components.draw_chart(
        gold_charts.draw_lineage(nodes, theme.palette()), "lineage_chart",
        texts.ALT_LINEAGE.format(count=fmt.number(len(nodes))),
        pd.DataFrame(rows, columns=list(texts.LINEAGE_COLUMNS)),
    )  # fmt: skip


def show_gold() -> None:
    """Show revenue by day, state and product, a year's days, and the rows of each table."""
    st.subheader(texts.GOLD_HEADING, anchor=False)
    if not warehouse_queries.daily_sales(session.settings(), _DAYS):
        st.info(texts.EMPTY_GOLD)
        return
    labels = (texts.BY_DAY, texts.YEAR, texts.BY_STATE, texts.BY_PRODUCT, texts.ROWS_OF_TABLE)
    ways = (_by_day, gold_rhythm.show_year, _by_state, _by_product, _rows)
    for tab, way in zip(st.tabs(labels), ways, strict=True):
        with tab:
            way()


def _by_day() -> None:
    sales = warehouse_queries.daily_sales(session.settings(), _DAYS)
    if not sales:  # the answers of the tabs are of different moments
        st.caption(texts.EMPTY_GOLD)
        return
    rows = [
        (row.day, row.orders, row.online_orders, row.physical_orders,
         float(row.revenue), float(row.avg_order_value), row.active_units,
         float(row.cancellation_rate))
        for row in reversed(sales)
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=list(texts.GOLD_COLUMNS))
    alt = texts.ALT_GOLD.format(count=fmt.number(len(sales)))
    components.draw_chart(gold_charts.draw_by_day(sales, theme.palette()), "gold_chart", alt, frame)
    gold_rhythm.show_week(sales)


def _by_state() -> None:
    sales = warehouse_queries.sales_by_state(session.settings())
    if not sales:
        st.caption(texts.EMPTY_GOLD)
        return
    rows = [(row.name, row.orders, float(row.revenue), row.units) for row in sales]
    frame = pd.DataFrame(rows, columns=list(texts.STATE_COLUMNS))
    alt = texts.ALT_STATE.format(count=fmt.number(len(sales)), first=sales[0].name)
    components.draw_chart(
        gold_charts.draw_by_state(sales, theme.palette()), "state_chart", alt, frame
    )


def _by_product() -> None:
    sales = warehouse_queries.sales_by_product(session.settings(), _PRODUCTS)
    if not sales:
        st.caption(texts.EMPTY_GOLD)
        return
    rows = [(row.name, row.orders, float(row.revenue), row.quantity) for row in sales]
    frame = pd.DataFrame(rows, columns=list(texts.PRODUCT_COLUMNS))
    alt = texts.ALT_PRODUCT.format(count=fmt.number(len(sales)), first=sales[0].name)
    components.draw_chart(
        gold_charts.draw_by_product(sales, theme.palette()), "product_chart", alt, frame
    )


def _rows() -> None:
    table = st.selectbox(
        texts.GOLD_TABLE, gold_tables(), key="gold_table", bind="query-params", width=320
    )
    found = warehouse_queries.gold_rows(session.settings(), table, min(_ROWS, MOST_ROWS))
    st.caption(texts.FIRST_OF_TABLE.format(count=fmt.number(len(found))))
    frame = pd.DataFrame(found)
    for name in frame.columns:
        if frame[name].map(lambda value: isinstance(value, Decimal)).any():
            frame[name] = frame[name].astype(float)
    components.draw_table(frame)
