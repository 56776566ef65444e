"""What must not grow with the ledger: the cost of an upload, and the memory of kept answers."""

from statistics import median
from typing import Any

from benchmarks.job import Job
from benchmarks.process import task_of
from benchmarks.report import Row

OBJECTS = 25_550  # in the ledger: 36 days of 50 units; 10 times are those of a year


def upload_cost(job: Job) -> Row:
    """The upload of one window of one unit, beside the same with an empty ledger."""
    objects = max(1, round(OBJECTS * job.factor))
    ours, empty = [], []
    for n in range(job.repeats):
        ours.append(_task("upload_windows", home=job.fresh(f"full_{n}"), objects=objects))
        empty.append(_task("upload_windows", home=job.fresh(f"empty_{n}"), objects=0))
    figure, baseline = (1000 * median(one["cpu_s"] for one in found) for found in (ours, empty))
    wall, empty_wall = (1000 * median(one["wall_s"] for one in found) for found in (ours, empty))
    return Row(
        "upload-cost", "an upload of one window and unit", f"{objects:,} objects in the ledger",
        "CPU ms", figure, baseline, figure / baseline, "<= 1.5x" if job.held else "",
        figure <= 1.5 * baseline if job.held else None,
        max(one["peak_mib"] for one in ours),
        f"wall {wall:.0f} ms against {empty_wall:.0f} ms",
    )  # fmt: skip


def kept_answers(job: Job) -> Row:
    """Peak memory of a process that asks for eight ranges of the ledger, beside one range."""
    objects = max(1, round(OBJECTS * job.factor))
    eight = _task("ask_ranges", home=job.fresh("eight"), objects=objects, ranges=8)
    one = _task("ask_ranges", home=job.fresh("one"), objects=objects, ranges=1)
    return Row(
        "kept-answers", "memory of answers about Bronze's files, eight ranges",
        f"{objects:,} objects a range", "MiB", eight["peak_mib"], one["peak_mib"],
        eight["peak_mib"] / one["peak_mib"], "", None, eight["peak_mib"],
        f"{eight['wall_s'] / 8 * 1000:,.0f} ms a range, {one['wall_s'] / 8 * 1000:,.0f} ms where "
        "it is the same one",
    )  # fmt: skip


def _task(name: str, **arguments: object) -> dict[str, Any]:
    return task_of("benchmarks.ledger_tasks", name, **arguments)
