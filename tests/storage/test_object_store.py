"""A bucket, whichever it is: whole objects or none, each written once, whoever writes beside it."""

import base64
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import ChangedError, ConflictError, MissingObjectError
from core.storage.object_store import NewObject, ObjectStore, StoredObject, gcs, update
from core.storage.object_store.checksums import crc32c
from tests.support.scenes import objects

pytestmark = pytest.mark.both_sides

A = "raw/csv_sales/2026/02/03/unit_001/pedido.csv"
B = "raw/csv_sales/2026/02/03/unit_002/pedido.csv"


def test_what_is_created_can_be_listed_found_and_read(store: ObjectStore) -> None:
    assert store.create([[NewObject(B, b"two")], [NewObject(A, b"one")]]) == 2
    assert [(info.name, info.size) for info in store.list("raw/")] == [(A, 3), (B, 3)]
    found, read = store.find(A), store.read(A)
    assert found is not None
    assert (read.data, read.generation) == (b"one", found.generation)
    assert store.checksum(A) == crc32c(b"one")


@pytest.mark.parametrize(
    ("data", "checksum"),
    # Check value of CRC-32C for "123456789", and RFC 3720 B.4 for 32 zero bytes.
    [(b"123456789", 0xE3069283), (bytes(32), 0x8A9136AA)],
)
def test_checksums_are_those_of_cloud_storage(data: bytes, checksum: int) -> None:
    assert base64.b64decode(crc32c(data)) == checksum.to_bytes(4, "big")


def test_what_is_not_there_is_not_listed_found_or_read(store: ObjectStore) -> None:
    assert store.list("raw/") == []
    assert store.find(A) is None
    with pytest.raises(MissingObjectError, match=A):
        store.read(A)
    store.delete(A)


def test_equal_bytes_again_are_success_and_change_nothing(store: ObjectStore) -> None:
    store.create([[NewObject(A, b"one")]])
    before = store.find(A)
    assert store.create([[NewObject(A, b"one")]]) == 0
    assert store.find(A) == before


def test_other_bytes_are_a_conflict_and_change_nothing(store: ObjectStore) -> None:
    store.create([[NewObject(A, b"one")]])
    before = store.find(A)
    with pytest.raises(ConflictError, match=A):
        store.create([[NewObject(A, b"other")]])
    assert (store.find(A), store.read(A).data) == (before, b"one")
    assert objects(store) == {A: b"one"}


def test_a_group_completes_a_folder_that_has_part_of_it(store: ObjectStore) -> None:
    items = A.replace("pedido", "item_pedido")
    store.create([[NewObject(items, b"items")]])
    assert store.create([[NewObject(items, b"items"), NewObject(A, b"orders")]]) == 1
    assert objects(store) == {items: b"items", A: b"orders"}


def test_generations_go_up_however_fast_objects_are_replaced(store: ObjectStore) -> None:
    seen = []
    for number in range(60):  # many of them within one tick of the file system's clock
        store.replace(NewObject(A, b"%d" % number))
        seen.append(store.read(A))
    assert [stored.data for stored in seen] == [b"%d" % number for number in range(60)]
    generations = [stored.generation for stored in seen]
    assert generations == sorted(set(generations))


def _together(*works: Callable[[], None]) -> None:
    """Run each in a thread of its own, all at once."""
    start = threading.Barrier(len(works))

    def run(work: Callable[[], None]) -> None:
        start.wait()
        work()

    with ThreadPoolExecutor(len(works)) as threads:
        for done in [threads.submit(run, work) for work in works]:
            done.result()


def test_of_threads_that_create_a_name_one_wins_and_the_others_know(store: ObjectStore) -> None:
    names = [f"raw/csv_sales/2026/02/03/unit_{unit:03d}/pedido.csv" for unit in range(1, 11)]
    writers = [b"red" * 5000, b"red" * 5000, b"blue" * 5000, b"blue" * 5000]
    answers: list[list[str]] = [[] for _ in writers]

    def write(data: bytes, told: list[str]) -> None:
        for name in names:
            try:
                told.append("new" if store.create([[NewObject(name, data)]]) else "same")
            except ConflictError:
                told.append("conflict")

    _together(*(partial(write, *one) for one in zip(writers, answers, strict=True)))
    # For each name: one made it, its twin found the same, the two others a conflict.
    for of_name in zip(*answers, strict=True):
        assert sorted(of_name) == ["conflict", "conflict", "new", "same"]
    content = objects(store)
    assert sorted(content) == names
    assert set(content.values()) <= set(writers)


