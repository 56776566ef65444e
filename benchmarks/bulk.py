"""The largest part of a year of 5,000 units that fits in some minutes: `python -m benchmarks.bulk`.

First the whole is planned on paper, as `generate_fake_sales.py --plan` does. Then the command line
for large requests really begins with it, on all cores, in Parquet and in CSV, each for half of the
time, and is stopped by Ctrl-C. What the bucket and Bronze have by then is counted, and with it how
long the whole would take.
"""

import argparse
import json
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import psutil

from core.platform import Platform
from core.settings import Settings
from core.storage.object_names import MANIFEST_PREFIX

ROOT = Path(__file__).resolve().parent.parent
FORMS = ("parquet", "csv")
YEAR = ("2026-01-01", "2026-12-31")
_LOOK_S = 0.2
COLUMNS = (
    "format", "shards", "objects", "rows written", "rows in Bronze", "wall s", "CPU s",
    "rows/s to Bronze", "rows/CPU s", "peak MiB, first process", "peak MiB, a worker",
    "the whole, by this",
)  # fmt: skip


@dataclass
class Seen:
    """What the processes of a command took, as seen every `_LOOK_S`.

    Attributes:
        cpu_s: User and system time of each process so far.
        peak_mib: Largest resident memory of each; the first is the command itself.
    """

    cpu_s: dict[int, float] = field(default_factory=dict)
    peak_mib: defaultdict[int, float] = field(default_factory=lambda: defaultdict(float))

    def look(self, process: psutil.Process) -> None:
        """Look at a process and at those that it started."""
        with suppress(psutil.NoSuchProcess):
            for one in (process, *process.children(recursive=True)):
                with suppress(psutil.NoSuchProcess):
                    times = one.cpu_times()
                    self.cpu_s[one.pid] = times.user + times.system
                    memory = one.memory_info().rss / 2**20
                    self.peak_mib[one.pid] = max(self.peak_mib[one.pid], memory)


class Done(NamedTuple):
    """What stands in the bucket and in Bronze."""

    shards: int
    objects: int
    rows_written: int
    rows_loaded: int


def main() -> int:
    """Plan, run, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bulk", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0, metavar="N", help="default: 10")
    parser.add_argument("--units", type=int, default=5_000, metavar="N", help="default: 5000")
    parser.add_argument("--folder", metavar="DIR", help="where to make files (default: temporary)")
    options = parser.parse_args()
    # A shell that starts this in the background has it ignore SIGINT, and its child would, too.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    rows = []
    for form in FORMS:
        print(f"```\n{_planned(options.units, form)}```\n", flush=True)
        with tempfile.TemporaryDirectory(prefix="bulk-", dir=options.folder) as folder:
            rows.append(_measured(options.units, form, options.minutes * 30, Path(folder)))
    print("\n".join(f"| {' | '.join(line)} |" for line in (COLUMNS, ["---"] * len(COLUMNS), *rows)))
    return 0


def _planned(units: int, form: str) -> str:
    command = [
        sys.executable, "scripts/generate_fake_sales.py", "--plan", "--units", str(units),
        "--start-date", YEAR[0], "--end-date", YEAR[1], "--windows", "--format", form,
    ]  # fmt: skip
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def _measured(units: int, form: str, seconds: float, home: Path) -> list[str]:
    """A row: the command for the whole year, stopped after some seconds."""
    command = [
        sys.executable, "scripts/generate_shards.py", "--units", str(units), "--from", YEAR[0],
        "--to", YEAR[1], "--windows", "--format", form, "--load",
    ]  # fmt: skip
    settings = {"MRHEALTH_HOME": str(home)}
    seen, started = Seen(), time.perf_counter()
    with subprocess.Popen(
        command, cwd=ROOT, env={**psutil.Process().environ(), **settings},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        watched = psutil.Process(process.pid)
        while process.poll() is None and time.perf_counter() - started < seconds:
            seen.look(watched)
            time.sleep(_LOOK_S)
        wall_s = time.perf_counter() - started
        process.send_signal(signal.SIGINT)
    done = _done(Platform.of(Settings.from_mapping(settings)))
    return _row(form, done, seen, wall_s, process.pid)


def _done(platform: Platform) -> Done:
    """Count by the manifests and by Bronze."""
    shards = objects = written = 0
    for info in platform.store.list(MANIFEST_PREFIX):
        manifest = json.loads(platform.store.read(info.name).data)
        shards += 1
        if manifest.get("format") == "parquet":
            objects += 2
            written += manifest["orders"]["rows"] + manifest["order_items"]["rows"]
        else:
            objects += 2 * manifest["units"]
            written += manifest["orders"] + manifest["items"]
    loaded = sum(
        int(platform.warehouse.ask(f"SELECT COUNT(*) AS n FROM {table}")[0]["n"])  # noqa: S608 - two names
        for table in ("bronze.orders", "bronze.order_items")
    )
    return Done(shards, objects, written, loaded)


def _row(form: str, done: Done, seen: Seen, wall_s: float, first: int) -> list[str]:
    whole = 365 if form == "parquet" else 365 * 7
    a_shard = done.rows_written / max(done.shards, 1)
    a_second = done.rows_loaded / wall_s
    cpu_s = sum(seen.cpu_s.values())
    workers = [peak for pid, peak in seen.peak_mib.items() if pid != first]
    hours = f"{whole * a_shard / a_second / 3600:,.1f} h" if a_second else "nothing in Bronze yet"
    return [
        form, f"{done.shards:,} of {whole:,}", f"{done.objects:,}", f"{done.rows_written:,}",
        f"{done.rows_loaded:,}", f"{wall_s:,.0f}", f"{cpu_s:,.0f}", f"{a_second:,.0f}",
        f"{done.rows_loaded / cpu_s if cpu_s else 0:,.0f}", f"{seen.peak_mib[first]:,.0f}",
        f"{max(workers, default=0):,.0f}", hours,
    ]  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
