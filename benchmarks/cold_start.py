"""What a new instance of a function pays before it can work, and what the largest file takes.

`python -m benchmarks.cold_start take FOLDER` is one measurement of memory, in a process of its own.
"""

import functools
import importlib.metadata
import io
import re
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.job import Job
from benchmarks.process import ROOT, Usage, run
from benchmarks.report import Row
from cloud_function.deploy.functions import PROCESSOR_MEMORY
from core.bronze.validation.bounds import bounds

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.storage.object_store import LocalStore

REQUIREMENTS = ROOT / "cloud_function" / "requirements.txt"
FRAMEWORK = "import functions_framework"
_CLIENTS = "from google.cloud import storage, bigquery"
# Ever more of what a function loads; the last is all of it.
PARTS = (
    ("numpy", "import numpy"),
    ("google-cloud-storage", "from google.cloud import storage"),
    ("google-cloud-bigquery", "from google.cloud import bigquery"),
    ("main.py, with core and framework", "import cloud_function.main"),
    ("main.py and Google's clients", f"import cloud_function.main\n{_CLIENTS}"),
)
_SHOWN = 6
_DAY = date(2026, 2, 1)
_NAME = "raw/csv_sales/2026/02/01/unit_001/pedido.csv"
_ORDERS = 30_000  # of a day, as many as a cell nearly holds: about 3 MB
_CHUNK = 10 * 2**20  # of an upload to BigQuery, as Google's client holds it


def cold_start(job: Job) -> Row:
    """One part of what is imported, beside the framework alone."""
    label, code = PARTS[round(job.factor)]
    repeats = max(3, job.repeats)
    seen = [_python(code) for _ in range(repeats)]
    bare = median(_python("pass").wall_s for _ in range(repeats))
    baseline = median(_python(FRAMEWORK).wall_s for _ in range(repeats)) - bare
    figure = median(usage.wall_s for usage in seen) - bare
    return Row(
        "cold-start", "import of what a function needs", label, "ms", figure * 1000,
        baseline * 1000, figure / baseline,
        peak_mib=max(usage.peak_mib for usage in seen), besides=_by_package(code),
    )  # fmt: skip


def _python(code: str) -> Usage:
    return run([sys.executable, "-c", _as_deployed(code)])


def _as_deployed(code: str) -> str:
    """Code that finds only what the function's requirements bring."""
    return f"import sys; sys.modules.update(dict.fromkeys({hidden_modules()}))\n{code}"


@functools.cache
def hidden_modules() -> tuple[str, ...]:
    """Modules of packages that are installed here and not among the functions' requirements."""
    pinned = set(re.findall(r"^([a-z0-9-]+)==", REQUIREMENTS.read_text(), re.MULTILINE))
    return tuple(
        sorted(
            module
            for module, packages in importlib.metadata.packages_distributions().items()
            if not {re.sub(r"[._]", "-", package).lower() for package in packages} & pinned
        )
    )


def _by_package(code: str) -> str:
    """Which packages take how much of an import, by what Python says of each module."""
    told = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", _as_deployed(code)],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stderr  # fmt: skip
    spent: dict[str, int] = {}
    pattern = r"^import time:\s*(\d+) \|\s*\d+ \|\s*(\S+)$"
    for self_us, name in re.findall(pattern, told, re.MULTILINE):
        spent[_package(name)] = spent.get(_package(name), 0) + int(self_us)
    first = sorted(spent.items(), key=lambda entry: -entry[1])[:_SHOWN]
    return "most in " + ", ".join(f"{name} {us / 1000:.0f}" for name, us in first)


def _package(module: str) -> str:
    parts = module.split(".")
    if parts[0] in sys.stdlib_module_names:
        return "Python's own"
    return ".".join(parts[: 3 if parts[:2] == ["google", "cloud"] else 1])


def csv_memory(job: Job) -> Row:
    """Peak memory of taking one file to Bronze, beside the same process without a file."""
    mib = bounds("orders").size / 2**20 * job.factor
    run([*_COMMAND, "make", str(job.folder), str(mib)])
    with_file = run([*_COMMAND, "take", str(job.folder)])
    without = run([*_COMMAND, "none", str(job.folder)])
    limit = float(PROCESSOR_MEMORY.removesuffix("Mi"))
    return Row(
        "csv-memory", "peak memory of process_csv", f"{mib:g} MiB pedido.csv", "MiB",
        with_file.peak_mib, without.peak_mib, with_file.peak_mib / without.peak_mib,
        f"< {limit:.0f} MiB, its limit" if job.held else "",
        with_file.peak_mib < limit if job.held else None, with_file.peak_mib,
        f"{int(with_file.output):,} rows in {with_file.wall_s:.1f} s",
    )  # fmt: skip


_COMMAND = (sys.executable, "-m", "benchmarks.cold_start")


def make(folder: Path, mib: float) -> int:
    """Write a file of about so many MiB, all rows good, under the name of one unit and day."""
    from core.generation.catalog import load_catalog
    from core.generation.cells import bulk_cells
    from core.generation.csv_files import cell_files
    from core.generation.orders import DEFAULT_SEED
    from core.storage.object_store import NewObject

    rows, header, size = b"", b"", 0
    parts: list[bytes] = []
    day = _DAY
    while size < mib * 2**20:
        cells = bulk_cells([day], [1], _ORDERS, _ORDERS)
        (files,) = cell_files(cells, DEFAULT_SEED, load_catalog())
        header, _, rows = files.orders_csv.partition(b"\n")
        parts.append(rows.replace(day.isoformat().encode(), _DAY.isoformat().encode()))
        size += len(rows)
        day += timedelta(days=1)
    data = (header + b"\n" + b"".join(parts))[: int(mib * 2**20)]
    _store(folder).replace(NewObject(_NAME, data[: data.rindex(b"\n") + 1]))
    return size


def take(folder: Path) -> int:
    """Read the file, judge it and make ready what a load job is sent; the rows that went in."""
    from core.bronze.ingest import judge_object
    from core.generation.catalog import load_catalog
    from core.warehouse.bigquery.encoding import bronze_csv

    store = _store(folder)
    load = judge_object(store, store.read(_NAME), load_catalog(), again=False)
    if load.rows.rows_loaded != load.rows.rows_in:
        raise RuntimeError("Good rows were rejected.")
    columns = [*load.rows.columns, "_source_file", "_ingest_timestamp", "_ingest_date"]
    body = io.BytesIO(bronze_csv(columns, [load], datetime.now(UTC)))
    while body.read(_CHUNK):
        pass
    return load.rows.rows_in


def _store(folder: Path) -> "LocalStore":
    from core.storage.object_store import LocalStore

    return LocalStore(folder / "bucket")


def main(what: str, folder: Path, *more: str) -> int:
    """One step of a measurement, after everything that the function imports."""
    exec(_as_deployed(""))  # noqa: S102 - a constant
    for name in ("cloud_function.main", "google.cloud.storage", "google.cloud.bigquery"):
        importlib.import_module(name)
    steps: dict[str, Callable[..., int]] = {"make": make, "take": take, "none": lambda _: 0}
    return steps[what](folder, *map(float, more))


if __name__ == "__main__":
    print(main(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:]))
