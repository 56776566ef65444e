"""Runs the commands whose output a page shows, and puts it there: `python -m benchmarks.outputs`.

A command stands after `$` at the top of a `text` block, or in `<!-- begin: ... -->` before what it
prints as Markdown, which ends with `<!-- end -->`.
"""

import argparse
import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_BLOCK = re.compile(r"(?P<head>```text\n\$ (?P<command>.*)\n)(?:.*\n)*?(?P<foot>```\n)")
_PART = re.compile(
    r"(?P<head><!-- begin: (?P<command>.*) -->\n\n)(?:.*\n)*?(?P<foot>\n<!-- end -->\n)"
)


def main() -> int:
    """Run what is asked for, and write the page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.outputs", description=__doc__)
    parser.add_argument("page", help="such as docs/scale.md")
    parser.add_argument("--only", default="", metavar="TEXT", help="commands that have this text")
    options = parser.parse_args()
    page = Path(options.page)
    text = page.read_text(encoding="utf-8")
    for pattern in (_BLOCK, _PART):
        text = pattern.sub(lambda found: _again(found, options.only), text)
    page.write_text(text, encoding="utf-8")
    return 0


def _again(found: "re.Match[str]", only: str) -> str:
    """A part of the page with what its command prints now."""
    if only not in found["command"]:
        return found[0]
    command = [sys.executable, *shlex.split(found["command"])[1:]]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return f"{found['head']}{done.stdout}{found['foot']}"


if __name__ == "__main__":
    sys.exit(main())
