"""Measuring in processes of their own, so that memory and imports are those of the work alone.

Works where `os.wait4` exists: Linux and macOS. A new process inherits the peak memory of the one
that starts it, so the process that starts them imports nothing heavy.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
_KIB_PER_UNIT = 1 / 1024 if sys.platform == "darwin" else 1  # of ru_maxrss


class Usage(NamedTuple):
    """What a process took.

    Attributes:
        cpu_s: User and system time of all its threads, in seconds.
        peak_mib: Largest resident memory, in MiB.
        output: What it printed.
    """

    cpu_s: float
    wall_s: float
    peak_mib: float
    output: str


def run(command: Sequence[str]) -> Usage:
    """Run a command in the project's folder to its end.

    Raises:
        subprocess.CalledProcessError: It failed; what it complained of is on stderr.
    """
    started = time.perf_counter()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        output = process.stdout.read() if process.stdout else ""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall_s = time.perf_counter() - started
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    peak_mib = usage.ru_maxrss * _KIB_PER_UNIT / 1024
    return Usage(usage.ru_utime + usage.ru_stime, wall_s, peak_mib, output)


def python(code: str) -> Usage:
    """Run Python code in a process of its own."""
    return run([sys.executable, "-c", code])


def task(name: str, **arguments: object) -> dict[str, Any]:
    """What a function of `benchmarks.tasks` returns in a process of its own, and its `peak_mib`."""
    usage = run([sys.executable, "-m", "benchmarks.tasks", name, json.dumps(arguments)])
    return {**json.loads(usage.output), "peak_mib": usage.peak_mib}
