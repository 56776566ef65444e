"""Measuring in processes of their own, so that memory and imports are those of the work alone.

Works where `os.wait4` exists: Linux and macOS. A new process inherits the peak memory of the one
that starts it, so the process that starts them imports nothing heavy.
"""

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
# numpy's OpenBLAS starts threads at import that spin for some 50 ms of CPU on an idle core. They do
# none of the work, and would be counted for tasks that begin right after it.
_NO_BLAS_THREADS = {"OPENBLAS_NUM_THREADS": "1"}
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


def run(command: Sequence[str], environment: Mapping[str, str] = MappingProxyType({})) -> Usage:
    """Run a command in the project's folder to its end.

    Args:
        environment: Variables to set beside those of this process.

    Raises:
        subprocess.CalledProcessError: It failed; what it complained of is on stderr.
    """
    started = time.perf_counter()
    with subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True
    ) as process:
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
    return task_of("benchmarks.tasks", name, **arguments)


def task_of(module: str, name: str, **arguments: object) -> dict[str, Any]:
    """What a function of such a module returns in a process of its own, and its `peak_mib`."""
    command = [sys.executable, "-m", module, name, json.dumps(arguments)]
    usage = run(command, _NO_BLAS_THREADS)
    return {**json.loads(usage.output), "peak_mib": usage.peak_mib}


def machine() -> dict[str, str]:
    """Date, processor, system and load, for a page to say what it was measured on."""
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    return {
        "Date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "Processor": f"{_processor()}, {os.cpu_count()} cores",
        "System": f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        "Load average at the start": load,
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