def test_one_conflict_among_many_leaves_nothing_half_written(store: ObjectStore) -> None:
    groups = [
        [NewObject(f"raw/x/unit_{unit:03d}/{name}", b"%d" % unit) for name in ("a.csv", "b.csv")]
        for unit in range(1, 41)
    ]
    other = NewObject(groups[20][1].name, b"other")
    store.create([[other]])
    with pytest.raises(ConflictError, match=other.name):
        store.create(groups)
    left = objects(store)
    assert left.pop(other.name) == b"other"
    assert left.items() <= {new.name: new.data for group in groups for new in group}.items()
    # Whoever sees the second object of a group can find the first.
    assert all(f"{name[:-5]}a.csv" in left for name in left)
    store.delete(other.name)
    assert store.create(groups) == 80 - len(left)


def test_only_the_generation_that_was_asked_for_is_read(store: ObjectStore) -> None:
    store.create([[NewObject(A, b"one")]])
    first = store.read(A).generation
    assert store.read(A, if_generation=first).data == b"one"
    store.replace(NewObject(A, b"two"))
    with pytest.raises(ChangedError, match=A):
        store.read(A, if_generation=first)
    store.delete(A)
    with pytest.raises(MissingObjectError, match=A):
        store.read(A, if_generation=first)


def test_many_are_read_in_the_order_of_their_names(store: ObjectStore) -> None:
    names = [f"raw/{number:03d}.csv" for number in range(80)]
    store.create([[NewObject(name, name.encode())] for name in names if not name.endswith("7.csv")])
    wanted = names[::-1]
    read = list(store.read_all(wanted))
    assert [stored and stored.name for stored in read] == [
        None if name.endswith("7.csv") else name for name in wanted
    ]
    assert all(
        stored.data == stored.name.encode() for stored in read if isinstance(stored, StoredObject)
    )
    some = store.read_all(wanted)  # a reader who stops early waits for nothing
    assert next(some) == read[0]


def test_a_listing_is_complete_and_in_order_of_names(
    store: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gcs, "_PAGE", 50)
    names = [f"raw/{folder}/{number:03d}.csv" for folder in ("b", "a") for number in range(60)]
    store.create([[NewObject(name, b"x")] for name in names])
    store.create([[NewObject("raw2/other.csv", b"x")]])
    listed = store.list("raw/")  # of three pages
    assert [info.name for info in listed] == sorted(names)
    assert {info.size for info in listed} == {1}
    assert [info.name for info in store.list("raw/a/")] == sorted(names)[:60]
    assert all(info.crc32c in ("", crc32c(b"x")) for info in listed)


def test_an_object_is_replaced_only_in_the_generation_that_was_seen(store: ObjectStore) -> None:
    name = "raw/a.json"
    store.replace(NewObject(name, b"one"))
    seen = store.read(name).generation
    store.replace(NewObject(name, b"two"), if_generation=seen)
    for outdated in (seen, 1):
        with pytest.raises(ChangedError, match=r"raw/a\.json was changed"):
            store.replace(NewObject(name, b"three"), if_generation=outdated)
    assert store.read(name).data == b"two"


def test_threads_that_update_an_object_lose_nothing_of_each_other(store: ObjectStore) -> None:
    def add(letter: bytes) -> None:
        for _ in range(10):
            update(store, "raw/log", lambda before: (before or b"") + letter)

    _together(*(partial(add, letter) for letter in (b"a", b"b", b"c")))
    assert sorted(store.read("raw/log").data) == sorted(b"abc" * 10)


def test_an_update_that_changes_nothing_writes_nothing(store: ObjectStore) -> None:
    assert update(store, "raw/a", lambda _: b"one")
    generation = store.read("raw/a").generation
    assert not update(store, "raw/a", lambda before: before or b"")
    assert store.read("raw/a").generation == generation


def _appended(data: bytes, before: bytes | None) -> bytes:
    return (before or b"") + data


NAMES = st.sampled_from([A, B, A.replace("pedido", "item_pedido"), "raw/_manifests/x.json"])
DATA = st.sampled_from([b"", b"one", b"two", b"\xff\n;" * 999])
CALLS = st.lists(
    st.tuples(st.sampled_from(["create", "replace", "update", "delete", "read"]), NAMES, DATA),
    max_size=12,
)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CALLS)
def test_any_calls_leave_what_they_would_leave_in_a_dictionary(
    store: ObjectStore, calls: list[tuple[str, str, bytes]]
) -> None:
    for info in store.list(""):
        store.delete(info.name)
    model: dict[str, bytes] = {}
    for verb, name, data in calls:
        match verb:
            case "create" if model.get(name, data) == data:
                assert store.create([[NewObject(name, data)]]) == (name not in model)
                model[name] = data
            case "create":
                with pytest.raises(ConflictError):
                    store.create([[NewObject(name, data)]])
            case "replace":
                store.replace(NewObject(name, data))
                model[name] = data
            case "update":
                changed = update(store, name, partial(_appended, data))
                assert changed == (name not in model or data != b"")
                model[name] = model.get(name, b"") + data
            case "delete":
                store.delete(name)
                model.pop(name, None)
            case "read" if name in model:
                assert store.read(name).data == model[name]
    assert objects(store) == model
