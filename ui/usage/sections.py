"""The parts of Usage: the usage of a month, that of a plan, the guide's table, prices."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import pandas as pd
import streamlit as st

from core.generation.catalog import DEFAULT_UNITS, MAX_UNIT
from core.insight.usage import (
    Line,
    Month,
    Observed,
    Price,
    Quantities,
    UsageScenario,
    compare_with_limits,
    guide,
    is_free_region,
    prices,
    projection,
    rebuild_reads,
    total,
)
from core.insight.usage.forecast import MAX_EARLIER_DAYS, MAX_REBUILDS
from core.insight.usage.month import months_until
from ui import texts
from ui.queries import usage_queries, warehouse_queries
from ui.shell import actions, answer_cache, session, url_state
from ui.style import format as fmt
from ui.style import theme
from ui.style.plain import plain
from ui.usage import usage_charts
from ui.widgets import components

_MONTHS = 36  # to choose from
_CURVE_UNITS = 5_000
_GUIDE = UsageScenario(units=50, days=30)
_EMBEDDED_REGION = "us-central1"  # what the settings have by default
_OF_MONTH = url_state.One[Month]("usage_month", str)


def choose_month() -> Month:
    """Draw the choice of the month, which the page's address keeps; by default the present one."""
    months = months_until(Month.of(session.now()), _MONTHS)
    names = {month: _month_name(month) for month in months}
    _OF_MONTH.restore(months, months[0])
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            texts.USAGE_MONTH, months, key=_OF_MONTH.key, width=180, format_func=names.__getitem__,
        )  # fmt: skip
        actions.button(texts.USAGE_LOOK_AGAIN, answer_cache.forget, "usage_look",
                       help=texts.USAGE_LOOK_HELP)  # fmt: skip
    return _OF_MONTH.publish(months[0])


def show_month(month: Month) -> Quantities | None:
    """Show the usage of the month; return its projection to the month's end, if possible."""
    st.subheader(texts.USAGE_HAPPENED.format(month=_month_name(month)), anchor=False)
    seen = usage_queries.measure_month(session.settings(), month, warehouse_queries.minute())
    whole = None if seen.empty else projection(seen)
    if seen.empty:
        st.info(texts.USAGE_EMPTY.format(month=_month_name(month)))
    else:
        _figures(seen)
        free_region = is_free_region(_region())
        _happened_table(seen, whole, free_region=free_region)
        _caveats(seen)
    st.caption(texts.USAGE_LOOK_COST.format(count=fmt.number(seen.look_class_a)))
    return whole


def show_what_if(month: Month, projected: Quantities | None) -> None:
    """Draw the form and its plan's usage against the limits; it redraws without the page."""
    st.fragment(_what_if)(month, projected)


def show_guide() -> None:
    """Show the guide's table next to our forecast of the same plan, and why they differ."""
    st.subheader(texts.USAGE_GUIDE, anchor=False)
    st.caption(
        texts.USAGE_GUIDE_PLAN.format(units=fmt.number(_GUIDE.units), days=fmt.number(_GUIDE.days))
    )
    ours = usage_queries.forecast_plan(_GUIDE)
    rows = [
        (row.name, row.this_feature, row.total_platform, row.limit, _ours(row.resource, ours))
        for row in guide()
    ]
    components.draw_table(pd.DataFrame(rows, columns=list(texts.USAGE_GUIDE_COLUMNS)))
    st.markdown(texts.USAGE_GUIDE_WHY.format(
        objects=fmt.number(2 * _GUIDE.units * _GUIDE.windows * _GUIDE.days),
        calls=fmt.number(ours.processor_calls), class_a=fmt.number(ours.class_a),
        reads=fmt.number(sum(rebuild_reads().values())),
    ))  # fmt: skip


def show_prices() -> None:
    """Show each price and free limit, with its source and the month of reading."""
    st.subheader(texts.USAGE_PRICES, anchor=False)
    rows = [
        (texts.USAGE_RESOURCES[price.resource], _counted(price.free, price.unit), _regions(price),
         texts.USAGE_PRICE.format(
             usd=fmt.plain_decimal(price.usd), per=_counted(price.per, price.unit)
         ),
         fmt.month(date.fromisoformat(f"{price.read}-01")), price.source)
        for price in prices()
    ]  # fmt: skip
    columns = list(texts.USAGE_PRICE_COLUMNS)
    st.dataframe(
        pd.DataFrame(rows, columns=columns), hide_index=True,
        column_config={columns[-1]: st.column_config.LinkColumn()},
    )  # fmt: skip
    st.caption(texts.USAGE_NOT_COUNTED)


