"""The panel's Storage page: the bucket browsed, objects looked at, manifests, quarantine, sizes."""

import dataclasses
import io
import os
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core import pipeline
from core.insight import bronze_rows, bucket
from core.operations.runs import RunHistory
from core.platform import Platform
from core.settings import Settings
from core.storage.object_names import (
    QUARANTINE_PREFIX,
    SALES_PREFIX,
    SalesName,
    day_prefix,
    manifest_name,
    sales_name,
)
from core.storage.object_store import NewObject
from core.storage.publish import Request, publish
from local_cloud.gateway import Gateway
from tests.support.panel_pages import everything, opened, pressed
from ui.shell import answer_cache
from ui.storage import sales_files

DAY = date(2026, 2, 1)
TAG = "window_1214"
HOURS = "12:00-14:00"
NAME = sales_name(SalesName("orders", DAY, 2, TAG))


@pytest.fixture(autouse=True)
def platform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Platform:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MRHEALTH_HOME", str(tmp_path / "home"))
    return Platform.of(Settings.from_mapping({"MRHEALTH_HOME": str(tmp_path / "home")}))


def upload(platform: Platform, units: int = 3, windows: int = 2) -> None:
    chosen = platform.catalog.windows[:windows]
    request = Request((DAY,), chosen, tuple(range(1, units + 1)))
    pipeline.upload(platform, request, datetime.now(UTC))


def look(**parameters: str) -> AppTest:
    return opened("storage", **{"day": "2026-02-01", **parameters})


def table(app: AppTest, column: str) -> pd.DataFrame:
    return next(frame.value for frame in app.dataframe if column in frame.value)


@pytest.mark.parametrize("view", sales_files.VIEWS)
def test_an_empty_bucket_says_what_to_do(view: str) -> None:
    app = look(view=view)
    assert not app.error
    assert any(
        word in everything(app)
        for word in ("**Generate**", "nothing was published", "Nothing is in quarantine")
    )


def test_files_are_counted_and_chosen_by_window_and_unit(platform: Platform) -> None:
    upload(platform)
    app = look()
    assert "12 files" in everything(app)
    assert list(table(app, "Windows")["Day"]) == ["2026-02-01"]
    assert table(app, "File")["File"].iloc[0] == "unit_001/window_1012/item_pedido.csv"
    by_window = next(frame.value for frame in app.dataframe if "Units" in frame.value.columns
                     and "Window" in frame.value.columns)  # fmt: skip
    assert dict(zip(by_window["Window"], by_window["Files"], strict=True)) == {
        "10:00-12:00": 6, HOURS: 6
    }  # fmt: skip
    chosen = look(window=HOURS, unit="002")
    assert list(table(chosen, "File")["File"]) == [
        "unit_002/window_1214/item_pedido.csv", "unit_002/window_1214/pedido.csv"
    ]  # fmt: skip
    found = look(find=platform.catalog.unit(3).name)
    assert [option for option in found.selectbox(key="unit").options if option != "all"] == ["003"]
    assert "No unit of this date matches 'zzz'." in everything(look(find="zzz"))


def test_a_day_without_files_leads_to_one_that_has_some(platform: Platform) -> None:
    upload(platform)
    app = look(day="2026-02-02")
    assert "no sales files of 2026-02-02" in everything(app)
    app.selectbox(key="jump").select(DAY).run()
    assert "12 files" in everything(app)


def test_a_long_list_comes_in_pages(platform: Platform) -> None:
    request = Request((DAY,), platform.catalog.windows[:3], tuple(range(1, 41)))
    publish(platform.store, request, platform.catalog)
    app = look(files_page="2")
    assert "201 to 240 of 240: 200 a page." in everything(app)
    assert len(table(app, "File")) == 40


def test_an_object_is_looked_at_down_to_its_rows(platform: Platform) -> None:
    upload(platform)
    app = look(object=NAME)
    assert "In Bronze since" in everything(app)
    assert "By no run of this panel's history" in everything(app)
    facts = dict(app.table[0].value.to_numpy().tolist())
    assert facts["CRC32C"] == platform.store.checksum(NAME)
    info = platform.store.find(NAME)
    assert info is not None
    assert facts["Generation"] == str(info.generation)
    lines = table(app, "Line")
    assert list(lines["Line"]) == [*range(2, 2 + int(facts["Rows"]))]
    assert set(lines["State"]) == {"✓ accepted"}
    assert len(table(app, "id_pedido")) == len(lines)
    assert platform.store.read(NAME).data.decode().strip() in [
        block.value.strip() for block in app.code
    ]


