"""Gives commands to bq's own parser: `bq_parser.py SDK` with a JSON list of them on stdin.

Run in a process of its own, without credentials. Prints as JSON what bq says to each; a command
that it understands ends at the missing sign-in. bq keeps its flags in the process, so each command
gets a fork of one that has loaded bq.
"""

import json
import os
import runpy
import sys
from pathlib import Path


def main() -> None:
    """Read, try, print."""
    program = Path(sys.argv[1], "platform", "bq", "bq.py")
    sys.path.insert(0, str(program.parent))
    runpy.run_path(str(program), run_name="bq_loaded")  # leaves its modules loaded
    json.dump([_said(program, command) for command in json.load(sys.stdin)], sys.stdout)


def _said(program: Path, command: list[str]) -> str:
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.dup2(writer, 1)
        os.dup2(writer, 2)
        sys.argv = [str(program), *command]
        _run(program)
    os.close(writer)
    with os.fdopen(reader, encoding="utf-8") as said:
        text = said.read()
    os.waitpid(child, 0)
    return text


def _run(program: Path) -> None:
    try:
        runpy.run_path(str(program), run_name="__main__")
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)


if __name__ == "__main__":
    main()
