"""Start the same work as a process again and again, and kill it: `python -m
tests.support.kill_worker`.

    python -m tests.support.kill_worker FOLDER LANE TIMES KILLS...

First the work kills itself after each kind of step that it takes, at TIMES of the times that it
takes it (1 to 3), so that no boundary depends on luck; then it is killed from outside at random
moments.

Each number of KILLS is a platform of its own in FOLDER, whose work is killed that many times and
then left to end. Modules are loaded once; each piece of work is a process forked from there, before
any thread or warehouse exists. Prints a line of JSON: the steps after which the work was killed,
the number of random kills, and how the last tries ended.
"""

import inspect
import json
import os
import pkgutil
import random
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any
from unittest import mock

import duckdb  # noqa: F401 - loaded once for all processes
import google_crc32c  # noqa: F401
import pandas as pd  # noqa: F401 - DuckDB looks for it
import pyarrow as pa  # noqa: F401

from core.pipeline import ingest_pending, rebuild, upload
from core.platform import Platform
from core.settings import Settings
from core.storage.object_names import quarantine_names
from core.transform.rebuild import LAYERS, build_order
from core.warehouse.dialect import render as dialect
from core.warehouse.duckdb import connection
from tests.support.scenes import NOW, request
from tests.support.validate_files import file, order

# Functions after each of which something more is on the disk, or in the warehouse. The test sees to
# it that the work comes by every one of them: a name that has changed is a point that is lost.
STEPS = frozenset((
    "core.storage.object_store.staging._own_folder",
    "core.storage.object_store.local._write",
    "core.storage.object_store.local.LocalStore._stage",
    "core.storage.object_store.local.LocalStore._appear",
    "core.storage.object_store.local.LocalStore._appear_alone",
    "core.storage.object_store.local.LocalStore.replace",
    "core.storage.publish._write_manifest",
    "core.bronze.quarantine._put",
    "core.bronze.quarantine.write",
    "core.warehouse.duckdb.connection.DuckDBFile._create",
    "core.warehouse.duckdb.connection._Instance.leave",
    "core.warehouse.duckdb.warehouse.DuckDBWarehouse.create_bronze",
    "core.warehouse.duckdb.warehouse.DuckDBWarehouse._insert",
    "core.warehouse.duckdb.warehouse.DuckDBWarehouse._record",
    "core.warehouse.duckdb.warehouse.DuckDBWarehouse.load",
    "core.warehouse.duckdb.layer_build.DuckDBLayerBuild.make",
    "core.warehouse.duckdb.layer_build.DuckDBLayerBuild.publish",
    "core.transform.rebuild._make_tables",
    "core.transform.rebuild._rebuild_layer",
))  # fmt: skip
Point = tuple[str, int]  # a step, and how many times it has been taken
Rendered = tuple[Any, ...]  # what was given to be rendered
PREFIX = "case_ficticio"
UNITS = (1, 2)
WINDOWS = ("window_1214", "window_1820")
BAD_NAME = "raw/csv_sales/2026/02/03/unit_002/window_1012/pedido.csv"
BAD_DATA = file("orders", order(1, Id_Unidade="2", Status="Perdido"))


def platform_at(home: Path) -> Platform:
    return Platform.of(Settings.from_mapping({"MRHEALTH_HOME": str(home)}))


def prepare(home: Path) -> None:
    """Something bad in the bucket, and an old report of it that quarantine replaces."""
    for name, data in ((BAD_NAME, BAD_DATA), (quarantine_names(BAD_NAME)[1], b"an old report")):
        path = home / "bucket" / name
        path.parent.mkdir(parents=True)
        path.write_bytes(data)


def work(home: Path) -> None:
    """Publish, ingest and rebuild: what is killed, and what must give the same in the end."""
    platform = platform_at(home)
    upload(platform, request(*WINDOWS, units=UNITS), NOW)
    ingest_pending(platform, NOW)
    rebuild(platform)


def start(task: Callable[[], object]) -> int:
    """Fork a process for a task; the number of the process."""
    process = os.fork()
    if process:
        return process
    failed = 1
    try:
        task()
        failed = 0
    finally:  # nothing of the parent's may run in the child
        if failed:
            traceback.print_exc()
        os._exit(failed)


