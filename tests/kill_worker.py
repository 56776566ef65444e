"""Start the same work as a process again and again, and kill it: `python -m tests.kill_worker`.

    python -m tests.kill_worker FOLDER LANE KILLS...

First the work kills itself once after each of its steps, so that no boundary depends on luck; then
it is killed from outside at random moments.

Each number of KILLS is a platform of its own in FOLDER, whose work is killed that many times and
then left to end. Modules are loaded once; each piece of work is a process forked from there, before
any thread or warehouse exists. Prints a line of JSON: the kills, and how the last tries ended.
"""

import json
import os
import random
import signal
import sys
import time
import traceback
from pathlib import Path
from types import FrameType

import duckdb  # noqa: F401 - loaded once for all processes
import google_crc32c  # noqa: F401
import pandas as pd  # noqa: F401 - DuckDB looks for it
import pyarrow as pa  # noqa: F401

from core import transform
from core.dialect import render
from core.pipeline import Platform, ingest_pending, rebuild, upload
from core.settings import Settings
from tests.scenes import NOW, request
from tests.validate_files import file, order

# Functions after each of which something more is on the disk, or in the warehouse.
STEPS = frozenset(("_leave", "_rename", "_move_if_absent", "_write_manifest", "_quarantine"))
PREFIX = "case_ficticio"
UNITS = (1, 2)
WINDOWS = ("window_1214", "window_1820")
BAD_NAME = "raw/csv_sales/2026/02/03/unit_002/window_1012/pedido.csv"
BAD_DATA = file("orders", order(1, Id_Unidade="2", Status="Perdido"))


def platform_at(home: Path) -> Platform:
    return Platform.of(Settings.from_mapping({"MRHEALTH_HOME": str(home)}))


def prepare(home: Path) -> None:
    """Something bad in the bucket, so that quarantine is part of the work."""
    path = home / "bucket" / BAD_NAME
    path.parent.mkdir(parents=True)
    path.write_bytes(BAD_DATA)


def work(home: Path) -> None:
    """Publish, ingest and rebuild: what is killed, and what must give the same in the end."""
    platform = platform_at(home)
    upload(platform, request(*WINDOWS, units=UNITS), NOW)
    ingest_pending(platform, NOW)
    rebuild(platform)


def start(home: Path, step: int = 0) -> int:
    """Fork the work, which kills itself after so many steps; the number of its process."""
    process = os.fork()
    if process:
        return process
    failed, passed = 1, 0

    def count(frame: FrameType, event: str, _: object) -> None:
        nonlocal passed
        if event == "return" and frame.f_code.co_name in STEPS:
            passed += 1
            if passed == step:
                os.kill(os.getpid(), signal.SIGKILL)

    try:
        sys.setprofile(count)
        work(home)
        sys.setprofile(None)
        home.with_suffix(".steps").write_text(str(passed))
        failed = 0
    finally:  # nothing of the parent's may run in the child
        if failed:
            traceback.print_exc()
        os._exit(failed)


def killed(home: Path, delay_s: float) -> bool:
    """Start the work and kill it after a delay; false when it had ended by then."""
    process = start(home)
    time.sleep(delay_s)
    os.kill(process, signal.SIGKILL)
    _, status = os.waitpid(process, 0)
    return os.WIFSIGNALED(status)


def killed_at(home: Path, step: int) -> bool:
    """Let the work kill itself between two of its steps; false when it has fewer."""
    _, status = os.waitpid(start(home, step), 0)
    return os.WIFSIGNALED(status)


def ends_well(home: Path) -> tuple[bool, float]:
    """Run the work undisturbed: whether it ended without an error, and its seconds."""
    began = time.monotonic()
    _, status = os.waitpid(start(home), 0)
    return os.waitstatus_to_exitcode(status) == 0, time.monotonic() - began


def main(folder: Path, lane: int, kills: list[int]) -> None:
    draw = random.Random(lane)  # noqa: S311 - moments, no secret
    undisturbed = folder / f"lane{lane}"
    prepare(undisturbed)
    fine, life_s = ends_well(undisturbed)
    steps = int(undisturbed.with_suffix(".steps").read_text())
    endings, done = [fine], 0
    for step in range(1 + lane, steps + 1, 2):  # two lanes share them
        home = folder / f"lane{lane}-step{step}"
        prepare(home)
        done += killed_at(home, step)
        endings.append(ends_well(home)[0])
    for number, wanted in enumerate(kills):
        home = folder / f"lane{lane}-{number}"
        prepare(home)
        happened = 0
        while happened < wanted:
            # A second try finds part of the work done, so its life is shorter than the first's.
            happened += killed(home, draw.uniform(0.0, life_s / (1 + happened)))
        done += happened
        endings.append(ends_well(home)[0])
    sys.stdout.write(json.dumps({"kills": done, "endings": endings}))


def warm() -> None:
    """Render all SQL once, so that the processes spend their lives on files and tables."""
    folders = ["bronze", *transform.LAYERS, *(f"checks/{layer}" for layer in transform.LAYERS)]
    for path in (path for name in folders for path in (transform.SQL_FOLDER / name).glob("*.sql")):
        render(path.read_text(encoding="utf-8"), PREFIX, "duckdb")
    for layer in transform.LAYERS:
        transform.build_order(layer)


if __name__ == "__main__":
    warm()
    main(Path(sys.argv[1]), int(sys.argv[2]), [int(text) for text in sys.argv[3:]])