def test_the_run_that_took_an_object_to_bronze_is_named(platform: Platform) -> None:
    history = RunHistory(platform.settings.runs_file, lambda: datetime.now(UTC))
    page = opened("generate", day="2026-02-01", window=HOURS, units="2")
    run = pressed(page, "upload", history)
    assert f"By run {run.id}: {run.title}." in everything(look(object=NAME))
    platform.store.replace(NewObject(NAME, platform.store.read(NAME).data))
    assert "this one waits to be ingested" in everything(look(object=NAME))


@pytest.mark.parametrize(
    "name",
    ["raw/csv_sales/../../../warehouse.duckdb", "/etc/passwd"],
)  # fmt: skip
def test_an_address_cannot_name_a_file_outside_the_bucket(name: str, platform: Platform) -> None:
    upload(platform)
    app = look(object=name)
    (message,) = app.error
    assert "is not the name of an object here: names begin with raw/csv_sales/" in message.value
    assert "12 files" in everything(app)  # the rest of the page stands


def test_an_object_that_is_not_there_is_a_sentence(platform: Platform) -> None:
    upload(platform)
    (message,) = look(object=NAME.replace("unit_002", "unit_009")).error
    assert "is not in the bucket" in message.value


def test_bytes_of_any_kind_are_shown_as_text_or_numbers(platform: Platform) -> None:
    name = f"{day_prefix(DAY)}unit_001/pedido.csv"
    platform.store.replace(NewObject(name, b"caf\xe9;<script>alert(1)</script>\n"))
    app = look(object=name)
    assert "Some bytes are not UTF-8" in everything(app)
    assert any("caf\ufffd;<script>" in block.value for block in app.code)
    platform.store.replace(NewObject(name, b"\0" * 5_000))
    app = look(object=name)
    assert "hexadecimal" in everything(app)
    assert not app.error


def test_a_manifest_says_who_matches_and_who_does_not(platform: Platform) -> None:
    upload(platform)
    app = look(view="manifests", window=HOURS)
    assert "All 6 files are in the bucket as the manifest says" in everything(app)
    figures = {metric.label: metric.value for metric in app.metric}
    assert (figures["Units"], figures["Seed"]) == ("3", "20260201")
    orders = table(app, "Seed").query("File == 'pedido.csv'")["Rows"].sum()
    assert figures["Orders"] == str(orders)

    before = platform.store.read(NAME).data
    platform.store.replace(NewObject(NAME, before.swapcase()))
    app = look(view="manifests", window=HOURS)
    assert "1 of 6 files is not as the manifest says" in everything(app)
    first = table(app, "Seed").iloc[0]
    assert (first["Unit"], first["File"]) == (2, "pedido.csv")
    assert first["CRC32C by the manifest"] != first["CRC32C of the object"]

    platform.store.replace(NewObject(manifest_name(DAY, TAG), b"{"))
    (message,) = look(view="manifests", window=HOURS).error
    assert "is not a manifest" in message.value


def test_the_quarantine_is_shown_line_by_line(platform: Platform) -> None:
    upload(platform)
    before = platform.store.read(NAME).data
    platform.store.replace(NewObject(NAME, before + b"2;not;a;row\n"))
    pipeline.ingest_pending(platform, datetime.now(UTC))
    app = look(view="quarantine")
    assert "1 file has something in quarantine" in everything(app)
    lines = table(app, "Reason")
    assert list(lines["Line as it came"]) == ["2;not;a;row"]
    assert list(lines["Line"]) == [before.count(b"\n") + 1]
    app.button(key=f"open_{NAME}").click().run()
    assert "1 is refused" in str(app.table[0].value)
    empty = look(view="quarantine", day="2026-01-31", only_day="true")
    assert "Nothing of 2026-01-31 is in quarantine." in everything(empty)


def test_sizes_add_up_by_kind(platform: Platform) -> None:
    upload(platform)
    sizes = table(look(view="sizes"), "Kind")
    stored = platform.store.list("")
    assert sizes["Objects"].sum() == len(stored)
    assert sizes["Bytes"].sum() == sum(info.size for info in stored)
    by_kind = dict(zip(sizes["Kind"], sizes["Objects"], strict=True))
    assert (by_kind["Sales files (raw)"], by_kind["Manifests"]) == (12, 2)


def test_reference_data_is_a_table(platform: Platform) -> None:
    upload(platform)
    app = look(view="reference", reference="unidade.csv")
    assert list(table(app, "Nome_Unidade")["Nome_Unidade"]) == [
        platform.catalog.unit(unit).name for unit in (1, 2, 3)
    ]


def test_the_archive_has_the_chosen_files(platform: Platform) -> None:
    upload(platform)
    chosen = bucket.select_objects(platform.store.list(day_prefix(DAY)), TAG, None)
    zipped = bucket.zip_objects(platform.store, chosen)
    with zipfile.ZipFile(io.BytesIO(zipped)) as archive:
        assert sorted(archive.namelist()) == [info.name for info in chosen]
        assert archive.read(NAME) == platform.store.read(NAME).data


