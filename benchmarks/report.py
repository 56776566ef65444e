"""Rows of the table, and the table as text, as a Markdown page and as JSON."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

COLUMNS = ("what", "size", "figure", "baseline", "ratio", "goal", "met", "peak MiB", "besides")


@dataclass(frozen=True)
class Row:
    """One measurement at one size.

    Attributes:
        name: Of the case.
        figure, baseline: In `unit`; None where the size was left out.
        ratio: How many times better the figure is than the baseline; for costs that have a
            baseline to stay close to, how many times the baseline it takes.
        goal: What is asked for at this size; empty where nothing is.
        met: Whether the goal was; None where there is none.
        peak_mib: Largest memory of the process that did the work, in MiB.
        besides: What else was seen.
    """

    name: str
    what: str
    size: str
    unit: str = ""
    figure: float | None = None
    baseline: float | None = None
    ratio: float | None = None
    goal: str = ""
    met: bool | None = None
    peak_mib: float | None = None
    besides: str = ""

    def cells(self) -> list[str]:
        """Text of the row's columns."""
        met = {True: "yes", False: "NO", None: ""}[self.met]
        return [
            self.what, self.size, _amount(self.figure, self.unit),
            _amount(self.baseline, self.unit), "" if self.ratio is None else f"{self.ratio:.3g}x",
            self.goal, met, "" if self.peak_mib is None else f"{self.peak_mib:,.0f}", self.besides,
        ]  # fmt: skip


def text_table(rows: Sequence[Row]) -> str:
    """The table in columns of one width."""
    lines = [list(COLUMNS), *(row.cells() for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def markdown_page(rows: Sequence[Row], machine: dict[str, str], baselines: dict[str, str]) -> str:
    """docs/performance.md."""
    facts = "\n".join(f"- {name}: {value}" for name, value in machine.items())
    notes = "\n".join(f"- **{what}**: {text}" for what, text in baselines.items())
    return _PAGE.format(facts=facts, lines=_markdown_table(rows), notes=notes)


def write_page(
    path: Path, rows: Sequence[Row], machine: dict[str, str], baselines: dict[str, str]
) -> None:
    """Write docs/performance.md; what was not measured this time stays as it stands there.

    The panel has a section of its own, below which its findings are written by hand.
    """
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    others, _, panel = text.partition(_PANEL)
    of_panel = [row for row in rows if row.name == "panel"]
    rest = [row for row in rows if row.name != "panel"]
    if rest or not others:
        notes = {name: note for name, note in baselines.items() if name != "panel"}
        others = markdown_page(rest, machine, notes)
    if of_panel:
        found = panel.partition(_FINDINGS)[2]
        panel = f"{_measured(of_panel, machine)}\n{baselines['panel']}\n{_FINDINGS}{found}"
    path.write_text(others + (_PANEL + panel if panel else ""), encoding="utf-8")


def _measured(rows: Sequence[Row], machine: dict[str, str]) -> str:
    facts = "\n".join(f"- {name}: {value}" for name, value in machine.items())
    return f"{facts}\n\n{_markdown_table(rows)}\n"


def _markdown_table(rows: Sequence[Row]) -> str:
    table = [list(COLUMNS), ["---"] * len(COLUMNS), *(row.cells() for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in table)


def as_json(rows: Sequence[Row], machine: dict[str, str]) -> str:
    """Rows and machine, for programs."""
    return json.dumps({"machine": machine, "rows": [asdict(row) for row in rows]}, indent=1) + "\n"


def _amount(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    return f"{value:,.0f} {unit}" if value >= 100 else f"{value:.3g} {unit}"


_PANEL = (
    "\n## Panel\n\nWritten by `python -m benchmarks --only panel --write docs/performance.md`.\n\n"
)
_FINDINGS = "\n### What was found\n"
_PAGE = """\
# Performance

Written by `python -m benchmarks --write docs/performance.md`: do not edit, run it again. Each
figure stands beside a baseline measured in the same run, at a tenth, once and ten times the size.

{facts}

{lines}

## What is measured, and against what

{notes}

## How to read it

- Each measurement runs in a process of its own; `peak MiB` is that process's resident memory, its
  imports included. Figures are medians of three runs where a run takes seconds, else of one. Ten
  times is left out where it would take longer than two minutes; the row says how long.
- CPU seconds are user and system time. They vary less than wall seconds on a machine that others
  use too; the load average above tells how busy it was.
- Files are always written to fresh folders: after many files were removed, ext4 makes new ones
  many times slower for a while. A run right after another one feels that, too, and the ratio of
  `publish` then flatters: it can be trusted where its baseline takes some 20 to 60 CPU us a file.
- Tasks run with `OPENBLAS_NUM_THREADS=1`, for the threads that numpy starts would be counted and do
  none of the work. The incremental command and its baseline run as they are.
"""
