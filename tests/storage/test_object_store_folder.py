"""A folder as a bucket: what is about files, processes and disks."""

import contextlib
import errno
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import ConflictError, InputError
from core.platform import Platform
from core.storage.object_store import LocalStore, NewObject, StoredObject
from core.storage.object_store.local import output_store
from core.storage.publish import publish
from tests.support.scenes import ROOT, files, request

if TYPE_CHECKING:
    import threading

A = "raw/csv_sales/2026/02/03/unit_001/pedido.csv"
SPAWN = multiprocessing.get_context("spawn")


def test_a_replaced_object_with_a_moment_in_the_future_still_gets_a_higher_generation(
    store: LocalStore,
) -> None:
    store.create([[NewObject(A, b"one")]])
    future = store.read(A).generation + 10**15
    os.utime(store.path(A), ns=(future, future))
    store.replace(NewObject(A, b"two"))
    assert store.read(A).generation > future


def test_an_object_that_goes_while_it_is_compared_is_written(store: LocalStore) -> None:
    class Gone(LocalStore):
        def read(self, name: str, if_generation: int | None = None) -> StoredObject:
            self.path(name).unlink(missing_ok=True)
            return super().read(name, if_generation)

    store.create([[NewObject(A, b"before")]])
    assert Gone(store.root).create([[NewObject(A, b"after")]]) == 1
    assert store.read(A).data == b"after"


@pytest.mark.parametrize(
    "name",
    [
        "../x.csv",
        "raw/../../x.csv",
        "/etc/x.csv",
        "raw/csv_sales/..",
        "raw/\0.csv",
        "",
        "raw//x.csv",
        "./raw/x.csv",
        ".staging/x.csv",
    ],
)
def test_names_that_leave_the_bucket_are_refused(store: LocalStore, name: str) -> None:
    for use in (store.read, store.find, store.delete):
        with pytest.raises(InputError, match="is not the name of an object"):
            use(name)
    with pytest.raises(InputError):
        store.replace(NewObject(name, b"x"))
    with pytest.raises(InputError):
        store.create([[NewObject(name, b"x")]])
    assert files(store.root.parent) == {}


@settings(max_examples=60)
@given(st.text(max_size=9) | st.text("/.a\0", max_size=9))
def test_any_name_stays_in_the_bucket_or_is_refused(name: str) -> None:
    store = LocalStore(Path("/srv/bucket"))
    try:
        path = store.path(name)
    except InputError:
        assert not {"", ".", ".."}.isdisjoint(name.split("/")) or "\0" in name or name[0] == "."
    else:
        assert os.path.normpath(path) == f"/srv/bucket/{name}"


def test_an_output_folder_shows_the_tree_without_raw(tmp_path: Path) -> None:
    store = output_store(str(tmp_path / "output"))
    store.create([[NewObject(A, b"one")]])
    assert files(tmp_path / "output") == {A.removeprefix("raw/"): b"one"}
    assert [info.name for info in store.list("raw/csv_sales/")] == [A]


def _race(root: Path, data: bytes, start: "threading.Barrier", answers: "list[str]") -> None:
    store = LocalStore(root)
    names = [f"raw/csv_sales/2026/02/03/unit_{unit:03d}/pedido.csv" for unit in range(1, 41)]
    start.wait()
    for name in names:
        try:
            answers.append("new" if store.create([[NewObject(name, data)]]) else "same")
        except ConflictError:
            answers.append("conflict")


def _race_in_process(
    root: Path, data: bytes, start: "threading.Barrier", answers: "multiprocessing.Queue[list[str]]"
) -> None:
    mine: list[str] = []
    _race(root, data, start, mine)
    answers.put(mine)


@pytest.mark.processes
def test_of_many_processes_that_create_a_name_one_wins_and_the_others_know(tmp_path: Path) -> None:
    writers = [b"red" * 5000, b"red" * 5000, b"blue" * 5000, b"blue" * 5000]
    start, queue = SPAWN.Barrier(len(writers)), SPAWN.Queue()
    processes = [
        SPAWN.Process(target=_race_in_process, args=(tmp_path / "bucket", data, start, queue))
        for data in writers
    ]
    for process in processes:
        process.start()
    answers = [queue.get(timeout=60) for _ in processes]
    for process in processes:
        process.join()
    # For each name: one made it, its twin found the same, the two others a conflict.
    for of_name in zip(*answers, strict=True):
        assert sorted(of_name) == ["conflict", "conflict", "new", "same"]
    content = files(tmp_path / "bucket")
    assert len(content) == 40
    assert set(content.values()) <= set(writers)


