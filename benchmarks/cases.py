"""The cases: what each measures, its sizes, its baseline and the goal it is held to."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

from benchmarks.cold_start import PARTS, cold_start, csv_memory
from benchmarks.job import Job
from benchmarks.ledger import OBJECTS, kept_answers, upload_cost
from benchmarks.panel import PARTS as PARTS_OF_PANEL
from benchmarks.panel import panel
from benchmarks.parquet import DAYS, UNITS, parquet
from benchmarks.process import Usage, python, run, task
from benchmarks.report import Row

_BASELINE_UNITS = 40  # slice of the slow generator: enough for a steady figure
_ONE_BY_ONE = 100  # objects of the slow way into Bronze
_IMPORTS = (
    ("import core", "import core"),
    ("core, to publish", "from core import Request, load_catalog, publish"),
    ("all of core's names", "from core import *"),
)
_HEAVY = ("pandas", "duckdb", "google.auth", "plotly")


@dataclass(frozen=True)
class Case:
    """A case of the benchmarks.

    Attributes:
        explanation: What is measured, and against what.
        scaled: Whether the factors are sizes; otherwise they are the numbers of its parts.
    """

    name: str
    explanation: str
    measure: Callable[[Job], Row]
    factors: tuple[float, ...] = (0.1, 1, 10)
    scaled: bool = True


def _count(job: Job, size: int) -> int:
    return max(1, round(size * job.factor))


def _middle(results: list[dict[str, Any]], name: str) -> float:
    return float(median(result[name] for result in results))


def _peak(results: list[dict[str, Any]]) -> float:
    return float(max(result["peak_mib"] for result in results))


def _generation(job: Job, *, bulk: bool) -> Row:
    units = _count(job, 500)
    slow_units = min(units, _BASELINE_UNITS)
    fast = job.times(lambda _: task("generate_files", units=units, bulk=bulk))
    slow = job.times(lambda _: task("generate_baseline", units=slow_units, bulk=bulk))
    figure = median(result["rows"] / result["cpu_s"] for result in fast)
    baseline = median(result["rows"] / result["cpu_s"] for result in slow)
    return Row(
        "generate-bulk" if bulk else "generate",
        f"generation to CSV bytes, {'whole days' if bulk else '7 windows a day'}",
        f"{units:,} units x 30 days",
        "rows/CPU s", figure, baseline, figure / baseline,
        ">= 1,500,000 rows/CPU s and >= 40x" if job.held else "",
        figure >= 1_500_000 and figure >= 40 * baseline if job.held else None,
        _peak(fast), f"{fast[0]['rows']:,} rows",
    )  # fmt: skip


def _incremental(job: Job) -> Row:
    units = _count(job, 50)
    repeats = max(3, job.repeats)
    ours = [_command(units, job.fresh(f"output_{n}")) for n in range(repeats)]
    baseline = median(python("import pandas, faker").cpu_s for _ in range(repeats))
    figure = median(usage.cpu_s for usage in ours)
    return Row(
        "incremental", "the incremental command, whole process", f"{units:,} units",
        "CPU s", figure, baseline, figure / baseline,
        "<= 0.5x" if job.held else "", figure <= 0.5 * baseline if job.held else None,
        max(usage.peak_mib for usage in ours),
    )  # fmt: skip


def _command(units: int, folder: str) -> Usage:
    return run([
        sys.executable, "scripts/generate_incremental_sales.py", "--window-start", "12:00",
        "--window-end", "14:00", "--date", "2026-02-01", "--units", str(units),
        "--output-dir", folder,
    ])  # fmt: skip


def _publish(job: Job) -> Row:
    units = _count(job, 50)
    pairs = [
        (
            task("write_ready", units=units, folder=job.fresh(f"ready_{n}")),
            task("publish_windows", units=units, folder=job.fresh(f"home_{n}")),
        )
        for n in range(job.repeats)
    ]
    ready, ours = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    figure, baseline = _middle(ours, "wall_s"), _middle(ready, "wall_s")
    cpu, ready_cpu = _middle(ours, "cpu_s"), _middle(ready, "cpu_s")
    return Row(
        "publish", "files published, with their generation",
        f"{ours[0]['files']:,} files", "s", figure, baseline, figure / baseline,
        "<= 1.5x" if job.held else "", figure <= 1.5 * baseline if job.held else None,
        _peak(ours),
        f"CPU {cpu:.2f} s against {ready_cpu:.2f} s: {cpu / ready_cpu:.2f}x; baseline "
        f"{ready_cpu / ours[0]['files'] * 1e6:.0f} CPU us a file",
    )  # fmt: skip


def _bronze(job: Job) -> Row:
    units = _count(job, 50)
    homes = [job.fresh(f"home_{n}") for n in range(job.repeats + 1)]
    for home in homes:
        task("publish_windows", units=units if home != homes[-1] else 1, folder=home)
    slow_objects = min(_ONE_BY_ONE, _count(job, 10 * _ONE_BY_ONE))
    slow = task("ingest_one_by_one", home=homes[-1], objects=slow_objects)
    batch = [task("ingest_batch", home=home) for home in homes[:-1]]
    figure = median(result["objects"] / result["wall_s"] for result in batch)
    baseline = slow["objects"] / slow["wall_s"]
    return Row(
        "bronze", "objects to Bronze in batches", f"{batch[0]['objects']:,} objects",
        "objects/s", figure, baseline, figure / baseline,
        ">= 1,500 objects/s" if job.held else "", figure >= 1500 if job.held else None,
        _peak(batch), f"{_middle(batch, 'cpu_s'):.1f} CPU s, {batch[0]['rows']:,} rows",
    )  # fmt: skip


def _parquet(job: Job) -> Row:
    folders = [(job.fresh(f"csv_{n}"), job.fresh(f"parquet_{n}")) for n in range(job.repeats)]
    return parquet(_count(job, UNITS), folders)


def _rebuild(job: Job) -> Row:
    home = job.fresh("home")
    filled = task("fill_bronze", home=home, orders=_count(job, 1_000_000))
    built = job.times(lambda _: task("rebuild_all", home=home))
    copied = job.times(lambda _: task("copy_bronze", home=home))
    figure, baseline = _middle(built, "wall_s"), _middle(copied, "wall_s")
    return Row(
        "rebuild", "rebuild of Silver, Gold, aggregations, with checks",
        f"{filled['orders']:,} orders", "s", figure, baseline, figure / baseline,
        "< 15 s" if job.held else "", figure < 15 if job.held else None,
        _peak(built), f"{_middle(built, 'cpu_s'):.1f} CPU s, {filled['items']:,} items",
    )  # fmt: skip


def _rebuild_day(job: Job) -> Row:
    home = job.fresh("home")
    filled = task("fill_bronze", home=home, orders=_count(job, 1_000_000))
    whole = job.times(lambda _: task("rebuild_all", home=home))
    days = job.times(lambda _: task("rebuild_day", home=home))
    if any(day["dates"] != [1, 1, 1] for day in days):
        raise RuntimeError(f"Another number of dates was built than one: {days}.")
    figure, baseline = _middle(days, "wall_s"), _middle(whole, "wall_s")
    return Row(
        "rebuild-day", "rebuild of all layers after one more day",
        f"{filled['orders']:,} orders", "s", figure, baseline, baseline / figure,
        "", None, _peak(days),
        f"{_middle(days, 'cpu_s'):.1f} CPU s against {_middle(whole, 'cpu_s'):.1f}",
    )  # fmt: skip


def _turns(job: Job) -> Row:
    turns = _count(job, 300)
    ours = job.times(lambda n: task("take_turns", home=job.fresh(f"ours_{n}"), turns=turns))
    each = job.times(
        lambda n: task("take_turns_by_instance", home=job.fresh(f"each_{n}"), turns=turns)
    )
    figure = _middle(ours, "cpu_s") / turns * 1000
    baseline = _middle(each, "cpu_s") / turns * 1000
    return Row(
        "turns", "a question to the embedded warehouse", f"{turns:,} turns",
        "CPU ms", figure, baseline, figure / baseline,
        "<= 0.5x" if job.held else "", figure <= 0.5 * baseline if job.held else None, _peak(ours),
    )  # fmt: skip


def _import(job: Job) -> Row:
    label, code = _IMPORTS[round(job.factor)]
    repeats = max(5, job.repeats)
    seen = [python(_timed(code)).output.split(maxsplit=1) for _ in range(repeats)]
    figure = median(float(ms) for ms, _ in seen)
    heavy = seen[0][1].strip()
    baseline = median(python("pass").wall_s * 1000 for _ in range(repeats))
    return Row(
        "import", "import, beside the start of Python", label, "ms", figure, baseline,
        figure / baseline, "" if job.factor else "< 50 ms, nothing heavy",
        None if job.factor else figure < 50 and heavy == "[]",
        besides=f"heavy modules loaded: {heavy.strip('[]') or 'none'}",
    )  # fmt: skip


def _timed(code: str) -> str:
    return (
        "import sys, time; started = time.perf_counter()\n"
        f"{code}\n"
        "print((time.perf_counter() - started) * 1000, "
        f"sorted({set(_HEAVY)} & sys.modules.keys()))"
    )


CASES = (
    Case(
        "generate",
        "CSV bytes of each unit and window, made and dropped. Baseline: a plain Python loop with "
        "`random`, `uuid4` and Faker for each row, and pandas `to_csv` for each file "
        "(`benchmarks/baseline.py`); same columns, volumes and files, measured on one day of at "
        f"most {_BASELINE_UNITS} units and given in rows a CPU second.",
        lambda job: _generation(job, bulk=False),
    ),
    Case(
        "generate-bulk",
        "The same for whole days, one pair of files a unit and day, which suits the baseline "
        "better: it calls pandas less often.",
        lambda job: _generation(job, bulk=True),
    ),
    Case(
        "incremental",
        "`python scripts/generate_incremental_sales.py` for one window, from start to end of the "
        'process. Baseline: `python -c "import pandas, faker"`.',
        _incremental,
    ),
    Case(
        "publish",
        "50 units x 30 days x 7 windows into a new bucket: generated, written atomically, with "
        "manifests. Baseline: the same bytes, ready in memory, written to the same names in "
        "another new folder, plainly.",
        _publish,
    ),
    Case(
        "bronze",
        "Pending objects found, read, validated and loaded into Bronze. Baseline: "
        f"{_ONE_BY_ONE} such objects, each in a transaction of its own.",
        _bronze,
    ),
    Case(
        "parquet",
        f"{UNITS} units x {DAYS} days x 7 windows published into a new bucket as one Parquet file "
        "a day and table, and loaded into Bronze: rows for each CPU second of both together. "
        "Baseline: the same rows as the contract's CSV files.",
        _parquet,
        factors=(0.1, 1),
    ),
    Case(
        "rebuild",
        "All three layers from Bronze in full, all data checks included. Baseline: a copy of "
        "Bronze's two tables of sales in the same DuckDB file, by `CREATE TABLE AS`.",
        _rebuild,
    ),
    Case(
        "rebuild-day",
        "The rows of one more business day are in Bronze, and all three layers are built by date, "
        "checks included. Baseline: the full rebuild of the same store.",
        _rebuild_day,
    ),
    Case(
        "import",
        "Time of the import statement inside a new process; in place of sizes, ever more of "
        "`core`. Baseline: all of `python -c pass`, from start to end.",
        _import,
        factors=(0, 1, 2),
        scaled=False,
    ),
    Case(
        "cold-start",
        "What a new instance of a function imports, part by part, each in a new process less the "
        "time of `python -c pass`, with only what the function's requirements bring; then the "
        "packages that take most, in milliseconds of their own. Baseline: "
        "`import functions_framework`, without which there is no function.",
        cold_start,
        factors=tuple(range(len(PARTS))),
        scaled=False,
    ),
    Case(
        "turns",
        "A question to the embedded warehouse by the platform's code, which takes the file for it "
        "and gives it back. Baseline: an instance of DuckDB that opens the file for each question.",
        _turns,
        factors=(1,),
    ),
    Case(
        "csv-memory",
        "One file read, judged and encoded for a load job, in a process that has imported all that "
        "`process_csv` does, against the memory that the deployment gives it; once is the largest "
        "file of sales that is read. Baseline: the same process without a file.",
        csv_memory,
        factors=(0.1, 1),
    ),
    Case(
        "upload-cost",
        "The upload of one window of one unit, to bucket and Bronze, where the ledger has "
        f"{OBJECTS:,} objects of other dates; median of five. Baseline: the same with an empty "
        "ledger.",
        upload_cost,
    ),
    Case(
        "kept-answers",
        "Peak memory of a process that asks eight times what Bronze has of all files, in eight "
        "different ranges, of which each answer may be kept. Baseline: the same range eight times.",
        kept_answers,
    ),
    Case(
        "panel",
        "The panel on a year's data, by part: two dozen sessions over Streamlit's own websocket, "
        "which draw nothing, each clicking once a second, until the message with the changed "
        "heading is there; in Chromium, by its own clock, switching between all pages with a "
        "second between, clicking, and the first load from a server that has just answered; the "
        "server's memory. Baseline: the same of two bare Streamlit pages with one Plotly chart "
        "(`benchmarks/panel_bare.py`). Outside requests are read from Chromium's net log.",
        panel,
        factors=tuple(range(len(PARTS_OF_PANEL))),
        scaled=False,
    ),
)
