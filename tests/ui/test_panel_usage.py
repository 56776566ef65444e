"""The panel's Usage page: what happened, what a plan takes, the guide's table, prices."""

import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core.generation.orders import DEFAULT_SEED
from core.insight.usage import UsageScenario, forecast, prices
from core.operations.runs import RunHistory
from core.pipeline import upload
from core.platform import Platform
from core.settings import Settings
from core.storage.publish import Request
from tests.support.panel_pages import everything, held_by_another_process, opened, pressed
from tests.support.scenes import DAY, NOW, request, script
from ui.shell import session
from ui.style.format import percent

IN_MARCH = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def platform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Platform:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MRHEALTH_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(session, "now", lambda: IN_MARCH)
    return Platform.of(Settings.from_mapping({"MRHEALTH_HOME": str(tmp_path / "home")}))


def tables(app: AppTest) -> list[pd.DataFrame]:
    return [frame.value for frame in app.dataframe]


def table(app: AppTest, column: str) -> pd.DataFrame:
    """The first table that has a column."""
    return next(frame for frame in tables(app) if column in frame)


def cells(frame: pd.DataFrame) -> Mapping[str, list[str]]:
    """The cells of each line after its first."""
    return {row[0]: [plain(cell) for cell in row[1:]] for row in frame.to_numpy().tolist()}


def happened(app: AppTest) -> Mapping[str, list[str]]:
    """The cells of each line of the month's table."""
    return cells(table(app, "So far"))


def plan(app: AppTest) -> Mapping[str, list[str]]:
    """The cells of each line of the plan's table."""
    return cells(table(app, "A month"))


def plain(text: str) -> str:
    """A text of the page with plain spaces."""
    return text.replace("\u202f", " ")


def shown(app: AppTest) -> str:
    return plain(everything(app))


def figures(app: AppTest) -> dict[str, str]:
    return {metric.label: plain(metric.value) for metric in app.metric}


def test_without_anything_there_the_plan_is_still_told() -> None:
    app = opened("usage")
    assert not app.error
    assert "Nothing came to Bronze in 2026-03" in app.info[0].value
    assert "**Generate**" in app.info[0].value
    lines = plan(app)
    assert lines["Class A operations"] == ["22,568", "5,000", "451%", "US$ 0.09"]
    assert lines["Cloud Scheduler jobs"] == ["1", "3", "33%", "US$ 0.00"]
    assert lines["In all"][-1] == "US$ 0.09"
    assert r"50 units cost US\$ 0.09 a month." in shown(app)
    assert not any("So far" in frame for frame in tables(app))


def test_what_happened_is_told_with_the_whole_month(platform: Platform) -> None:
    upload(platform, request("window_1012", "window_1214", units=(1, 2, 3)), NOW)
    app = opened("usage", usage_month="2026-02")
    assert figures(app) == {
        "Windows": "2", "Objects to Bronze": "16", "Rows loaded": figures(app)["Rows loaded"],
        "Rebuilds": "0",
    }  # fmt: skip
    assert int(figures(app)["Rows loaded"]) > 16
    calls = happened(app)["Function calls"]  # 2 of the generator; 16 objects and 2 manifests
    assert calls[:2] == ["22", "22"]
    assert "12 sales objects" in shown(app)
    assert "0 wait for Bronze; 2 manifests" in shown(app)
    assert "100% of the month's windows have begun" in shown(app)
    assert "Nothing is billed here" in shown(app)
    assert "takes 4 Class A operations" in shown(app)


def test_a_month_that_goes_on_is_projected(platform: Platform) -> None:
    upload(platform, request("window_1012", units=(1, 2, 3)), IN_MARCH)
    lines = happened(opened("usage"))
    # Of 217 windows nine have begun: at noon of the second day the second window does.
    assert lines["Class A operations"][:2] == ["14", "338"]
    assert lines["In all"][0] == ""


