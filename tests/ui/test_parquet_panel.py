"""The panel and the diagnostics where a date is in Parquet."""

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.insight.diagnostics.arrivals import pending
from core.insight.diagnostics.checks import CheckContext, State
from core.insight.diagnostics.doubled import duplicates, mixed
from core.insight.diagnostics.machine import clock
from core.pipeline import ingest_pending
from core.platform import Platform
from core.settings import Settings
from core.storage.object_names import parquet_manifest_name, parquet_name
from core.storage.object_store import NewObject
from core.storage.publish import Request, publish
from core.storage.publish_parquet import publish_day
from tests.support.diagnosed import case_of
from tests.support.panel_pages import everything, opened

DAY = date(2026, 2, 1)
ITEMS, ORDERS = (parquet_name(kind, DAY) for kind in ("order_items", "orders"))
ALL = "all units (Parquet)"


@pytest.fixture(autouse=True)
def platform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Platform:
    """A platform with one date of three units, in Bronze."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MRHEALTH_HOME", str(tmp_path / "home"))
    made = Platform.of(Settings.from_mapping({"MRHEALTH_HOME": str(tmp_path / "home")}))
    publish_day(made.store, _request(made), made.catalog)
    ingest_pending(made, datetime.now(UTC))
    return made


def _request(platform: Platform, units: tuple[int, ...] = (1, 2, 3)) -> Request:
    return Request((DAY,), platform.catalog.windows[:2], units)


def _fine(app: AppTest) -> str:
    assert not app.error
    assert not app.exception
    return everything(app)


def test_overview_and_bronze_show_all_units_together() -> None:
    assert ALL in _fine(opened("overview", day="2026-02-01"))
    app = opened("bronze", day="2026-02-01", days="7", look="2026-02-01", look_window="parquet")
    text = _fine(app)
    assert "A day in Parquet is put right as a whole" in text
    lines = next(frame.value for frame in app.dataframe if "Rejected" in frame.value)
    assert list(lines["Unit"]) == ["all", "all"]
    assert app.selectbox(key="look_unit").options == ["all"]


def test_a_quarantined_file_leads_to_its_day(platform: Platform) -> None:
    platform.store.replace(NewObject(ORDERS, b"no Parquet"))
    ingest_pending(platform, datetime.now(UTC) + timedelta(minutes=1))
    assert "cannot be read as Parquet" in _fine(
        opened("storage", day="2026-02-01", view="quarantine")
    )


def test_storage_counts_and_shows_its_objects_and_its_manifest() -> None:
    app = opened("storage", day="2026-02-01")
    assert "2 files" in _fine(app)
    files = next(frame.value for frame in app.dataframe if "File" in frame.value)
    assert list(files["File"]) == ["item_pedido.parquet", "pedido.parquet"]
    assert set(files["Window"]) == {ALL}
    seen = opened("storage", day="2026-02-01", object=ORDERS)
    assert "rows" in _fine(seen)
    rows = next(frame.value for frame in seen.dataframe if "Id_Pedido" in frame.value)
    assert set(rows["Id_Unidade"]) == {"1", "2", "3"}
    manifest = opened("storage", day="2026-02-01", view="manifests")
    text = _fine(manifest)
    assert "All 2 files are in the bucket as the manifest says" in text
    assert any(metric.label == "Units" and metric.value == "3" for metric in manifest.metric)
    sizes = opened("storage", view="sizes")
    kinds = next(frame.value for frame in sizes.dataframe if "Kind" in frame.value)
    assert dict(zip(kinds["Kind"], kinds["Objects"], strict=True))["Sales in Parquet (raw)"] == 2


def _case(platform: Platform) -> CheckContext:
    return case_of(platform, datetime(2026, 2, 2, 12, tzinfo=UTC))


def test_diagnostics_find_what_is_mixed(platform: Platform) -> None:
    assert mixed(_case(platform)).state is State.FINE
    publish(platform.store, _request(platform, (2,)), platform.catalog, force=True)
    ingest_pending(platform, datetime.now(UTC) + timedelta(minutes=1))
    finding = mixed(_case(platform))
    assert finding.state is State.BROKEN
    assert "CSV files and Parquet data of unit 2" in finding.found
    assert set(finding.objects) == {ITEMS, ORDERS}
    doubled = duplicates(_case(platform))
    assert doubled.state is State.BROKEN
    # Bytes of two kinds are no copies of each other, so that nothing is proposed to go.
    assert (doubled.action, doubled.command) == ("storage", "")
    assert "whose bytes differ" in doubled.found
    platform.store.delete(*finding.objects, parquet_manifest_name(DAY))
    assert mixed(_case(platform)).state is State.FINE


def test_diagnostics_find_what_waits(platform: Platform) -> None:
    platform.store.replace(NewObject(ORDERS, platform.store.read(ORDERS).data))
    finding = pending(_case(platform))
    assert finding.found.startswith("1 object waits")
    path = platform.settings.bucket_folder / ORDERS
    os.utime(path, (4e9, 4e9))
    assert f"such as {ORDERS}" in clock(_case(platform)).found