def test_a_shared_link_means_the_same_in_portuguese(platform: Platform) -> None:
    upload(platform)
    app = look(view="manifests", window=HOURS, lang="pt-BR")
    assert "Todos os 6 arquivos" in everything(app)
    assert app.title[0].value == "Armazenamento"


@pytest.fixture
def cloud(cloud_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Platform:
    """The platform of a panel on Google Cloud, whose objects nobody else takes to Bronze."""
    found = cloud_settings.cloud
    assert found
    for name, value in {
        "MRHEALTH_DATASET_PREFIX": cloud_settings.dataset_prefix,
        "GCP_PROJECT_ID": found.project,
        "GCS_BUCKET_NAME": found.bucket,
        "STORAGE_EMULATOR_HOST": found.storage_host,
        "BIGQUERY_EMULATOR_HOST": found.bigquery_host,
    }.items():
        monkeypatch.setenv(name, value)
    return dataclasses.replace(Platform.of(cloud_settings), has_events=False)


def test_on_google_cloud_only_what_is_looked_at_is_listed(
    cloud: Platform, gateway: Gateway
) -> None:
    upload(cloud)
    app = look(object=NAME)
    answer_cache.forget()
    gateway.journal.clear()
    app.run()
    # Manifests, the date's files (CSV, Parquet), and announcements: is the object a stray?
    assert gateway.counts().class_a == 4
    gateway.journal.clear()
    app.run()
    assert not gateway.log  # kept
    assert "In Bronze since" in everything(app)
    assert len(table(app, "id_pedido")) == len(table(app, "Line")) > 0
    written = dict(app.table[0].value.to_numpy().tolist())["Written"]
    assert written.startswith(f"{datetime.now(UTC):%Y-}")
    assert "All 6 files are in the bucket" in everything(look(view="manifests", window=HOURS))
    counting = look(view="sizes")
    answer_cache.forget()
    gateway.journal.clear()
    counting.run()
    assert gateway.counts().class_a == 0
    counting.toggle(key="count_all").set_value(True).run()
    assert table(counting, "Kind")["Objects"].sum() == len(cloud.store.list(""))


def test_on_google_cloud_a_window_is_put_right_too(cloud: Platform) -> None:
    upload(cloud)
    cloud.store.delete(NAME)
    parameters = {"day": "2026-02-01", "look": "2026-02-01", "look_window": HOURS}
    app = opened("bronze", days="7", look_unit="002", **parameters)
    assert any(block.value.count("gcloud storage cp 'gs://") == 1 for block in app.code)
    history = RunHistory(cloud.settings.runs_file, lambda: datetime.now(UTC))
    pressed(app, "fill", history)
    assert cloud.store.find(NAME)
    found = bronze_rows.bronze_rows(cloud.warehouse, NAME)
    assert found is not None
    assert found.count > 0


def test_entries_that_cannot_be_read_are_shown_with_their_reason(platform: Platform) -> None:
    upload(platform)
    folder = (platform.settings.bucket_folder / NAME).parent
    (folder / ".#pedido.csv").symlink_to("nowhere")
    (folder / os.fsdecode(b"caf\xe9.csv")).touch()
    storage_page = look()
    assert not storage_page.exception
    assert table(storage_page, "Reason")["Reason"].tolist() == [
        "it is a link to something that is not there", "its name is not UTF-8",
    ]  # fmt: skip
    bronze = opened("bronze", day="2026-02-01")
    assert (
        "2 entries of the bucket cannot be read, and are not loaded, such as raw/csv_sales"
        in everything(bronze)
    )


def test_what_a_deleted_file_left_in_quarantine_is_settled_from_there(platform: Platform) -> None:
    upload(platform)
    platform.store.replace(NewObject(NAME, b"a;b\n"))
    pipeline.ingest_pending(platform, datetime.now(UTC))
    assert "settle" not in [button.key for button in look(view="quarantine").button]
    platform.store.delete(NAME, NAME.replace("pedido", "item_pedido"))
    history = RunHistory(platform.settings.runs_file, lambda: datetime.now(UTC))
    run = pressed(look(view="quarantine"), "settle", history)
    assert (run.kind, run.error) == ("settle", "")
    assert not platform.store.list(QUARANTINE_PREFIX)


def test_a_file_that_no_manifest_names_is_deleted_after_a_question(platform: Platform) -> None:
    upload(platform)
    odd = f"{SALES_PREFIX}notes.csv"
    platform.store.replace(NewObject(odd, b"a;b\n"))
    assert "delete" not in [button.key for button in look(object=NAME).button]
    app = look(object=odd)
    app.button(key="delete").click().run()
    history = RunHistory(platform.settings.runs_file, lambda: datetime.now(UTC))
    assert not pressed(app, "delete_confirm", history).error
    assert not platform.store.find(odd)
    assert platform.store.find(NAME)