def test_a_rebuild_of_the_panel_is_counted_once_looked_at_again(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload(platform, request("window_1012"), IN_MARCH)
    before = opened("usage")
    monkeypatch.setattr(session, "now", lambda: datetime.now(UTC))  # runs tell that they are alive
    history = RunHistory(platform.settings.runs_file, lambda: datetime.now(UTC))
    assert not pressed(opened("rebuild"), "rebuild_all", history).error
    monkeypatch.setattr(session, "now", lambda: IN_MARCH)
    assert figures(before)["Rebuilds"] == "0"
    month = f"{datetime.now(UTC):%Y-%m}"
    monkeypatch.setattr(session, "now", lambda: datetime.now(UTC))
    app = opened("usage", usage_month=month)
    assert figures(app)["Rebuilds"] == "1"
    app.button(key="usage_look").click().run()
    assert figures(app)["Rebuilds"] == "1"
    assert not app.exception


def test_the_form_changes_the_plan_and_stands_in_the_address(platform: Platform) -> None:
    address = {"usage_month": "2026-02", "usage_units": "500", "usage_rebuilds": "4",
               "usage_earlier": "30"}  # fmt: skip
    app = opened("usage", **address)
    expected = forecast(UsageScenario(500, 28, 7, 4, 30), platform.catalog)
    assert plan(app)["Class A operations"][0] == f"{expected.class_a:,}"
    app.number_input(key="usage_units").set_value(10).run()
    assert plan(app)["Class A operations"][0] == "4,704"
    assert "10 units cost nothing" in shown(app)
    app.toggle(key="usage_free_region").set_value(False).run()
    assert plan(app)["Class A operations"][1:] == ["0", "nothing is free", "US$ 0.02"]
    assert not app.exception


def test_the_limits_that_are_passed_are_named_with_their_units() -> None:
    said = shown(opened("usage", usage_month="2026-02"))
    assert "Free limits are passed by Class A operations from 11 units on" in said
    crossed = table(opened("usage", usage_month="2026-02"), "A free limit is passed")
    assert crossed.loc[crossed["Units"] == 11, "A free limit is passed"].tolist() == [
        "Class A operations"
    ]
    assert crossed["Units"].is_monotonic_increasing


def test_the_guide_s_rows_stand_beside_ours_whatever_the_form_says() -> None:
    guide = table(opened("usage", usage_units="7"), "Worked out here")
    assert guide["Guide: this feature"].tolist() == [
        "1", "~210 gen + ~10,500 csv-proc", "~21 MB", "~1.5 GB",
    ]  # fmt: skip
    assert plain(guide["Worked out here"][1]) == "210 generator + 21,420 csv-processor"
    assert "21,000 objects a month" in shown(opened("usage"))


def test_every_price_has_its_source_and_date() -> None:
    shown_prices = table(opened("usage"), "Source")
    assert shown_prices["Source"].tolist() == [each.source for each in prices()]
    assert set(shown_prices["Read"]) == {"2026-11"}
    assert "US$ 0.005 for 1,000 operations" in map(plain, shown_prices["Price beyond"])


def test_a_busy_warehouse_leaves_the_plan(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload(platform, request("window_1012"), IN_MARCH)
    monkeypatch.setenv("MRHEALTH_WAIT_S", "0.2")
    with held_by_another_process(platform.settings.warehouse_file):
        app = opened("usage")
        assert "is in use by process" in app.warning[0].value
        assert plan(app)["Cloud Scheduler jobs"][0] == "1"
    assert not opened("usage").warning


def test_on_google_cloud_it_says_what_it_cannot_know(
    cloud_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = cloud_settings.cloud
    assert found
    for name, value in {
        "MRHEALTH_DATASET_PREFIX": cloud_settings.dataset_prefix,
        "GCP_PROJECT_ID": found.project, "GCS_BUCKET_NAME": found.bucket,
        "GCP_REGION": "southamerica-east1", "STORAGE_EMULATOR_HOST": found.storage_host,
        "BIGQUERY_EMULATOR_HOST": found.bigquery_host,
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    platform = replace(Platform.of(Settings.from_mapping(os.environ)), has_events=False)
    upload(platform, request("window_1012"), IN_MARCH)
    app = opened("usage")
    assert not app.error
    assert figures(app)["Windows"] == "1"
    assert "Nothing is billed here" not in shown(app)
    assert "Bytes of queries are those of the rebuilds" in shown(app)
    assert plan(app)["Class A operations"][1:3] == ["0", "nothing is free"]


def test_the_command_prints_the_same_figures(platform: Platform) -> None:
    upload(platform, Request((DAY,), platform.catalog.windows[:1], (1, 2), DEFAULT_SEED), NOW)
    app = opened("usage", usage_month="2026-02", usage_units="500", usage_rebuilds="2")
    done = script("usage.py", "--month", "2026-02", "--units", "500", "--rebuilds", "2",
                  env={"MRHEALTH_HOME": str(platform.settings.home)})  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    first, second = done.stdout.split("Plan for 2026-02: ")
    for printed, lines in ((first, happened(app)), (second, plan(app))):
        for name, row in [*lines.items()][:-1]:
            (line,) = [text for text in printed.splitlines() if text.startswith(f"{name}  ")]
            for cell in row[:-2]:  # shares and dollars are rounded in another way
                assert cell.replace(" ", "") in line.replace(" ", "")


def test_the_command_says_what_is_wrong_and_makes_nothing(tmp_path: Path) -> None:
    home = {"MRHEALTH_HOME": str(tmp_path / "none")}
    wrong = script("usage.py", "--month", "February", env=home)
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert wrong.stderr == "error: 'February' is not a month: write YYYY-MM, such as 2026-02.\n"
    assert script("usage.py", "--region", "Mars", env=home).returncode == 2
    assert script("usage.py", env=home).returncode == 0
    assert "python scripts/usage.py" in script("usage.py", "--help").stdout
    assert script("usage.py", "--prices").stdout.count("https://cloud.google.com/") == len(prices())
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("value", "text"),
    [(16_829.4, "16,829%"), (428.4, "428%"), (33.3, "33%"), (1.07, "1.1%"), (0.288, "0.3%"),
     (0.0131, "0.01%"), (0.00042, "0.0004%")],
)  # fmt: skip
def test_a_share_has_as_many_digits_as_tell_something(value: float, text: str) -> None:
    assert plain(percent(value)) == text
