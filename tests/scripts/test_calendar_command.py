"""`calendar.py`: the truth behind the data, as text and as CSV."""

import csv
import io

import pytest

from core.generation.catalog import load_catalog
from tests.support.scenes import script

CALENDAR = "calendar.py"


def test_csv_has_a_row_a_date_and_window_with_all_parts() -> None:
    done = script(
        CALENDAR, "--from", "2027-02-05", "--to", "2027-02-06", "--format", "csv", "--units", "20",
        env={"PYTHONSAFEPATH": "1"},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    found = list(csv.DictReader(io.StringIO(done.stdout)))
    hours = [window.hours for window in load_catalog().windows]
    assert [(row["date"], row["window"]) for row in found] == [
        (day, hour) for day in ("2027-02-05", "2027-02-06") for hour in hours
    ]
    parts = ("base", "weekday", "season", "growth", "holiday", "campaign", "profile", "size",
             "weather", "limit")  # fmt: skip
    for row in found:
        total = sum(float(row[name]) for name in parts)
        assert float(row["level"]) == pytest.approx(total, abs=0.6)  # eleven rounded values
    assert found[-1]["kind_of_day"] == "Saturday before Carnival, summer, campaign Sucos de verão"


def test_text_has_a_line_a_date_and_the_seed_moves_only_the_weather() -> None:
    first, other = (
        script(CALENDAR, "--date", "2026-02-15", "--seed", seed).stdout.splitlines()
        for seed in ("1", "2")
    )
    assert len(first) == 4
    names = first[2].split("kind")[0].split()
    one, two = (
        dict(zip(names, lines[3].split(), strict=False)) for lines in (first, other)
    )  # fmt: skip
    assert {name for name in names if one[name] != two[name]} <= {
        "level",
        "weather",
        "limit",
        "orders",
    }
    assert one["weather"] != two["weather"]
    assert first[3].endswith("  Sunday before Carnival, summer")


def test_one_unit_has_a_line_with_its_name_profile_and_size() -> None:
    done = script(CALENDAR, "--date", "2026-02-15", "--unit", "2")
    assert done.stdout.splitlines()[0] == (
        "# Unit 2: Mr. Health - Florianópolis; profile beach; size -6 per mille."
    )


def test_help_says_the_defaults_of_the_range() -> None:
    said = " ".join(script(CALENDAR, "--help").stdout.split())
    assert "first date (default: the date of --to, or else today in São Paulo)" in said
    assert "last date (default: today in São Paulo, or the date of --from where" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--window", "12-13"), "12-13 is not a business window: choose one of 10:00-12:00"),
        (("--unit", "7", "--units", "9"), "--unit does not go with --units"),
        (("--unit", "0"), "0 units are not possible"),
        (("--from", "2026-02-02", "--to", "2026-02-01"), "The range runs backwards"),
    ],
)
def test_what_is_not_possible_is_a_sentence(arguments: tuple[str, ...], said: str) -> None:
    done = script(CALENDAR, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: ")
    assert said in done.stderr
