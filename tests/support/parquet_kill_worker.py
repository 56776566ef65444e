"""A day in Parquet, killed after each step: `python -m tests.support.parquet_kill_worker`.

    python -m tests.support.parquet_kill_worker FOLDER

Each step gets a platform of its own in FOLDER, whose work kills itself there and is then done once
more. Prints a line of JSON: the steps after which the work was killed, and how each last try ended.
"""

import json
import os
import signal
import sys
import traceback
from pathlib import Path
from types import FrameType

import duckdb  # noqa: F401 - loaded once for all processes
import google_crc32c  # noqa: F401
import pandas as pd  # noqa: F401 - DuckDB looks for it
import pyarrow.parquet as pq  # noqa: F401

from core.pipeline import ingest_pending
from core.platform import Platform
from core.settings import Settings
from core.storage.publish import Request
from core.storage.publish_parquet import publish_day
from tests.support.scenes import NOW, request

# Each step, and whether another day stands there already, whose rows and objects have to go.
STEPS = {
    "core.storage.object_store.local.LocalStore._appear": False,
    "core.storage.object_store.local.LocalStore.replace": True,
    "core.storage.publish_parquet._write": False,
    "core.bronze.ingest.judge_object": True,
    "core.warehouse.duckdb.warehouse.DuckDBWarehouse._insert_file": True,
    "core.warehouse.duckdb.warehouse.DuckDBWarehouse._record": True,
    "core.warehouse.duckdb.warehouse.DuckDBWarehouse.load": True,
}
OVERWRITTEN = request("window_1214", units=(1, 2, 3), seed=2)
WANTED = request("window_1214", "window_1820", units=(1, 2))


def platform_at(home: Path) -> Platform:
    return Platform.of(Settings.from_mapping({"MRHEALTH_HOME": str(home)}))


def work(home: Path, wanted: Request = WANTED) -> None:
    """Publish the day and take it to Bronze: what is killed, and what must end the same."""
    platform = platform_at(home)
    publish_day(platform.store, wanted, platform.catalog, overwrite=True)
    ingest_pending(platform, NOW)


def ended(home: Path, step: str = "", wanted: Request = WANTED) -> int:
    """Do the work in a process of its own, which kills itself after a step; its status."""
    process = os.fork()
    if process:
        return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    failed = 1

    def watch(frame: FrameType, event: str, _: object) -> None:
        name = f"{frame.f_globals.get('__name__')}.{frame.f_code.co_qualname}"
        if event == "return" and name == step:
            os.kill(os.getpid(), signal.SIGKILL)

    try:
        sys.setprofile(watch)
        work(home, wanted)
        failed = 0
    finally:  # nothing of the parent's may run in the child
        if failed:
            traceback.print_exc()
        os._exit(failed)


def main(folder: Path) -> None:
    steps, endings = [], []
    for number, (step, overwritten) in enumerate(STEPS.items()):
        home = folder / str(number)
        if overwritten:
            endings.append(ended(home, wanted=OVERWRITTEN))
        if ended(home, step) == -signal.SIGKILL:
            steps.append(step)
        endings.append(ended(home))
    sys.stdout.write(json.dumps({"steps": steps, "endings": endings}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
