"""Moments, hours, dates, units and seeds: what is valid, and what is said of the rest."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError
from core.generation.catalog import MAX_UNIT, Catalog, load_catalog
from core.generation.windows import (
    FIRST_DATE,
    LAST_DATE,
    MAX_SEED,
    TIME_ZONE,
    business_date,
    check_seed,
    check_units,
    dates_between,
    find_window,
    parse_date,
    window_at,
    window_start,
)

SEVEN = "10:00-12:00, 12:00-14:00, 14:00-16:00, 16:00-18:00, 18:00-20:00, 20:00-22:00, 22:00-24:00"
MOMENTS = st.integers(0, 90 * 366 * 86_400).map(
    lambda seconds: datetime(2010, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def _local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TIME_ZONE)


# --- windows by their hours ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "tag"),
    [
        ("10:00", "12:00", "window_1012"),
        ("12:00", "14:00", "window_1214"),
        ("14:00", "16:00", "window_1416"),
        ("16:00", "18:00", "window_1618"),
        ("18:00", "20:00", "window_1820"),
        ("20:00", "22:00", "window_2022"),
        ("22:00", "24:00", "window_2224"),
        ("22:00", "00:00", "window_2224"),
    ],
)
def test_the_seven_windows_are_found(catalog: Catalog, start: str, end: str, tag: str) -> None:
    assert find_window(start, end, catalog).tag == tag


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("11:00", "13:00"), ("10:00", "14:00"), ("12:00", "10:00"), ("12:00", "12:30"),
        ("12:30", "14:00"), ("10:00", "00:00"), ("10:00", "24:00"), ("00:00", "02:00"),
        ("24:00", "02:00"), ("8:00", "10:00"), ("10", "12"), ("10:00:00", "12:00"),
        ("", ""), ("noon", "two"), (" 10:00", "12:00"), ("10:00", "12:00\n"), ("22:00", "0:00"),
    ],
)  # fmt: skip
def test_other_hours_are_refused_and_the_seven_named(
    catalog: Catalog, start: str, end: str
) -> None:
    with pytest.raises(InputError) as refused:
        find_window(start, end, catalog)
    assert str(refused.value) == f"{start}-{end} is not a business window: choose one of {SEVEN}."


@given(st.text(max_size=6), st.text(max_size=6))
def test_any_text_finds_a_window_or_is_refused(start: str, end: str) -> None:
    catalog = load_catalog()
    hours = {window.hours for window in catalog.windows} | {"22:00-00:00"}
    if f"{start}-{end}" in hours:
        find_window(start, end, catalog)
    else:
        with pytest.raises(InputError, match=SEVEN):
            find_window(start, end, catalog)


# --- windows by a moment ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "tag"),
    [
        ("2026-02-01T10:00", "window_1012"),
        ("2026-02-01T11:59:59.999999", "window_1012"),
        ("2026-02-01T12:00", "window_1214"),
        ("2026-02-01T13:17", "window_1214"),
        ("2026-02-01T22:00", "window_2224"),
        ("2026-02-01T23:59:59.999999", "window_2224"),
    ],
)
def test_a_moment_belongs_to_the_window_that_contains_it(
    catalog: Catalog, moment: str, tag: str
) -> None:
    found = window_at(_local(moment), catalog)
    assert found is not None
    assert (found[0], found[1].tag) == (date(2026, 2, 1), tag)


@pytest.mark.parametrize(
    "moment", ["2026-02-01T00:00", "2026-02-01T03:00", "2026-02-01T09:59:59.999999"]
)
def test_outside_business_hours_is_no_window(catalog: Catalog, moment: str) -> None:
    assert window_at(_local(moment), catalog) is None


@pytest.mark.parametrize(
    ("utc", "day", "tag"),
    [
        # Without daylight saving time, UTC-3: late evening is the next day in UTC.
        ("2026-02-02T02:30", date(2026, 2, 1), "window_2224"),
        ("2026-02-01T13:00", date(2026, 2, 1), "window_1012"),
        ("2018-11-03T14:59", date(2018, 11, 3), "window_1012"),
        # Daylight saving time began on 2018-11-04 at 00:00: UTC-2 from then on.
        ("2018-11-04T12:00", date(2018, 11, 4), "window_1012"),
        ("2018-11-04T14:00", date(2018, 11, 4), "window_1214"),
        ("2018-11-05T01:59", date(2018, 11, 4), "window_2224"),
        # It ended on 2019-02-17 at 00:00; the 16th had its 23rd hour twice.
        ("2019-02-16T12:00", date(2019, 2, 16), "window_1012"),
        ("2019-02-17T01:30", date(2019, 2, 16), "window_2224"),
        ("2019-02-17T02:30", date(2019, 2, 16), "window_2224"),
        ("2019-02-17T12:59", None, None),
        ("2019-02-17T13:00", date(2019, 2, 17), "window_1012"),
    ],
)
def test_hours_are_those_of_the_time_zone_database(
    catalog: Catalog, utc: str, day: date | None, tag: str | None
) -> None:
    found = window_at(datetime.fromisoformat(utc).replace(tzinfo=UTC), catalog)
    assert (found and (found[0], found[1].tag)) == (day and (day, tag))


@given(MOMENTS)
def test_a_moment_has_a_window_from_ten_to_midnight_and_the_date_it_has_there(
    moment: datetime,
) -> None:
    found = window_at(moment, load_catalog())
    local = moment.astimezone(TIME_ZONE)
    assert (found is not None) == (local.hour >= 10)
    if found:
        day, window = found
        assert day == local.date() == business_date(moment)
        assert window.start_hour <= local.hour < window.end_hour


@given(st.dates(FIRST_DATE, LAST_DATE), st.sampled_from(load_catalog().windows))
def test_a_window_starts_within_itself(day: date, window: object) -> None:
    catalog = load_catalog()
    chosen = next(w for w in catalog.windows if w == window)
    start = window_start(day, chosen)
    assert start.tzinfo is not None
    assert window_at(start, catalog) == (day, chosen)
    before = window_at(start.astimezone(UTC) - timedelta(microseconds=1), catalog)
    assert before is None or before[1] != chosen


def test_the_business_date_is_the_one_in_brazil() -> None:
    assert business_date(datetime(2026, 2, 2, 2, 59, tzinfo=UTC)) == date(2026, 2, 1)
    assert business_date(datetime(2026, 2, 2, 3, 0, tzinfo=UTC)) == date(2026, 2, 2)
    assert business_date(datetime(2019, 1, 2, 2, 0, tzinfo=UTC)) == date(2019, 1, 2)


# --- dates, units, seeds ---------------------------------------------------------------------


@given(st.dates(FIRST_DATE, LAST_DATE))
def test_a_date_reads_back_as_it_is_written(day: date) -> None:
    assert parse_date(day.isoformat()) == day


@pytest.mark.parametrize(
    "text", ["2026-02-30", "2025-02-29", "2026-13-01", "03/02/2026", "2026-02", "", "today",
             "2026-02-01T10:00", " 2026-02-01", "2026-02-01 "],
)  # fmt: skip
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_date(text)
    assert str(refused.value) == f"{text!r} is not a date: write YYYY-MM-DD, such as 2026-02-01."


@pytest.mark.parametrize("text", ["2009-12-31", "2100-01-01", "9999-12-31", "0001-01-01"])
def test_dates_out_of_range_are_refused(text: str) -> None:
    with pytest.raises(InputError, match="dates run from 2010-01-01 to 2099-12-31"):
        parse_date(text)


@given(st.dates(FIRST_DATE, date(2099, 1, 1)), st.integers(0, 400))
def test_a_range_has_every_date_once(first: date, length: int) -> None:
    last = min(first + timedelta(days=length), LAST_DATE)
    dates = dates_between(first, last)
    assert (dates[0], dates[-1], len(dates)) == (first, last, (last - first).days + 1)
    assert sorted(set(dates)) == list(dates)


def test_a_range_that_runs_backwards_is_refused() -> None:
    with pytest.raises(InputError, match="runs backwards: 2026-01-31 comes before 2026-02-01"):
        dates_between(date(2026, 2, 1), date(2026, 1, 31))


@pytest.mark.parametrize("units", [1, 50, MAX_UNIT])
def test_possible_numbers_of_units_pass(units: int) -> None:
    assert check_units(units) == units


@pytest.mark.parametrize("units", [0, -1, MAX_UNIT + 1])
def test_impossible_numbers_of_units_are_refused(units: int) -> None:
    refusal = f"{units} units are not possible: ask for 1 to {MAX_UNIT}"
    with pytest.raises(InputError, match=refusal):
        check_units(units)


@pytest.mark.parametrize("seed", [0, 42, MAX_SEED])
def test_possible_seeds_pass(seed: int) -> None:
    assert check_seed(seed) == seed


@pytest.mark.parametrize("seed", [-1, MAX_SEED + 1])
def test_impossible_seeds_are_refused(seed: int) -> None:
    with pytest.raises(InputError, match=f"Seed {seed} is not possible"):
        check_seed(seed)


def test_midnight_in_brazil_is_a_day_boundary_all_year(catalog: Catalog) -> None:
    for number in range(0, 4000, 7):
        day = date(2010, 1, 1) + timedelta(days=number)
        evening = datetime.combine(day, time(23, 30), tzinfo=TIME_ZONE)
        found = window_at(evening.astimezone(UTC), catalog)
        assert found is not None
        assert found[0] == day
