"""The lesson of docs/faults.md: write its programs, run its commands, and show what they print.

`python -m tests.lesson.run` writes the answers into the page; a test compares them.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.lesson.page import PAGE
from tests.support.scenes import ROOT

_PART = re.compile(r"(?<=\n## The lesson\n).*?(?=\n## )", re.DOTALL)
_BLOCK = re.compile(r"```(?P<language>python|bash|text)\n(?P<text>.*?)```", re.DOTALL)
_PROGRAM = re.compile(r"# (\w+\.py):")


def answer_page(page: str, folder: Path) -> str:
    """The page with what the lesson's commands print in an empty folder."""
    return _PART.sub(lambda found: _answer(found[0], folder), page)


def _answer(lesson: str, folder: Path) -> str:
    """The lesson; a block of text shows what the commands above it print, up to an empty line."""
    printed = ""

    def follow(found: re.Match[str]) -> str:
        nonlocal printed
        text = found["text"]
        if found["language"] == "text":
            first, more, _ = printed.partition("\n\n")
            return f"```text\n{first}\n…\n```" if more else f"```text\n{printed}```"
        if found["language"] == "python":
            named = _PROGRAM.match(text)
            assert named, f"a program of the lesson says its name: {text[:40]}"
            (folder / named[1]).write_text(text, encoding="utf-8")
        else:
            printed = "".join(_run(line, folder) for line in text.splitlines())
        return found[0]

    return _BLOCK.sub(follow, lesson)


def _run(command: str, folder: Path) -> str:
    """What a command prints; nothing if it goes to a file, as in `command > file`."""
    line, _, target = command.partition(" > ")
    python, program, *arguments = line.split()
    assert python == "python"
    path = ROOT / program if program.startswith("scripts/") else folder / program
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("MRHEALTH", "GC"))}
    done = subprocess.run(
        [sys.executable, str(path), *arguments],
        cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, f"{command}: {done.stderr}"
    if not target:
        return done.stdout
    (folder / target).write_text(done.stdout, encoding="utf-8")
    return ""


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as room:
        PAGE.write_text(answer_page(PAGE.read_text("utf-8"), Path(room)), "utf-8")
