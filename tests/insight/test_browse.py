"""The bucket as people browse it: names that are refused, counts, comparisons, archives."""

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import pipeline
from core.bronze import quarantine
from core.errors import InputError, MissingObjectError, PlatformError
from core.generation.catalog import Catalog, load_catalog
from core.insight import bucket, file_view
from core.platform import Platform
from core.storage.manifest import read_manifest
from core.storage.object_names import OBJECT_KINDS, day_of, day_prefix, manifest_name
from core.storage.object_store import LocalStore, NewObject, StoredObject
from tests.support.scenes import DAY, NOW, ORDERS_NAME, ingest, request

PARTS = st.sampled_from(
    ["raw", "csv_sales", "quarantine", "..", ".", "", "/", "\\", "\0", "\n", "secret", "pedido.csv",
     "raw/csv_sales/", "quarantine/", "~", "C:", "%2e%2e"]
)  # fmt: skip
NAMES = st.lists(PARTS, max_size=8).map("/".join) | st.text(max_size=60)


@given(name=NAMES)
def test_no_name_leads_out_of_the_bucket(
    name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.getbasetemp() / "never" / "bucket"
    try:
        assert bucket.check_name(name) == name
    except InputError:
        return
    path = LocalStore(root).path(name)
    assert path.resolve().is_relative_to(root)
    assert "\\" not in name
    assert name.startswith(tuple(OBJECT_KINDS.values()))


@pytest.mark.parametrize(
    "name",
    ["raw/csv_sales/../../warehouse.duckdb", "raw/csv_sales/..", "/etc/passwd", "warehouse.duckdb",
     "raw/csv_sales//x.csv", "quarantine/./x", "raw/csv_sales/a\0b", "raw\\csv_sales\\x",
     "raw/csv_sales/" + "x" * 1_024, "raw/csv_sales/", "", ".staging/x"],
)  # fmt: skip
def test_a_name_outside_the_known_prefixes_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / "warehouse.duckdb").write_bytes(b"secret")
    with pytest.raises(InputError, match="is not the name of an object here"):
        bucket.read_object(LocalStore(tmp_path / "bucket"), name)


def test_what_is_not_there_or_too_large_is_a_sentence(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    with pytest.raises(MissingObjectError, match="is not in the bucket 'local'"):
        bucket.read_object(store, ORDERS_NAME)
    file = tmp_path / ORDERS_NAME
    file.parent.mkdir(parents=True)
    with file.open("wb") as large:
        large.truncate(bucket.MOST_BYTES + 1)
    with pytest.raises(InputError, match="a larger object is to be copied"):
        bucket.read_object(store, ORDERS_NAME)
    with pytest.raises(PlatformError):
        bucket.read_object(store, "raw/csv_sales/2026")  # a folder is no object


def test_counts_add_up_by_day_window_and_unit(platform: Platform) -> None:
    days = (DAY, date(2026, 2, 4))
    pipeline.upload(platform, request("window_1012", "window_1214", dates=days), NOW)
    pipeline.upload(platform, request(units=(3,)), NOW)  # bulk
    platform.store.replace(NewObject(f"{day_prefix(DAY)}unit_x/pedido.csv", b"x"))
    month = [info for p in bucket.month_prefixes(DAY) for info in platform.store.list(p)]
    by_day = bucket.tally_by_day(month)
    assert {day: tally.objects for day, tally in by_day.items()} == {DAY: 10, days[1]: 8, None: 1}
    assert (by_day[DAY].units, by_day[DAY].windows) == (3, 3)
    assert sum(tally.size for tally in by_day.values()) == sum(info.size for info in month)

    objects = platform.store.list(day_prefix(DAY))
    by_window = bucket.tally_by_window(objects)
    assert {tag: tally.objects for tag, tally in by_window.items()} == {
        "window_1012": 4, "window_1214": 4, "": 2
    }  # fmt: skip
    assert {unit: tally.windows for unit, tally in bucket.tally_by_unit(objects).items()} == {
        1: 2, 2: 2, 3: 1
    }  # fmt: skip
    assert len(bucket.select_objects(objects, None, None)) == 11
    assert len(bucket.select_objects(objects, "window_1012", 1)) == 2
    assert [info.name for info in bucket.select_objects(objects, "", None)] == [
        f"{day_prefix(DAY)}unit_003/{name}.csv" for name in ("item_pedido", "pedido")
    ]
    assert bucket.manifest_days(
        info.name for info in platform.store.list(OBJECT_KINDS["manifests"])
    ) == {days[1]: 2, DAY: 3}


def test_totals_have_every_object_once(platform: Platform) -> None:
    pipeline.upload(platform, request("window_1012"), NOW)
    ingest(platform, ORDERS_NAME, b"broken")
    platform.store.replace(NewObject("elsewhere/x.txt", b"four"))
    found = bucket.tally_bucket(platform.store)
    assert {kind: tally.objects for kind, tally in found.items()} == {
        "sales": 5, "parquet": 0, "manifests": 1, "quarantine": 2, "reference": 4, "held": 0,
        "scenarios": 0, "other": 1,
    }  # fmt: skip
    assert found["other"].size == 4
    assert sum(t.size for t in found.values()) == sum(i.size for i in platform.store.list(""))


@pytest.mark.parametrize(
    ("text", "units"), [("", [1, 2, 12]), ("2", [2, 12]), ("unit_012", [12]), ("zzz", [])]
)
def test_units_are_found_by_number_and_name(text: str, units: list[int], catalog: Catalog) -> None:
    assert bucket.find_units([1, 2, 12], text, catalog) == units
    name = catalog.unit(12).name
    assert 12 in bucket.find_units([1, 2, 12], f"  {name.upper()} ", catalog)


@pytest.mark.both_sides
def test_a_manifest_is_compared_object_by_object(platform: Platform) -> None:
    pipeline.upload(platform, request("window_1214"), NOW)
    store, name = platform.store, manifest_name(DAY, "window_1214")
    manifest = read_manifest(name, store.read(name).data)
    assert not any(line.fault for line in _compared(platform, name))
    lost, changed, grown = (line.file.name for line in _compared(platform, name)[:3])
    store.delete(lost)
    data = store.read(changed).data
    store.replace(NewObject(changed, data.swapcase()))
    store.replace(NewObject(grown, store.read(grown).data + b"\n"))
    store.replace(NewObject(ORDERS_NAME, b"x"))  # unit 7, of whom the manifest says nothing
    faults = {line.file.name: line.fault for line in _compared(platform, name) if line.fault}
    assert list(faults) == [lost, changed, grown]
    assert faults[lost] == "the bucket does not have it"
    assert "checksum" in faults[changed]
    assert "bytes, the manifest says" in faults[grown]
    objects = store.list(day_prefix(DAY))
    assert [info.name for info in bucket.find_unnamed(manifest, objects)] == [ORDERS_NAME]


def _compared(platform: Platform, name: str) -> list[bucket.Comparison]:
    manifest = read_manifest(name, platform.store.read(name).data)
    return bucket.compare_manifest(platform.store, manifest, platform.store.list(day_prefix(DAY)))


def test_a_window_as_an_archive_has_its_files_under_their_names(platform: Platform) -> None:
    pipeline.upload(platform, request("window_1214"), NOW)
    objects = platform.store.list(day_prefix(DAY))
    data = bucket.zip_objects(platform.store, objects)
    assert data == bucket.zip_objects(platform.store, objects)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            info.name: platform.store.read(info.name).data for info in objects
        }