def _what_if(month: Month, projected: Quantities | None) -> None:
    st.subheader(texts.USAGE_WHAT_IF, anchor=False)
    plan, free_region = _form(month)
    lines = compare_with_limits(usage_queries.forecast_plan(plan), free_region=free_region)
    st.markdown(plain(_verdict(lines, plan)))
    components.draw_table(_lines_table(lines, texts.USAGE_PLAN_COLUMNS))
    _shares(lines, projected, free_region=free_region)
    _costs(plan, free_region=free_region)


def _form(month: Month) -> tuple[UsageScenario, bool]:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        units = st.number_input(
            texts.UNITS, 1, MAX_UNIT, DEFAULT_UNITS, key="usage_units", bind="query-params",
            width=150,
        )  # fmt: skip
        rebuilds = st.number_input(
            texts.USAGE_REBUILDS, 0, MAX_REBUILDS, 1, key="usage_rebuilds", bind="query-params",
            width=170, help=texts.USAGE_REBUILDS_HELP.format(
                reads=fmt.number(sum(rebuild_reads().values())), tables=len(rebuild_reads())
            ),
        )  # fmt: skip
        earlier = st.number_input(
            texts.USAGE_EARLIER, 0, MAX_EARLIER_DAYS, 0, key="usage_earlier", bind="query-params",
            width=190, help=texts.USAGE_EARLIER_HELP,
        )  # fmt: skip
        free_region = st.toggle(
            texts.USAGE_FREE_REGION, is_free_region(_region()), key="usage_free_region",
            bind="query-params", help=texts.USAGE_FREE_REGION_HELP,
        )  # fmt: skip
    plan = UsageScenario(units, month.days, rebuilds=rebuilds, earlier_days=earlier)
    st.caption(
        texts.USAGE_PLAN_SAYS.format(days=fmt.number(plan.days), windows=fmt.number(plan.windows))
    )
    return plan, free_region


def _figures(seen: Observed) -> None:
    figures = (
        (texts.USAGE_WINDOWS, fmt.number(seen.windows)),
        (texts.USAGE_ARRIVED, fmt.number(seen.arrived.objects)),
        (texts.USAGE_ROWS, fmt.number(seen.rows)),
        (texts.USAGE_RAN, fmt.number(seen.rebuilds)),
    )
    with st.container(horizontal=True):
        for label, value in figures:
            components.draw_figure_card(label, value)
    st.caption(texts.USAGE_IN_BUCKET.format(
        objects=fmt.number(seen.sales.objects), size=fmt.size(seen.sales.size),
        manifests=fmt.number(seen.manifests.objects), waiting=fmt.number(seen.waiting),
        quarantine=fmt.number(seen.quarantine.objects), ticks=fmt.number(seen.ticks),
    ))  # fmt: skip


def _happened_table(seen: Observed, whole: Quantities | None, *, free_region: bool) -> None:
    lines = compare_with_limits(whole or seen.so_far, free_region=free_region)
    so_far = [_quantity(line.price, seen.so_far.of(line.price.resource)) for line in lines]
    table = _lines_table(lines, texts.USAGE_MONTH_COLUMNS)
    table.insert(1, texts.USAGE_SO_FAR, [*so_far, ""])  # empty in the row of the sum
    components.draw_table(table)


def _caveats(seen: Observed) -> None:
    """Say how much of the month is over, and what the figures leave out."""
    said = [texts.USAGE_DONE.format(part=fmt.percent(float(100 * seen.done)))]
    if not session.is_on_cloud():
        said.append(texts.USAGE_NOT_BILLED)
    if seen.tables_estimated:
        said.append(texts.USAGE_TABLES_ESTIMATED)
    if seen.queries_estimated:
        said.append(texts.USAGE_QUERIES_ESTIMATED)
    st.caption(" ".join(said))


def _verdict(lines: Sequence[Line], plan: UsageScenario) -> str:
    over = [texts.USAGE_RESOURCES[line.price.resource] for line in lines if line.over]
    if not over:
        return texts.USAGE_ALL_FREE.format(units=fmt.number(plan.units))
    return texts.USAGE_COSTS.format(
        units=fmt.number(plan.units), cost=fmt.dollars(total(lines)), over=", ".join(over)
    )


