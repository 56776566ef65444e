"""Holidays are those of the package `holidays`, for each date and state, with eve and day after."""

import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from holidays import OPTIONAL, PUBLIC
from holidays.countries.brazil import Brazil

from core.generation.catalog import DATA_FOLDER, load_catalog
from core.generation.cells import EPOCH
from core.generation.rhythm.holidays import (
    FILE,
    NATIONAL,
    days_by_rule,
    holiday_table,
    holidays_on,
    load_holidays,
)
from core.generation.windows import FIRST_DATE, LAST_DATE

SCRIPT = Path(__file__).parent.parent.parent / "scripts" / "bake_holidays.py"
CATALOG = load_catalog()
YEARS = range(FIRST_DATE.year, LAST_DATE.year + 1)
DAYS = [FIRST_DATE + timedelta(days=n) for n in range((LAST_DATE - FIRST_DATE).days + 1)]
LEFT_OUT = {"Dia do Servidor Público", "Véspera de Natal", "Véspera de Ano-Novo"}


def of_package(abbreviation: str, language: str = "pt_BR") -> dict[date, set[str]]:
    """Names of the package's holidays by day, in a state, with Easter."""
    found = Brazil(
        subdiv=abbreviation, years=YEARS, categories=(PUBLIC, OPTIONAL), language=language
    )
    named = {day: set(found.get_list(day)) - LEFT_OUT for day in sorted(found)}
    for day in [day for day, names in named.items() if "Sexta-feira Santa" in names]:
        named.setdefault(day + timedelta(days=2), set()).add("Páscoa")
    return {day: names for day, names in named.items() if names}


@pytest.mark.parametrize("state_id", CATALOG.states)
def test_each_date_and_state_has_the_holidays_of_the_package(state_id: int) -> None:
    expected = of_package(CATALOG.states[state_id].abbreviation)
    found: dict[date, set[str]] = {}
    for day in DAYS:
        of_day = holidays_on(day, state_id, CATALOG)
        if names := {one.holiday.name_pt for one in of_day if one.kind == "holiday"}:
            found[day] = names
    assert found == expected


ENGLISH = {
    "Universal Fraternization Day": "New Year's Day",
    "Worker's Day": "Workers' Day",
    "Republic Proclamation Day": "Republic Day",
}


def test_english_names_are_those_of_the_package_or_usual_ones() -> None:
    found = Brazil(subdiv="SC", years=2026, categories=(PUBLIC, OPTIONAL), language="en_US")
    for day in sorted(found):
        names = {ENGLISH.get(name, name) for name in found.get_list(day)}
        for one in holidays_on(day, 2, CATALOG):
            assert one.kind != "holiday" or one.holiday.name_en in names
    assert set(ENGLISH.values()) <= {one.name_en for one in load_holidays(CATALOG)}


def test_the_table_says_of_each_day_what_people_read() -> None:
    table, holidays = holiday_table(CATALOG), load_holidays(CATALOG)
    for state_id, column in table.column.items():
        for row in range(0, len(DAYS), 3):  # of every weekday
            of_day = holidays_on(DAYS[row], state_id, CATALOG)
            in_table = [
                (holidays[place[row, column] - 1], kind)
                for kind, place in table.place.items()
                if place[row, column]
            ]
            assert in_table == [tuple(one) for one in of_day[:1]]
    assert EPOCH + timedelta(days=table.first_day) == FIRST_DATE


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-02-15", [("carnival_monday", NATIONAL, "eve")]),
        ("2026-02-17", [("carnival_tuesday", NATIONAL, "holiday")]),
        ("2026-02-19", [("ash_wednesday", NATIONAL, "after")]),
        ("2026-04-02", [("good_friday", NATIONAL, "eve")]),
        ("2026-04-04", [("easter_sunday", NATIONAL, "eve"), ("good_friday", NATIONAL, "after")]),
        ("2019-04-21", [("easter_sunday", NATIONAL, "holiday"),
                        ("tiradentes_day", NATIONAL, "holiday")]),
        ("2026-06-05", [("corpus_christi", NATIONAL, "after")]),
        ("2026-09-19", [("gaucho_day", "RS", "eve")]),
        ("2023-11-20", []),
        ("2024-11-20", [("national_day_of_zumbi_and_black_awareness", NATIONAL, "holiday")]),
        ("2013-12-19", [("political_emancipation_of_parana", "PR", "holiday")]),
        ("2014-12-19", []),
        ("2099-12-31", [("new_years_day", NATIONAL, "eve")]),
        ("2026-07-08", []),
    ],
)  # fmt: skip
def test_a_day_is_a_holiday_its_eve_or_the_day_after(
    day: str, expected: list[tuple[str, str, str]]
) -> None:
    of_day = holidays_on(date.fromisoformat(day), None, CATALOG)
    assert [(one.holiday.code, one.scope, one.kind) for one in of_day] == expected


def test_a_holiday_of_one_state_is_a_plain_day_in_another() -> None:
    gaucho = date(2026, 9, 20)
    assert [len(holidays_on(gaucho, state, CATALOG)) for state in (1, 2, 3)] == [1, 0, 0]


@pytest.mark.parametrize("rule", ["", "13-01-02", "easter47", "easter+", "monday from 01-01"])
def test_a_rule_of_no_known_form_is_refused(rule: str) -> None:
    with pytest.raises(ValueError, match="no rule of a holiday"):
        days_by_rule(rule)


@pytest.mark.processes
def test_baking_makes_the_file_of_the_project_and_refuses_to_overwrite_it(tmp_path: Path) -> None:
    for code in (0, 2):
        done = subprocess.run(
            [sys.executable, str(SCRIPT), "--output-dir", str(tmp_path)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == code, done.stderr
    assert "--force" in done.stderr
    assert (tmp_path / FILE).read_bytes() == (DATA_FOLDER / FILE).read_bytes()
