"""What kind of day a date is, in both languages, and its orders against an ordinary week."""

from datetime import date

import numpy as np
import pytest

from core.generation.catalog import load_catalog
from core.generation.cells import window_cells
from core.generation.orders import DEFAULT_SEED
from core.generation.rhythm.kind_of_day import (
    ExpectedOrders,
    expected_orders,
    kind_of_day,
    ordinary_levels,
)
from core.generation.rhythm.level import level_of_parts, levels, parts_of
from core.generation.rhythm.profiles import load_profiles, profile_of
from core.messages import message
from ui.shell import language
from ui.style.sentences import sentence

CATALOG = load_catalog()
DAYS = [
    ("2027-02-06", "Saturday before Carnival, summer, campaign Sucos de verão",
     "Sábado antes de Carnaval, verão, campanha Sucos de verão"),
    ("2026-02-15", "Sunday before Carnival, summer", "Domingo antes de Carnaval, verão"),
    ("2026-02-17", "Tuesday, Carnival, summer", "Terça-feira, Carnaval, verão"),
    ("2026-12-26", "Saturday after Christmas Day, summer", "Sábado depois de Natal, verão"),
    ("2026-03-17", "Tuesday, summer", "Terça-feira, verão"),
    ("2026-11-15",
     "Sunday, Republic Day, Our Lady of Rocio (PR), spring",
     "Domingo, Proclamação da República, Nossa Senhora do Rocio (PR), primavera"),
    ("2026-07-18", "Saturday, winter, campaign Semana da tainha (SC)",
     "Sábado, inverno, campanha Semana da tainha (SC)"),
    ("2026-09-19", "Saturday before Gaucho Day (RS), winter",
     "Sábado antes de Dia do Gaúcho (RS), inverno"),
    ("2099-12-31", "Thursday before New Year's Day, summer",
     "Quinta-feira antes de Confraternização Universal, verão"),
]  # fmt: skip


@pytest.mark.parametrize(("day", "english", "portuguese"), DAYS, ids=[day for day, *_ in DAYS])
def test_people_read_weekday_holidays_season_and_campaigns(
    day: str, english: str, portuguese: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = kind_of_day(date.fromisoformat(day), CATALOG)
    assert found.sentence == english
    monkeypatch.setattr(language, "current", lambda: "pt-BR")
    assert sentence(found.sentence) == portuguese


@pytest.mark.parametrize("day", ["2026-02-16", "2026-07-18", "2026-03-17"])
def test_an_ordinary_week_has_no_holiday_no_campaign_and_no_weather(day: str) -> None:
    at, units = date.fromisoformat(day), range(1, 31)
    cells = window_cells((at,), CATALOG.windows, units)
    place = ((window, unit) for window in CATALOG.windows for unit in units)
    profiles = load_profiles(CATALOG)
    for (window, unit), level in zip(place, ordinary_levels(cells, CATALOG).tolist(), strict=True):
        parts = dict(parts_of(at, window, unit, DEFAULT_SEED, CATALOG))
        if parts["holiday"]:  # the profile has its weekday's part instead of that of a holiday
            profile = profiles.names.index(profile_of(unit, CATALOG))
            of_weekday = int(profiles.weekday[profile, at.weekday()])
            parts["profile"] += of_weekday - int(profiles.holiday[profile])
        parts |= {"holiday": 0, "campaign": 0, "weather": 0}
        assert level == level_of_parts(parts)


def test_expected_orders_are_those_of_the_levels() -> None:
    day, units = date(2026, 2, 15), (1, 2, 7, 1250)
    found = expected_orders(day, CATALOG.windows, units, DEFAULT_SEED, CATALOG)
    cells = window_cells((day,), CATALOG.windows, units)
    level = levels(cells, DEFAULT_SEED, CATALOG) / 1000
    least, most = cells.orders_min.astype(np.int64), cells.orders_max.astype(np.int64)
    assert found.orders == pytest.approx((least + level * (most - least)).sum())
    assert found.orders > found.ordinary
    lunch = expected_orders(day, CATALOG.windows[1:2], units, DEFAULT_SEED, CATALOG)
    assert 3 * len(units) <= lunch.orders <= 5 * len(units)


@pytest.mark.parametrize(
    ("mean", "english", "portuguese"),
    [
        (1071.2, "1,071; 7.1% more than the 1,000 of", "1.071; 7,1% mais que os 1.000 do"),
        (950.0, "950; 5.0% fewer than the 1,000 of", "950; 5,0% menos que os 1.000 do"),
        (1000.4, "1,000; as on", "1.000; como no"),
    ],
)
def test_the_comparison_is_a_sentence(
    mean: float, english: str, portuguese: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = ExpectedOrders(mean, 1000.0).describe(50)
    orders, compared = english.split("; ")
    assert said == (
        f"About {orders} orders are expected of 50 units, {compared}"
        " the same weekday in an ordinary week."
    )
    monkeypatch.setattr(language, "current", lambda: "pt-BR")
    orders, compared = portuguese.split("; ")
    assert sentence(said) == (
        f"São esperados cerca de {orders} pedidos de 50 unidades, {compared}"
        " mesmo dia da semana numa semana comum."
    )
    without = ExpectedOrders(mean, 1000.0, has_weather=False).describe(50)
    assert sentence(without) == f"{sentence(said)} O clima, que depende da semente, fica de fora."
    assert sentence(message("day.name", names=["a", "b"])) == "b"