def _lines_table(lines: Sequence[Line], columns: Sequence[str]) -> pd.DataFrame:
    rows = [
        (texts.USAGE_RESOURCES[line.price.resource], _quantity(line.price, line.quantity),
         _quantity(line.price, line.free), _share(line), fmt.dollars(line.micro_usd))
        for line in lines
    ]  # fmt: skip
    rows.append((texts.USAGE_TOTAL, "", "", "", fmt.dollars(total(lines))))
    return pd.DataFrame(rows, columns=list(columns))


def _shares(lines: Sequence[Line], projected: Quantities | None, *, free_region: bool) -> None:
    names = [texts.USAGE_RESOURCES[line.price.resource] for line in lines]
    series = {texts.USAGE_THE_PLAN: _percents(lines)}
    if projected:
        month = compare_with_limits(projected, free_region=free_region)
        series[texts.USAGE_THE_MONTH] = _percents(month)
    frame = pd.DataFrame({
        texts.USAGE_RESOURCE: names,
        **{name: ["" if v is None else fmt.percent(v) for v in values]
           for name, values in series.items()},
    })  # fmt: skip
    st.subheader(texts.USAGE_SHARES, anchor=False)
    alt = texts.USAGE_ALT_SHARES.format(shares=", ".join(
        f"{name} {_share(line)}" for name, line in zip(names, lines, strict=True)
    ))  # fmt: skip
    components.draw_chart(
        usage_charts.draw_shares(names, series, theme.palette()), "usage_shares", alt, frame
    )  # fmt: skip


def _costs(plan: UsageScenario, *, free_region: bool) -> None:
    st.subheader(texts.USAGE_COST_BY_UNITS, anchor=False)
    most = max(_CURVE_UNITS, plan.units)
    anyone = replace(plan, units=1)  # so that each number of units shares one curve
    curve = usage_queries.curve(anyone, most, free_region)
    crossed = {
        texts.USAGE_RESOURCES[resource]: found
        for resource, found in usage_queries.find_crossings(anyone, most, free_region).items()
    }
    chosen = total(compare_with_limits(usage_queries.forecast_plan(plan), free_region=free_region))
    frame = pd.DataFrame(
        [(units, fmt.dollars(micro), _crossed_at(units, crossed)) for units, micro in sorted(
            {*curve, *crossed.values(), (plan.units, chosen)}
        )],
        columns=[texts.UNITS, texts.USAGE_COST, texts.USAGE_CROSSING],
    )  # fmt: skip
    said = texts.USAGE_LIST_JOIN.join(
        texts.USAGE_FROM_UNITS.format(name=name, units=fmt.number(units))
        for name, (units, _) in sorted(crossed.items(), key=lambda item: item[1])
    )
    sentence = (texts.USAGE_CROSSED.format(list=said) if said
                else texts.USAGE_NONE_CROSSED.format(units=fmt.number(most)))  # fmt: skip
    st.caption(sentence)
    figure = usage_charts.draw_cost(curve, crossed, (plan.units, chosen), theme.palette())
    components.draw_chart(figure, "usage_costs", f"{texts.USAGE_COST_BY_UNITS}. {sentence}", frame)


def _crossed_at(units: int, crossed: Mapping[str, tuple[int, int]]) -> str:
    return ", ".join(name for name, (first, _) in crossed.items() if first == units)


def _region() -> str:
    cloud = session.settings().cloud
    return cloud.region if cloud else _EMBEDDED_REGION


def _ours(resource: str, ours: Quantities) -> str:
    if resource == "function_calls":
        return texts.USAGE_OUR_CALLS.format(
            generator=fmt.number(ours.generator_calls), processor=fmt.number(ours.processor_calls)
        )
    price = next(each for each in prices() if each.resource == resource)
    return _quantity(price, ours.of(resource))


def _quantity(price: Price, quantity: int) -> str:
    return fmt.size(quantity) if price.size > 1 else fmt.number(quantity)


def _counted(number: int, unit: str) -> str:
    one, many = texts.USAGE_COUNTED[unit]
    return f"{fmt.number(number)} {one if number == 1 else many}"


def _month_name(month: Month) -> str:
    return fmt.month(month.first)


def _regions(price: Price) -> str:
    return ", ".join(sorted(price.free_regions)) or texts.USAGE_EVERYWHERE


def _percents(lines: Sequence[Line]) -> list[float | None]:
    return [None if line.share is None else float(100 * line.share) for line in lines]


def _share(line: Line) -> str:
    return texts.USAGE_NO_LIMIT if line.share is None else fmt.percent(float(100 * line.share))
