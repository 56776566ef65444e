"""Overview and Generate say what kind of day a date is."""

from datetime import date

import pytest

from core.generation.catalog import load_catalog
from core.generation.orders import DEFAULT_SEED
from core.generation.rhythm.kind_of_day import expected_orders
from tests.support.panel_pages import everything, history, opened, platform

__all__ = ["history", "platform"]  # fixtures

CATALOG = load_catalog()


@pytest.mark.parametrize(
    ("language", "kind"),
    [
        ("en", "Saturday before Carnival, summer, campaign *Sucos de verão*"),
        ("pt-BR", "Sábado antes de Carnaval, verão, campanha *Sucos de verão*"),
    ],
)
def test_overview_and_generate_say_what_kind_of_day_it_is(language: str, kind: str) -> None:
    for page in ("overview", "generate"):
        app = opened(page, day="2027-02-06", lang=language)
        assert kind in [element.value for element in app.markdown]


def test_the_orders_to_expect_are_those_of_the_fields() -> None:
    left_out = "The weather, which depends on the seed, is left out."
    shown = everything(opened("overview", day="2026-02-15", sim_units="20"))
    assert "orders are expected of 20 units" in shown
    assert left_out in shown
    shown = everything(
        opened("generate", day="2026-02-15", window=["12:00-14:00"], units="1", seed="9")
    )
    found = expected_orders(date(2026, 2, 15), CATALOG.windows[1:2], (1,), 9, CATALOG)
    assert f"About {round(found.orders)} orders are expected of 1 unit" in shown
    assert left_out not in shown


def test_overview_expects_orders_without_the_weather_of_any_seed() -> None:
    day, units = date(2026, 2, 15), range(1, 21)
    found = expected_orders(day, CATALOG.windows, units, None, CATALOG)
    shown = everything(opened("overview", day=f"{day}", sim_units="20"))
    assert f"About {round(found.orders)} orders are expected of 20 units" in shown
    seeds = [expected_orders(day, CATALOG.windows, units, seed, CATALOG) for seed in (1, 2)]
    assert len({round(one.orders) for one in (found, *seeds)}) == 3
    assert {one.ordinary for one in seeds} == {found.ordinary}


def test_several_days_have_a_table_of_their_kinds() -> None:
    app = opened("generate", day="2026-02-13", dates="3", units="50", window=["10:00-12:00"])
    assert "2026-02-13: Friday, summer" in everything(app)
    (table,) = [one.value for one in app.dataframe if "Kind of day" in one.value]
    assert table["Kind of day"].tolist() == [
        "Friday, summer", "Saturday before Carnival, summer", "Sunday before Carnival, summer",
    ]  # fmt: skip
    assert table["Day"].astype(str).tolist() == ["2026-02-13", "2026-02-14", "2026-02-15"]
    window = CATALOG.windows[:1]
    for day, orders in zip(table["Day"], table["Expected orders"], strict=True):
        found = expected_orders(day, window, range(1, 51), DEFAULT_SEED, CATALOG)
        assert orders == round(found.orders)