def stepping(home: Path, point: Point | None = None) -> Counter[str]:
    """The work, which kills itself at a point; how often it took each step."""
    passed = Counter[str]()
    # By number: every return in the process is looked at, and to compare names would take as long
    # as the work itself.
    steps = {id(inspect.unwrap(pkgutil.resolve_name(step)).__code__): step for step in STEPS}

    def count(frame: FrameType, event: str, _: object) -> None:
        if event == "return" and id(frame.f_code) in steps:
            step = steps[id(frame.f_code)]
            passed[step] += 1
            if (step, passed[step]) == point:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(count)
    work(home)
    sys.setprofile(None)
    return passed


def explore(home: Path) -> None:
    """The work; leaves a note of its steps, and of the statements that it had rendered."""
    rendered: list[Rendered] = []
    render = dialect._render

    def noting(*statement: Any) -> str:
        rendered.append(statement)
        return render(*statement)

    with mock.patch.object(dialect, "_render", noting):
        passed = stepping(home)
    home.with_suffix(".json").write_text(json.dumps([passed, rendered]))


def killed(home: Path, delay_s: float) -> bool:
    """Start the work and kill it after a delay; false when it had ended by then."""
    process = start(lambda: work(home))
    time.sleep(delay_s)
    os.kill(process, signal.SIGKILL)
    _, status = os.waitpid(process, 0)
    return os.WIFSIGNALED(status)


def killed_at(home: Path, point: Point) -> bool:
    """Let the work kill itself at a point; false when it never comes there."""
    _, status = os.waitpid(start(lambda: stepping(home, point)), 0)
    return os.WIFSIGNALED(status)


def points(passed: dict[str, int], most: int) -> list[Point]:
    """When each step is taken: a middle time, the first and the last, or only the first `most`."""
    return [
        (step, time) for step, times in sorted(passed.items())
        for time in sorted({*((times + 1) // 2, 1, times)[:most]})
    ]  # fmt: skip


def ends_well(task: Callable[[], object]) -> bool:
    """Run a task undisturbed: whether it ended without an error."""
    _, status = os.waitpid(start(task), 0)
    return os.waitstatus_to_exitcode(status) == 0


def main(folder: Path, lane: int, most: int, kills: list[int]) -> None:
    draw = random.Random(lane)  # noqa: S311 - moments, no secret
    undisturbed, timed = folder / f"lane{lane}", folder / f"lane{lane}-timed"
    prepare(undisturbed)
    endings = [ends_well(lambda: explore(undisturbed))]
    passed, rendered = json.loads(undisturbed.with_suffix(".json").read_text())
    warm(rendered)
    prepare(timed)
    began = time.monotonic()
    endings.append(ends_well(lambda: work(timed)))
    life_s = time.monotonic() - began
    done, steps = 0, []
    for point in points(passed, most)[lane::2]:  # two lanes share them
        home = folder / "-".join((f"lane{lane}", *map(str, point)))
        prepare(home)
        if killed_at(home, point):
            steps.append(point[0])
        endings.append(ends_well(partial(work, home)))
    for number, wanted in enumerate(kills):
        home = folder / f"lane{lane}-{number}"
        prepare(home)
        happened = 0
        while happened < wanted:
            # A second try finds part of the work done, so its life is shorter than the first's.
            happened += killed(home, draw.uniform(0.0, life_s / (1 + happened)))
        done += happened
        endings.append(ends_well(partial(work, home)))
    sys.stdout.write(json.dumps({"steps": steps, "kills": done, "endings": endings}))


def warm(rendered: list[Rendered]) -> None:
    """Render all SQL once, so that the processes spend their lives on files and tables."""
    for sql, prefix, engine, renamed in rendered:
        dialect.render(sql, prefix, engine, dict(renamed))
    for layer in LAYERS:
        build_order(layer)


if __name__ == "__main__":
    connection._BREAK_S = 0.0  # nobody else waits for a turn at these warehouses
    lane, most, *kills = (int(text) for text in sys.argv[2:])
    main(Path(sys.argv[1]), lane, most, kills)
