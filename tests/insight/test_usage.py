"""Usage by calculation: prices, forecasts and their projections, for any number of units."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError
from core.generation.catalog import MAX_UNIT, load_catalog
from core.generation.windows import TIME_ZONE, window_start
from core.insight.usage import (
    Month,
    Quantities,
    UsageScenario,
    compare_with_limits,
    crossings,
    dollars,
    forecast,
    guide,
    is_free_region,
    parse_month,
    prices,
    rebuild_reads,
    total,
)
from core.insight.usage.forecast import MAX_REBUILDS, rebuild_bytes
from core.insight.usage.limits import estimate_demands
from core.insight.usage.month import flow, months_until, stock
from core.insight.usage.prices import billed_bytes, price
from core.storage.publish import Request
from tests.support.scenes import ROOT

CATALOG = load_catalog()
GUIDE = UsageScenario(units=50, days=30)
MIB, GIB, TIB = 2**20, 2**30, 2**40
plans = st.builds(
    UsageScenario,
    units=st.integers(1, 3_000),
    days=st.integers(0, 31),
    windows=st.integers(0, 7),
    rebuilds=st.integers(0, 5),
    earlier_days=st.integers(0, 400),
)
RESOURCES = [each.resource for each in prices()]


def line(resource: str, quantity: int, *, free_region: bool = True) -> int:
    """What a quantity of one resource costs, in micro-dollars."""
    field = "processor_calls" if resource == "function_calls" else resource
    return total(
        compare_with_limits(replace(Quantities(), **{field: quantity}), free_region=free_region)
    )


# --- the figures that are known ---


def test_fifty_units_take_what_the_guide_should_have_said() -> None:
    it = forecast(GUIDE, CATALOG)
    assert it.generator_calls == 7 * 30
    # Two objects a unit and window, the announcements and the manifests.
    assert it.processor_calls == 21_000 + 2 * 210
    assert it.class_a == 21_000 + 4 * 210  # those, a list of announcements, a list of the date
    lines = {each.price.resource: each for each in compare_with_limits(it, free_region=True)}
    assert lines["class_a"].micro_usd == 16_840 * 5  # $0.005 a 1,000 is 5 micro-dollars each
    assert {name for name, each in lines.items() if each.over} == {"class_a"}
    assert lines["scheduler_jobs"].share == Fraction(1, 3)


def test_the_forecast_s_operations_are_those_of_core_limits() -> None:
    for units in (1, 50, 100, 101, 700):
        request = Request((date(2026, 2, 3),), CATALOG.windows[:1], tuple(range(1, units + 1)))
        it, each = forecast(UsageScenario(units, 10, 7), CATALOG), estimate_demands(request)
        assert (it.class_a, it.class_b, it.processor_calls) == tuple(
            70 * number for number in (each.class_a, each.class_b, each.calls)
        )


def test_a_rebuild_is_billed_ten_megabytes_for_each_table_that_a_query_names() -> None:
    reads = rebuild_reads()
    assert rebuild_bytes({}) == sum(reads.values()) * 10 * MIB
    assert {"bronze.orders", "silver.orders", "gold.fact_sales", "gold.dim_date"} <= set(reads)
    large = rebuild_bytes({"silver.orders": GIB})
    assert large - rebuild_bytes({}) == reads["silver.orders"] * (GIB - 10 * MIB)
    assert sum(rebuild_reads(("silver",)).values()) < sum(reads.values())


def test_the_limits_are_those_of_google_s_pages() -> None:
    free = {each.resource: each.free * each.size for each in prices()}
    assert free == {
        "scheduler_jobs": 3, "function_calls": 2_000_000, "storage_bytes": 5 * GIB,
        "class_a": 5_000, "class_b": 50_000, "table_bytes": 10 * GIB, "query_bytes": TIB,
    }  # fmt: skip
    assert billed_bytes(1) == 10 * MIB
    assert all(each.source.startswith("https://cloud.google.com/") for each in prices())
    assert {each.read for each in prices()} == {"2026-11"}
    assert price("query_bytes").usd == Decimal("6.25")


@pytest.mark.parametrize(
    ("region", "free"),
    [("us-central1", True), ("us-east1", True), ("us-west1", True), ("southamerica-east1", False)],
)
def test_cloud_storage_is_free_in_three_regions(region: str, free: bool) -> None:
    assert is_free_region(region) is free
    storage = {"storage_bytes", "class_a", "class_b"}
    without = {each.price.resource for each in compare_with_limits(Quantities(), free_region=free)
               if each.share is None}  # fmt: skip
    assert without == (set() if free else storage)


@pytest.mark.parametrize("region", ["", "Mars", "us", "us-central", "US-CENTRAL1"])
def test_what_is_no_region_is_a_sentence(region: str) -> None:
    with pytest.raises(InputError, match="is not a region: use one such as us-central1"):
        is_free_region(region)


def test_the_guide_s_table_has_its_four_rows() -> None:
    assert [row.this_feature for row in guide()] == [
        "1", "~210 gen + ~10,500 csv-proc", "~21 MB", "~1.5 GB",
    ]  # fmt: skip
    assert {row.resource for row in guide()} <= set(RESOURCES)


def test_the_documentation_has_the_figures_that_are_worked_out() -> None:
    page = (ROOT / "docs" / "usage.md").read_text(encoding="utf-8")
    table = page[page.index("| Resource | The guide |") :].split("\n\n")[0].splitlines()[2:]
    rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in table]
    it = forecast(GUIDE, CATALOG)
    for row, each in zip(rows, compare_with_limits(it, free_region=True), strict=True):
        _, _, worked_out, _, share, cost = row
        sizes = {"MiB": MIB, "GiB": GIB}
        value, *unit = worked_out.replace(",", "").split(" + ")[-1].split()
        counted = it.processor_calls if "calls" in row[0] else each.quantity
        assert f"{counted / sizes.get(''.join(unit), 1):.{1 if unit else 0}f}" == value
        assert each.share is not None
        assert float(share.rstrip("%")) == pytest.approx(float(100 * each.share), rel=0.05)
        assert cost == f"US$ {each.micro_usd / 1_000_000:.2f}"
    found = crossings(GUIDE, CATALOG, 5_000, free_region=True).values()
    assert all(f"{units:,}" in page for units in found if units)
    assert f"names\n  tables {sum(rebuild_reads().values())} times" in page


# --- what holds for every plan ---


@given(plans, st.integers(1, 3_000), st.booleans())
def test_more_units_never_take_or_cost_less(
    plan: UsageScenario, more: int, free_region: bool
) -> None:
    larger = replace(plan, units=plan.units + more)
    before, after = forecast(plan, CATALOG), forecast(larger, CATALOG)
    assert all(before.of(name) <= after.of(name) for name in RESOURCES)
    cheap, dear = (dollars(it, CATALOG, free_region=free_region) for it in (plan, larger))
    assert 0 <= cheap <= dear


@given(plans)
def test_nothing_is_negative_and_a_free_region_is_never_dearer(plan: UsageScenario) -> None:
    it = forecast(plan, CATALOG)
    assert all(it.of(name) >= 0 for name in RESOURCES)
    free, paid = (compare_with_limits(it, free_region=region) for region in (True, False))
    assert total(free) <= total(paid)
    assert all(each.micro_usd >= 0 for each in (*free, *paid))


@given(st.sampled_from(RESOURCES), st.integers(0, 2**60))
def test_up_to_its_limit_a_resource_costs_nothing(resource: str, quantity: int) -> None:
    free = price(resource).free_quantity(free_region=True)
    assert line(resource, min(quantity, free)) == 0
    assert line(resource, free + price(resource).size * price(resource).per) > 0


@given(st.sampled_from(RESOURCES), st.integers(0, 10_000))
def test_beyond_its_limit_a_resource_s_cost_is_linear(resource: str, lots: int) -> None:
    it = price(resource)
    free, lot = it.free_quantity(free_region=True), it.size * it.per
    one = line(resource, free + lot)
    assert one == it.usd * 1_000_000
    assert line(resource, free + lots * lot) == lots * one
    assert line(resource, lots * lot, free_region=False) == (
        lots * one if it.free_regions else line(resource, lots * lot)
    )


@given(plans.filter(lambda plan: plan.days > 0 and plan.windows > 0), st.booleans())
def test_a_limit_is_crossed_at_the_fewest_units_beyond_it(
    plan: UsageScenario, free_region: bool
) -> None:
    for resource, units in crossings(plan, CATALOG, 2_000, free_region=free_region).items():
        free = price(resource).free_quantity(free_region=free_region)

        def of(count: int, resource: str = resource) -> int:
            return forecast(replace(plan, units=count), CATALOG).of(resource)

        assert free
        assert of(units or 2_000) > free if units else of(2_000) <= free
        assert units in (None, 1) or of((units or 0) - 1) <= free


def test_class_a_operations_are_the_first_limit_that_units_cross() -> None:
    found = crossings(GUIDE, CATALOG, 5_000, free_region=True)
    assert min((units, name) for name, units in found.items() if units) == (10, "class_a")
    assert found["storage_bytes"] is None
    assert "class_a" not in crossings(GUIDE, CATALOG, 50, free_region=False)


def test_days_that_are_stored_before_cost_storage_and_queries_but_no_operation() -> None:
    fresh, old = (forecast(replace(GUIDE, earlier_days=days), CATALOG) for days in (0, 365))
    assert old.class_a == fresh.class_a
    assert old.storage_bytes > 10 * fresh.storage_bytes
    assert old.query_bytes > fresh.query_bytes
    twice = forecast(replace(GUIDE, rebuilds=2), CATALOG)
    assert twice.query_bytes == 2 * fresh.query_bytes


def test_a_plan_works_for_the_most_units_there_can_be() -> None:
    most = forecast(UsageScenario(units=MAX_UNIT, days=31, rebuilds=MAX_REBUILDS), CATALOG)
    assert most.class_a > 2 * MAX_UNIT * 7 * 31


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"units": 0}, "0 units are not possible"),
        ({"days": 32}, "32 days are not possible: use 0 to 31."),
        ({"windows": 8}, "8 windows a day are not possible"),
        ({"rebuilds": -1}, "-1 rebuilds a day are not possible"),
        ({"earlier_days": 4_000}, "4000 earlier days are not possible"),
    ],
)
def test_a_plan_that_cannot_be_is_a_sentence(wrong: dict[str, int], told: str) -> None:
    with pytest.raises(InputError, match=told):
        UsageScenario(**wrong)


# --- months ---


def at(day: date, hour: int) -> datetime:
    """An hour of a date in São Paulo."""
    return datetime(day.year, day.month, day.day, hour, 30, tzinfo=TIME_ZONE)


@pytest.mark.parametrize(
    ("text", "days"),
    [("2026-02", 28), ("2024-02", 29), ("2098-02", 28), ("2026-11", 30), ("2026-12", 31),
     ("2010-01", 31), ("2099-12", 31)],
)  # fmt: skip
def test_months_have_their_days(text: str, days: int) -> None:
    month = parse_month(text)
    assert (str(month), month.days) == (text, days)
    assert month.following.first == month.first + timedelta(days=days)


@pytest.mark.parametrize("text", ["2009-12", "2100-01", "0000-01"])
def test_a_month_outside_the_platform_s_dates_is_a_sentence(text: str) -> None:
    with pytest.raises(InputError, match="out of range: months run from 2010-01 to 2099-12"):
        parse_month(text)


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-13", "2026-00", "2026-2", "2026-02-01", "02/26"]
)
def test_what_is_no_month_is_a_sentence(text: str) -> None:
    with pytest.raises(InputError, match="is not a month: write YYYY-MM"):
        parse_month(text)


@pytest.mark.parametrize(
    ("moment", "begun"),
    [
        (at(date(2024, 1, 31), 23), 0),
        (at(date(2024, 2, 1), 9), 0),  # before the first window
        (at(date(2024, 2, 1), 10), 1),
        (at(date(2024, 2, 1), 23), 7),
        (at(date(2024, 2, 29), 9), 28 * 7),
        (at(date(2024, 2, 29), 22), 29 * 7),
        (at(date(2024, 3, 1), 0), 29 * 7),
        (at(date(2030, 1, 1), 12), 29 * 7),
    ],
)
def test_the_part_of_a_leap_february_that_is_over(moment: datetime, begun: int) -> None:
    assert Month(2024, 2).done(moment, CATALOG) == Fraction(begun, 29 * 7)


def test_a_month_is_that_of_sao_paulo() -> None:
    assert Month.of(datetime(2026, 3, 1, 2, 59, tzinfo=UTC)) == Month(2026, 2)
    assert Month.of(datetime(2026, 3, 1, 3, 0, tzinfo=UTC)) == Month(2026, 3)
    assert Month(2026, 3).start == datetime(2026, 3, 1, 3, 0, tzinfo=UTC)


def test_the_months_to_choose_from_end_where_the_platform_begins() -> None:
    assert list(map(str, months_until(Month(2026, 1), 3))) == ["2026-01", "2025-12", "2025-11"]
    assert list(map(str, months_until(Month(2010, 2), 9))) == ["2010-02", "2010-01"]


days_of_months = st.dates(date(2010, 1, 1), date(2099, 12, 31))


@given(days_of_months, st.integers(0, 6), st.integers(1, 500))
def test_a_rate_that_goes_on_gives_the_whole_month(day: date, window: int, rate: int) -> None:
    month = Month(day.year, day.month)
    moment = window_start(day, CATALOG.windows[window])
    done = month.done(moment, CATALOG)
    begun = 7 * (day.day - 1) + window + 1
    assert done == Fraction(begun, 7 * month.days)
    whole = rate * 7 * month.days
    assert flow(rate * begun, done) == whole
    assert stock(1_000 + rate * begun, rate * begun, done) == 1_000 + whole


@given(st.integers(0, 10**12), st.integers(0, 10**12), st.fractions(Fraction(1, 217), 1))
def test_a_projection_is_never_less_than_what_happened(
    so_far: int, before: int, done: Fraction
) -> None:
    assert (flow(so_far, done) or 0) >= so_far
    assert (stock(before + so_far, so_far, done) or 0) >= before + so_far
    assert flow(so_far, Fraction(1)) == so_far
    assert stock(before + so_far, so_far, Fraction(1)) == before + so_far


def test_before_its_first_window_a_month_has_no_projection() -> None:
    assert flow(0, Fraction(0)) is None
    assert stock(5, 0, Fraction(0)) is None
