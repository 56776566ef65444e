"""What the panel shows of the rhythm: a day and a week against those before, weekdays, a year."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core import pipeline
from core.platform import Platform
from core.storage.publish import Request
from tests.support.panel_pages import DAY, everything, history, opened, platform
from tests.support.scenes import rows
from ui.queries import warehouse_queries
from ui.shell import session
from ui.style import heat_maps
from ui.style.theme import palette

__all__ = ["history", "platform"]  # fixtures

WEEK = timedelta(days=7)
# Whether each answer of a query still finds Gold's rows.
EMPTIED = {
    "daily_sales": (True, False), "years_in_gold": (False,), "sales_of_year": (False,),
    "sales_by_state": (False,), "sales_by_product": (False,),
}  # fmt: skip


def upload(platform: Platform, days: tuple[date, ...], windows: int = 7) -> None:
    request = Request(days, platform.catalog.windows[:windows], (1, 2))
    pipeline.upload(platform, request, datetime.now(UTC))


def totals(platform: Platform, column: str, value: str, name: str) -> dict[date, Any]:
    found = rows(platform, f"SELECT {column} AS day, {value} AS v FROM {name} GROUP BY {column}")
    return {row["day"]: row["v"] for row in found}


def table(app: AppTest, *columns: str) -> Any:
    (found,) = [frame.value for frame in app.dataframe if [*frame.value.columns[:2]] == [*columns]]
    return found


def chart(app: AppTest, kind: str) -> dict[str, Any]:
    specs = [json.loads(one.proto.spec) for one in app.get("plotly_chart")]
    (found,) = [trace for spec in specs for trace in spec["data"] if trace["type"] == kind]
    return dict(found)


def test_bronze_compares_a_day_with_the_week_before_over_the_windows_of_both(
    platform: Platform,
) -> None:
    upload(platform, (DAY - WEEK,))
    upload(platform, (DAY,), windows=3)
    app = opened("bronze", day=f"{DAY}")
    shown = table(app, "Hours", f"{DAY - WEEK}").set_index("Hours")
    of_day = totals(platform, "data_pedido", "COUNT(*)", "bronze.orders")
    assert shown[f"{DAY}"].sum() == of_day[DAY]
    assert shown[f"{DAY - WEEK}"].sum() == of_day[DAY - WEEK]
    assert (shown[f"{DAY}"].iloc[3:] == 0).all()
    before = shown[f"{DAY - WEEK}"].iloc[:3].sum()
    assert f"{of_day[DAY]} on {DAY}, {before} on {DAY - WEEK}, so " in everything(app)
    assert "in the 3 windows that both have" in everything(app)
    sunday = chart(app, "heatmap")
    assert sunday["y"] == list(range(7))
    means = table(app, "Weekday", "10:00-12:00").set_index("Weekday")
    assert means.loc["Sun", "12:00-14:00"] == shown.loc["12:00-14:00"].iloc[:2].mean()
    assert means.loc["Mon"].isna().all()


def test_bronze_says_which_day_it_cannot_compare(platform: Platform) -> None:
    assert "to compare" not in everything(opened("bronze", day=f"{DAY}"))
    upload(platform, (DAY,), windows=1)
    shown = everything(opened("bronze", day=f"{DAY}"))
    assert f"Bronze has no orders of {DAY - WEEK} to compare." in shown


@pytest.mark.parametrize("windows", [7, 3])
def test_bronze_compares_a_whole_day_with_windows_only_if_both_days_are_complete(
    platform: Platform, windows: int
) -> None:
    pipeline.upload(platform, Request((DAY - WEEK,), (), (1, 2)), datetime.now(UTC))
    upload(platform, (DAY,), windows)
    app = opened("bronze", day=f"{DAY}")
    of_day = totals(platform, "data_pedido", "COUNT(*)", "bronze.orders")
    if windows == 7:
        sums = f"{of_day[DAY]} on {DAY}, {of_day[DAY - WEEK]} on {DAY - WEEK}, so "
        assert f"Orders in Bronze of the whole day: {sums}" in everything(app)
        shown = table(app, "Hours", f"{DAY - WEEK}").to_numpy().tolist()
        assert shown == [
            ["whole day", of_day[DAY - WEEK], of_day[DAY], of_day[DAY] - of_day[DAY - WEEK]]
        ]
    else:
        assert "so they cannot be compared" in everything(app)
    assert "0 windows" not in everything(app)


@pytest.mark.parametrize("windows", [True, False])
def test_the_map_of_weekdays_has_whole_days_only_without_windows(
    platform: Platform, *, windows: bool
) -> None:
    pipeline.upload(platform, Request((DAY - WEEK,), (), (1, 2)), datetime.now(UTC))
    if windows:
        upload(platform, (DAY,))
    app = opened("bronze", day=f"{DAY}")
    (found,) = [one.value for one in app.dataframe if one.value.columns[0] == "Weekday"]
    assert ("whole day" in found.columns) is not windows
    assert len(found.columns) == (8 if windows else 2)
    assert ("One whole day without windows left out." in everything(app)) is windows


def test_a_map_without_a_value_is_drawn_empty() -> None:
    cells = heat_maps.Cells(["row"], [(0, "column")], [[None]], [[""]], [[""]])
    (trace,) = heat_maps.draw_cells(cells, palette(), 20).data
    assert trace.type == "heatmap"


def test_weeks_with_gaps_are_compared_over_the_weekdays_of_both(platform: Platform) -> None:
    days = [DAY - timedelta(days=ago) for ago in (0, 1, 2, 7, 9, 10)]
    upload(platform, tuple(days), 1)
    pipeline.rebuild(platform)
    of_day = totals(platform, "order_date", "SUM(order_value)", "gold.fact_sales")
    newest, before = (of_day[a] + of_day[b] for a, b in ((days[0], days[2]), (days[3], days[4])))
    shown = everything(opened("rebuild"))
    sums = f"R$\xa0{newest:,.2f}; the week before: R$\xa0{before:,.2f}, so "
    assert f"{DAY - timedelta(days=6)} to {DAY}: {sums}" in shown
    assert "on the 2 weekdays that both weeks have" in shown


def test_a_day_in_progress_is_left_out_of_the_weeks(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = [DAY - timedelta(days=ago) for ago in (0, 1, 7, 8)]
    upload(platform, tuple(days), 1)
    pipeline.rebuild(platform)
    monkeypatch.setattr(session, "today", lambda: DAY)
    app = opened("rebuild")
    shown = everything(app)
    assert f"{DAY} is still in progress and is left out of the comparison." in shown
    assert f"to {days[1]}: " in shown
    assert "on the weekday that both weeks have" in shown
    assert table(app, "Weekday", "Date")["Date"].iloc[-1] == days[1]


@pytest.mark.parametrize("gone", [*EMPTIED])
def test_gold_that_is_emptied_between_two_answers_has_a_caption(
    platform: Platform, monkeypatch: pytest.MonkeyPatch, gone: str
) -> None:
    upload(platform, (DAY,), 1)
    pipeline.rebuild(platform)
    answers = iter(EMPTIED[gone])
    there = getattr(warehouse_queries, gone)
    monkeypatch.setattr(
        warehouse_queries, gone,
        lambda *arguments: there(*arguments) if next(answers) else [],
    )  # fmt: skip
    assert "Gold has no daily sales yet" in everything(opened("rebuild"))


@pytest.mark.parametrize("earlier", [True, False])
def test_gold_shows_the_newest_week_against_the_one_before_and_a_year(
    platform: Platform, *, earlier: bool
) -> None:
    days = (DAY - timedelta(days=1), DAY)
    upload(platform, (*(day - WEEK for day in days if earlier), *days, date(2025, 12, 31)), 2)
    pipeline.rebuild(platform)
    app = opened("rebuild", gold_year="2026")
    of_day = totals(platform, "order_date", "SUM(order_value)", "gold.fact_sales")
    if earlier:
        week = table(app, "Weekday", "Date")
        assert week["Weekday"].tolist() == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
        assert week["Revenue (R$)"].sum() == pytest.approx(float(sum(of_day[day] for day in days)))
        before = float(sum(of_day[day - WEEK] for day in days))
        assert week["A week before (R$)"].sum() == pytest.approx(before)
    else:
        assert "Gold has nothing from 2026-01-19 to 2026-01-25" in everything(app)
    assert app.selectbox(key="gold_year").options == ["2026", "2025"]
    assert table(app, "Date", "Weekday")["Date"].tolist() == sorted(of_day)[1:]
    cells = chart(app, "heatmap")["z"]
    placed = [(row, week) for row in range(7) for week in range(53) if cells[row][week] is not None]
    of_year = [day for day in of_day if day.year == 2026]  # which began on a Thursday
    expected = [(day.weekday(), (day.timetuple().tm_yday + 2) // 7) for day in of_year]
    assert sorted(placed) == sorted(expected)
