"""Charts of Gold and of the tables' lineage: plain values in, a Plotly figure out."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from core.insight.gold import ProductSales, StateSales
from core.insight.layer_figures import DailySales
from core.transform.lineage import STAGES, Node
from ui import texts
from ui.style import format as fmt
from ui.style import shared_charts
from ui.style.figure_cache import draw_once
from ui.style.plain import in_chart
from ui.style.theme import Palette

_ROW_PX = 26
_NODE_PX = 46
_SERIES_OF = dict(zip(STAGES, (4, 1, 0, 3), strict=True))  # bronze is amber, gold is green


@draw_once
def draw_by_day(sales: Sequence[DailySales], colours: Palette) -> go.Figure:
    """Draw the revenue of each business day in Gold, online and in store."""
    days = [fmt.day(row.day) for row in sales]
    figure = go.Figure()
    series = (
        (texts.ONLINE, [float(row.online_revenue) for row in sales], 0),
        (texts.IN_STORE, [float(row.physical_revenue) for row in sales], 1),
    )
    for name, values, colour in series:
        figure.add_bar(
            x=days, y=values, name=name, marker_color=colours.series[colour],
            hovertemplate="R$ %{y:,.2f}",
        )  # fmt: skip
    figure.update_layout(
        barmode="stack", bargap=shared_charts.bar_gap(len(days)), legend_traceorder="normal"
    )
    figure.update_xaxes(type="category", nticks=10)
    shared_charts.finish(figure, colours, 300)
    return figure.update_yaxes(tickprefix="R$ ", tickformat=",d")


@draw_once
def draw_by_state(sales: Sequence[StateSales], colours: Palette) -> go.Figure:
    """Draw the revenue of each state, the highest on top."""
    rows = [(in_chart(row.name), float(row.revenue), row.orders) for row in sales]
    return _bars(rows, texts.ORDERS, colours, colours.series[1])


@draw_once
def draw_by_product(sales: Sequence[ProductSales], colours: Palette) -> go.Figure:
    """Draw the revenue of products, the highest on top."""
    rows = [(in_chart(row.name), float(row.revenue), row.quantity) for row in sales]
    return _bars(rows, texts.QUANTITY, colours, colours.series[0])


def _bars(
    rows: Sequence[tuple[str, float, int]], counted: str, colours: Palette, colour: str
) -> go.Figure:
    figure = go.Figure(go.Bar(
        x=[revenue for _, revenue, _ in rows], y=[name for name, *_ in rows], orientation="h",
        customdata=[count for *_, count in rows], marker_color=colour, name=texts.FIGURE_REVENUE,
        hovertemplate="%{y}<br>R$ %{x:,.2f}<br>%{customdata:,d} " + counted + "<extra></extra>",
    ))  # fmt: skip
    figure.update_xaxes(tickprefix="R$ ", tickformat=",d", title_text=texts.REVENUE_AXIS)
    figure.update_yaxes(type="category", autorange="reversed", showgrid=False)
    shared_charts.finish(figure, colours, 110 + _ROW_PX * len(rows), unified=False)
    return figure.update_layout(showlegend=False, bargap=0.3)


@draw_once
def draw_lineage(nodes: Sequence[Node], colours: Palette) -> go.Figure:
    """Draw a column of tables per stage, and a line from each table to those made from it."""
    at = _places(nodes)
    figure = go.Figure()
    x: list[float | None] = []
    y: list[float | None] = []
    for node in nodes:
        for read in node.reads:
            x += [at[read][0], at[node.table][0], None]
            y += [at[read][1], at[node.table][1], None]
    figure.add_scatter(
        x=x, y=y, mode="lines", hoverinfo="skip", showlegend=False,
        line={"color": colours.grid, "width": 1.5},
    )  # fmt: skip
    for stage in STAGES:
        _add_stage(figure, stage, [node for node in nodes if node.stage == stage], at, colours)
    deepest = max(row for _, row in at.values())
    shared_charts.finish(figure, colours, int(110 + _NODE_PX * (deepest + 1)), unified=False)
    figure.update_xaxes(visible=False, range=[-0.4, max(x for x, _ in at.values()) + 0.4])
    return figure.update_yaxes(visible=False, range=[deepest + 0.4, -0.8])


def _add_stage(
    figure: go.Figure,
    stage: str,
    nodes: Sequence[Node],
    at: Mapping[str, tuple[float, float]],
    colours: Palette,
) -> None:
    figure.add_scatter(
        x=[at[node.table][0] for node in nodes], y=[at[node.table][1] for node in nodes],
        name=texts.LAYER_NAMES[stage], mode="markers+text",
        text=[node.table.partition(".")[2] for node in nodes], textposition="top center",
        textfont={"color": colours.text, "size": 13},
        customdata=[", ".join(node.reads) or texts.LINEAGE_SOURCE for node in nodes],
        marker={"size": 13, "color": colours.series[_SERIES_OF[stage]]},
        hovertemplate="<b>%{text}</b><br>" + texts.LINEAGE_READS
        + ": %{customdata}<extra></extra>",
    )  # fmt: skip


def _places(nodes: Sequence[Node]) -> dict[str, tuple[float, float]]:
    """Return each table's column and row; a table is right of those that it reads."""
    column: dict[str, float] = {}
    for node in nodes:
        below = [column[read] + 1 for read in node.reads]
        column[node.table] = max([*below, float(STAGES.index(node.stage))])
    rows: dict[float, int] = {}
    places = {}
    for node in nodes:
        x = column[node.table]
        places[node.table] = (x, float(rows.get(x, 0)))
        rows[x] = rows.get(x, 0) + 1
    return places
