"""The verdict on one object, for each thing that can differ, with its reason."""

from pathlib import Path

import pytest

from core.reconcile.judge import judge_absent, judge_present
from core.reconcile.verdicts import Verdict
from core.settings import Cloud
from core.storage.manifest import FileEntry
from core.storage.object_store import LocalStore, NewObject, ObjectInfo
from core.storage.object_store.checksums import crc32c
from core.storage.object_store.gcs import GcsStore
from core.warehouse import BronzeFile

NAME = "raw/csv_sales/2026/02/03/unit_002/window_1820/pedido.csv"
SUM, OTHER = "yZRlqg==", "AAAAAA=="
INFO = ObjectInfo(NAME, 7, 9, SUM)
BRONZE = BronzeFile(NAME, 7, 3, 0, 3, 0, None, 9, SUM)  # as that object leaves it
ABSENT = BronzeFile.absent(NAME)
LISTED = FileEntry(NAME, 3, 9, SUM)
COMPUTED = FileEntry("", 3, -1, "")

FINE = (Verdict.IN_BRONZE, "")
NOT_INGESTED = (Verdict.UPLOADED, "not ingested yet")
WRITTEN_AGAIN = (Verdict.UPLOADED, "written anew since it was ingested")
NOT_LISTED = (Verdict.MISMATCH, "the object is not the one that the manifest names")
CHANGED = (Verdict.MISMATCH, "the object is not the one that was ingested")


@pytest.mark.parametrize(
    ("info", "expected", "bronze", "found"),
    [
        (INFO, LISTED, BRONZE, FINE),
        (INFO, COMPUTED, BRONZE, FINE),
        (INFO, None, BRONZE, FINE),
        (INFO, LISTED, ABSENT, NOT_INGESTED),
        (INFO, None, ABSENT, NOT_INGESTED),
        (INFO, COMPUTED, ABSENT, NOT_INGESTED),
        (INFO, LISTED, BRONZE._replace(generation=6), WRITTEN_AGAIN),
        (INFO._replace(crc32c=OTHER), LISTED, ABSENT, NOT_LISTED),
        (INFO._replace(crc32c=OTHER), LISTED, BRONZE._replace(crc32c=OTHER), NOT_LISTED),
        # A generation that the ledger has already decides, unless it may hide a change.
        (INFO, LISTED, BRONZE._replace(generation=8), FINE),
        (INFO, None, BRONZE._replace(generation=8, crc32c=OTHER), CHANGED),
        (INFO._replace(size=8), LISTED, BRONZE, CHANGED),
        (INFO._replace(size=5, crc32c=OTHER, encoded=True), LISTED, BRONZE, FINE),
        (INFO, LISTED, BRONZE._replace(uncertain=True), FINE),
        (INFO, None, BRONZE._replace(uncertain=True, crc32c=OTHER), WRITTEN_AGAIN),
        # What Bronze has of the very object.
        (INFO, LISTED, BRONZE._replace(duplicates=2),
         (Verdict.DUPLICATED, "2 rows whose id stands elsewhere too")),
        (INFO, LISTED, BRONZE._replace(rows=0, loaded=0, rejected=3, reason="No header."),
         (Verdict.QUARANTINED, "No header.")),
        (INFO, LISTED, BRONZE._replace(rows=2, loaded=2, rejected=1),
         (Verdict.QUARANTINED, "1 row in quarantine")),
        (INFO, LISTED, BRONZE._replace(rows=1, loaded=1, rejected=1),
         (Verdict.QUARANTINED,
          "1 row in quarantine, others are missing: expected 3 rows, Bronze has 1")),
        (INFO, LISTED, BRONZE._replace(rows=2),
         (Verdict.MISMATCH, "3 rows were loaded, Bronze has 2")),
        (INFO, COMPUTED._replace(rows=4), BRONZE,
         (Verdict.MISMATCH, "expected 4 rows, Bronze has 3")),
    ],
)  # fmt: skip
def test_an_object_in_the_bucket(
    info: ObjectInfo, expected: FileEntry | None, bronze: BronzeFile, found: tuple[Verdict, str]
) -> None:
    store = GcsStore(Cloud("a-project", "a-bucket", "US", 0))
    assert judge_present(store, info, expected, bronze) == found


@pytest.mark.parametrize(("ingested", "found"), [(b"a\n1\n", WRITTEN_AGAIN), (b"a\n2\n", FINE)])
def test_where_the_store_knows_no_checksum_the_bytes_are_read(
    tmp_path: Path, ingested: bytes, found: tuple[Verdict, str]
) -> None:
    store = LocalStore(tmp_path)
    store.create([[NewObject(NAME, b"a\n2\n")]])
    info = store.find(NAME)
    assert info is not None
    assert not info.crc32c
    bronze = BRONZE._replace(
        generation=info.generation, size=info.size, crc32c=crc32c(ingested), uncertain=True
    )
    assert judge_present(store, info, None, bronze) == found


@pytest.mark.parametrize(
    ("expected", "rows", "generated", "due", "found"),
    [
        (LISTED, 3, True, True, (Verdict.MISSING, "no object, yet 3 rows of it are in Bronze")),
        (LISTED, 0, True, True,
         (Verdict.MISSING, "the manifest names it, the bucket does not have it")),
        (COMPUTED, 0, True, False, (Verdict.GENERATED, "in the output folder, not uploaded")),
        (COMPUTED, 0, False, True, (Verdict.MISSING, "never generated")),
        (None, 0, False, True, (Verdict.MISSING, "never generated")),
        (COMPUTED, 0, False, False, (Verdict.NOT_DUE, "")),
    ],
)  # fmt: skip
def test_an_object_that_the_bucket_does_not_have(
    expected: FileEntry | None, rows: int, found: tuple[Verdict, str], *, generated: bool, due: bool
) -> None:
    bronze = ABSENT._replace(rows=rows)
    assert judge_absent(expected, bronze, generated=generated, due=due) == found
