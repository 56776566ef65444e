"""A week of sales as Parquet days against the contract's CSV files, from nothing to Bronze."""

from collections.abc import Sequence
from statistics import median
from typing import Any

from benchmarks.process import task
from benchmarks.report import Row

UNITS, DAYS = 500, 7


def parquet(units: int, folders: Sequence[tuple[str, str]]) -> Row:
    """Publish and load the same week in both ways, each step in a process of its own.

    Args:
        folders: For each repetition one of CSV files and one of Parquet, which are not there yet.
    """
    csv = [_week(units, folder, as_parquet=False) for folder, _ in folders]
    ours = [_week(units, folder, as_parquet=True) for _, folder in folders]
    figure, baseline = _middle(ours, "rate"), _middle(csv, "rate")
    return Row(
        "parquet", "a week to Bronze as Parquet, against CSV files",
        f"{units:,} units x {DAYS} days x 7 windows", "rows/CPU s", figure, baseline,
        figure / baseline, "", None, max(found["peak_mib"] for found in ours),
        f"{_told(ours)}; CSV files: {_told(csv)}",
    )  # fmt: skip


def _week(units: int, folder: str, *, as_parquet: bool) -> dict[str, Any]:
    made = task("publish_week", folder=folder, units=units, days=DAYS, as_parquet=as_parquet)
    loaded = task("ingest_batch", home=folder)
    return {
        **made,
        "load_s": loaded["wall_s"],
        "load_cpu_s": loaded["cpu_s"],
        "rate": made["rows"] / (made["cpu_s"] + loaded["cpu_s"]),
        "peak_mib": max(made["peak_mib"], loaded["peak_mib"]),
    }


def _told(found: Sequence[dict[str, Any]]) -> str:
    first = found[0]
    return (
        f"{first['files']:,} objects, {first['size'] / first['orders']:.0f} bytes an order with "
        f"its items, published at {first['rows'] / _middle(found, 'cpu_s'):,.0f} rows a CPU "
        f"second, loaded in {_middle(found, 'load_s'):.2f} s "
        f"({_middle(found, 'load_cpu_s'):.2f} CPU s)"
    )


def _middle(found: Sequence[dict[str, Any]], name: str) -> float:
    return float(median(each[name] for each in found))
