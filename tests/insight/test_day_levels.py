"""The levels of dates and windows with their parts, as means over units."""

from datetime import date

import pytest

from core.generation.catalog import load_catalog
from core.generation.rhythm.level import level_of_parts, parts_of
from core.insight import day_levels as module
from core.insight.day_levels import day_levels, mean_of_windows

CATALOG = load_catalog()
UNITS, SEED = (1, 2, 3, 9, 1250), 7
DAYS = (date(2026, 2, 14), date(2026, 7, 18), date(2026, 12, 25))


@pytest.mark.parametrize("at_once", [1, 10**6])
def test_each_part_is_the_mean_of_the_units_parts(
    at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_CELLS_AT_ONCE", at_once)
    windows = CATALOG.windows[1:4:2]
    found = list(day_levels(DAYS, windows, UNITS, SEED, CATALOG))
    assert [(one.day, one.window) for one in found] == [(d, w) for d in DAYS for w in windows]
    for one in found:
        of_units = [parts_of(one.day, one.window, unit, SEED, CATALOG) for unit in UNITS]
        assert sum(one.parts.values()) == pytest.approx(one.level)
        shares = {name: value for name, value in one.parts.items() if name != "limit"}
        assert shares == pytest.approx({
            name: sum(of_unit[name] for of_unit in of_units) / len(UNITS) for name in of_units[0]
        })  # fmt: skip
        levels = [level_of_parts(parts) for parts in of_units]
        assert one.level == pytest.approx(sum(levels) / len(UNITS))
        least, most = one.window.min_orders, one.window.max_orders
        assert one.orders == pytest.approx(
            sum(least + (most - least) * level / 1000 for level in levels)
        )


def test_a_date_is_the_mean_of_its_windows_by_their_ranges() -> None:
    found = list(day_levels(DAYS[:1], CATALOG.windows, UNITS, SEED, CATALOG))
    whole = mean_of_windows(found)
    least, most = (
        len(UNITS) * sum(getattr(window, name) for window in CATALOG.windows)
        for name in ("min_orders", "max_orders")
    )
    assert whole.orders == pytest.approx(sum(one.orders for one in found))
    assert whole.orders == pytest.approx(least + (most - least) * whole.level / 1000)
    assert whole.parts.keys() == found[0].parts.keys()
