"""The exercises of docs/data.md: run its commands, and answer its queries from the files they make.

Below each query the page has the answer; `python -m tests.dictionary.exercises` writes them.
"""

import datetime as dt
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import duckdb

from tests.support.scenes import ROOT

PAGE = ROOT / "docs" / "data.md"
_SHOWN = r"```\n\n```text\n(?P<shown>.*?)```"
_COMMAND = re.compile(rf"```bash\n(?P<words>python scripts/.*?)(?:{_SHOWN}|```)", re.DOTALL)
_QUERY = re.compile(rf"```sql\n(?P<query>.*?){_SHOWN}", re.DOTALL)


def answer_page(page: str, folder: Path) -> str:
    """The page with what its commands print and its queries answer, in an empty folder."""
    page = _COMMAND.sub(lambda found: _replace(found, _run(found["words"], folder)), page)
    with duckdb.connect(config={"file_search_path": f"{folder},{ROOT}"}) as connection:
        return _QUERY.sub(lambda found: _replace(found, _answer(connection, found["query"])), page)


def _replace(found: re.Match[str], shown: str) -> str:
    """A block of the page with other text in the block below it, if there is one."""
    if found["shown"] is None:
        return found[0]
    start, end = (place - found.start() for place in found.span("shown"))
    return found[0][:start] + shown + found[0][end:]


def _run(command: str, folder: Path) -> str:
    """What a command prints; nothing if it goes to a file, as in `command > file`."""
    line, _, target = command.replace("\\\n", " ").partition(" > ")
    words = line.split()
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("MRHEALTH", "GC"))}
    done = subprocess.run(
        [sys.executable, str(ROOT / words[1]), *words[2:]],
        cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    if not target:
        return done.stdout
    (folder / target.strip()).write_text(done.stdout, encoding="utf-8")
    return ""


def _answer(connection: duckdb.DuckDBPyConnection, query: str) -> str:
    """The rows of a query as a table of text, numbers to the right."""
    found = connection.sql(query)
    rows = [[_text(value) for value in row] for row in found.fetchall()]
    lines = [found.columns, *rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    is_text = [str(kind) in {"VARCHAR", "DATE"} for kind in found.types]
    return "".join(
        "  ".join(
            cell.ljust(width) if left else cell.rjust(width)
            for cell, width, left in zip(line, widths, is_text, strict=True)
        ).rstrip() + "\n"
        for line in lines
    )  # fmt: skip


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    return value.isoformat() if isinstance(value, dt.date) else str(value)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as room:
        PAGE.write_text(answer_page(PAGE.read_text("utf-8"), Path(room)), "utf-8")