@given(data=st.binary(max_size=600), name=st.sampled_from([ORDERS_NAME, "quarantine/x.json"]))
def test_any_bytes_can_be_looked_at(data: bytes, name: str) -> None:
    found = file_view.read_contents(StoredObject(name, 1, data), load_catalog())
    assert found.binary == (b"\0" in data)
    try:
        data.decode()
    except UnicodeDecodeError:
        assert found.broken or found.binary
    else:
        assert not found.broken
    assert all(line.number >= 2 for line in found.lines)


def test_lines_keep_their_numbers_and_their_faults(platform: Platform, catalog: Catalog) -> None:
    pipeline.upload(platform, request("window_1214", units=(7,)), NOW)
    good = platform.store.read(ORDERS_NAME)
    found = file_view.read_contents(good, catalog)
    assert found.header[:2] == ("Id_Unidade", "Id_Pedido")
    assert [line.number for line in found.lines] == [*range(2, 2 + (found.rows or 0))]
    assert not any(line.fault for line in found.lines)
    assert found.crc32c == platform.store.checksum(ORDERS_NAME)

    lines = good.data.split(b"\n")
    bad = b"\n".join([lines[0], lines[1], b"7;caf\xe9;x", *lines[2:]])
    found = file_view.read_contents(StoredObject(ORDERS_NAME, 1, bad), catalog)
    assert found.broken
    assert [(line.number, bool(line.fault)) for line in found.lines][:3] == [
        (2, False), (3, True), (4, False)
    ]  # fmt: skip
    assert found.rejected == 1


def test_only_the_beginning_is_shown_and_it_is_said(catalog: Catalog) -> None:
    name = "quarantine/2026/02/03/x.csv"

    def look(data: bytes) -> file_view.Contents:
        return file_view.read_contents(StoredObject(name, 1, data), catalog)

    many = look(b"a;b\n" + b"1;2\n" * 500)
    assert (len(many.lines), many.cut, many.rows) == (file_view.SHOWN_LINES, True, 500)
    exact = look(b"a;b\n" + b"1;2\n" * file_view.SHOWN_LINES)
    assert (len(exact.lines), exact.cut) == (file_view.SHOWN_LINES, False)
    wide = look("é".encode() * file_view.SHOWN_BYTES)  # a character is cut in two at an odd place
    assert (wide.cut, wide.broken) == (True, False)
    zero = look(b"a\0b" * 1_000)
    assert (zero.binary, zero.cut) == (True, True)
    assert zero.text.startswith("000000  61 00 62")
    assert look(b"") == file_view.Contents(look(b"").crc32c, "", cut=False, rows=0, header=("",))


def test_an_error_report_is_read_as_it_was_written(platform: Platform) -> None:
    pipeline.upload(platform, request("window_1214", units=(7,)), NOW)
    lines = platform.store.read(ORDERS_NAME).data.split(b"\n")
    ingest(platform, ORDERS_NAME, b"\n".join([*lines[:2], b"not;a;row", *lines[2:]]))
    (report_name,) = [
        info.name
        for info in platform.store.list("quarantine/")
        if info.name.endswith("_error.json")
    ]
    report = quarantine.read_report(report_name, platform.store.read(report_name).data)
    assert report.name == ORDERS_NAME
    assert [(row.line, row.raw) for row in report.rows] == [(3, "not;a;row")]
    assert report.rows_in == report.rows_loaded + report.rows_rejected
    assert day_of(report_name) == DAY


@given(data=st.binary() | st.sampled_from([b"{}", b"[]", b"null", b'{"rows": 3}', b'"x"']))
def test_what_is_no_error_report_is_a_sentence(data: bytes) -> None:
    with pytest.raises(InputError, match="is not an error report"):
        quarantine.read_report("quarantine/x_error.json", data)