WATCHER = """
import os, sys
root, stop, seen = sys.argv[1], sys.argv[2], set()
print("watching", flush=True)
while True:
    last = os.path.exists(stop)
    for folder, _, names in os.walk(root):
        for name in names:
            path = os.path.join(folder, name)
            if "csv_sales" in path and name.endswith(".csv"):
                with open(path, "rb") as file:
                    seen.add((os.path.relpath(path, root), len(file.read())))
        if os.path.basename(folder).startswith("window_") and len(names) != 2:
            print("PARTIAL", folder, names)
    if last:
        break
for name, size in sorted(seen):
    print(name, size)
"""


def test_a_watcher_sees_whole_objects_in_whole_windows_and_nothing_else(platform: Platform) -> None:
    folder = platform.settings.bucket_folder
    folder.mkdir(parents=True)
    stop = folder.parent / "stop"
    watcher = subprocess.Popen(
        [sys.executable, "-c", WATCHER, str(folder), str(stop)], stdout=subprocess.PIPE, text=True
    )
    assert watcher.stdout is not None
    watcher.stdout.readline()
    publish(platform.store, request("window_1214", "window_1820", units=range(1, 151)),
            platform.catalog)  # fmt: skip
    stop.touch()
    lines, _ = watcher.communicate(timeout=60)
    sizes = {name: len(data) for name, data in files(folder).items() if name.endswith(".csv")}
    assert dict(line.rsplit(" ", 1) for line in lines.splitlines()) == {
        name: str(size) for name, size in sizes.items()
    }


WRITER = """
import sys
from pathlib import Path
from core.storage.object_store import LocalStore
store = LocalStore(Path(sys.argv[1]))
with store.session():
    Path(store._staging.new_path()).write_bytes(b"half")
    print("staged", flush=True)
    sys.stdin.readline()
"""
# In a PID namespace of its own the writer is process 1: its number says nothing out here.
ELSEWHERE = ("unshare", "--pid", "--fork", "--kill-child")


@contextlib.contextmanager
def _writer(store: LocalStore, *before: str) -> Iterator["subprocess.Popen[str]"]:
    """Another process that has staged something and goes on when a line comes."""
    process = subprocess.Popen(
        [*before, sys.executable, "-c", WRITER, str(store.root)], cwd=ROOT,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    with process:
        try:
            assert process.stdout.readline() == "staged\n"
            yield process
        finally:
            process.kill()


def _staged(store: LocalStore) -> list[bytes]:
    return [data for name, data in files(store.root / ".staging").items() if "lock" not in name]


def test_what_a_killed_writer_staged_is_removed_and_never_listed(store: LocalStore) -> None:
    with _writer(store) as writer:
        assert _staged(store) == [b"half"]
        writer.kill()
    assert store.list("raw/") == []
    store.create([[NewObject(A, b"one")]])
    assert files(store.root) == {A: b"one"}
    assert not (store.root / ".staging").exists()


@pytest.mark.parametrize("before", [(), ELSEWHERE], ids=["here", "another PID namespace"])
def test_what_a_living_writer_stages_is_left_alone(
    store: LocalStore, before: tuple[str, ...]
) -> None:
    if before and subprocess.run([*before, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this system gives no PID namespaces")
    with _writer(store, *before) as writer:
        store.create([[NewObject(A, b"one")]])
        assert _staged(store) == [b"half"]
        writer.communicate("go on\n", timeout=30)
        assert writer.returncode == 0
    assert not (store.root / ".staging").exists()


def test_what_is_staged_by_a_writer_without_a_lock_is_left_alone(
    store: LocalStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    with monkeypatch.context() as without_locks:
        without_locks.setattr("fcntl.flock", refuse)
        other = LocalStore(store.root)
        with other.session():
            Path(other._staging.new_path()).write_bytes(b"half")
            store.create([[NewObject(A, b"one")]])
            assert _staged(store) == [b"half"]
    assert files(store.root) == {A: b"one"}
    unknown = store.root / ".staging" / f"{os.getpid()}-abc" / "0"  # as older versions made them
    unknown.mkdir(parents=True)
    store.create([[NewObject(A, b"one")]])
    assert unknown.is_dir()
