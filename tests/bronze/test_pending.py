"""What of a bucket is to be loaded, and which of its entries cannot be."""

from pathlib import Path

from core.bronze.ingest import find_pending
from core.storage.object_names import PARQUET_PREFIX, reference_name
from core.storage.object_store import LocalStore, NewObject
from tests.support.scenes import ORDERS_NAME

DAY = ORDERS_NAME.rpartition("/")[0]


def test_entries_that_bronze_would_take_and_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    names = (ORDERS_NAME, f"{DAY}/notes.txt", reference_name("units"), f"{PARQUET_PREFIX}a.parquet")
    store.create([[NewObject(name, b"x")] for name in names])
    for name in ("pedido_2.csv", "notes_2.txt", "folder"):
        (tmp_path / DAY / name).symlink_to("nowhere")
    found = find_pending(store, {})
    assert [info.name for info in found.objects] == [names[2], names[0], names[3]]
    assert [entry.name for entry in found.unreadable] == [f"{DAY}/folder/", f"{DAY}/pedido_2.csv"]
