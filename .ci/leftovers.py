"""Exit 1 where processes of a gate's run are left: they have its GATE_RUN in their environment."""

import os
import sys

import psutil

_ENDING_S = 5  # a server that was asked to end may take so long


def main() -> int:
    """Name what is left over."""
    run = os.environ["GATE_RUN"]
    ours = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
    found = [each for each in psutil.process_iter() if each.pid not in ours and _is_of(each, run)]
    _, left = psutil.wait_procs(found, timeout=_ENDING_S)
    for each in left:
        print(f"left over: process {each.pid}, {' '.join(each.cmdline())}", file=sys.stderr)
    return 1 if left else 0


def _is_of(process: psutil.Process, run: str) -> bool:
    try:
        return process.environ().get("GATE_RUN") == run
    except psutil.Error:  # it has ended, or is somebody else's
        return False


if __name__ == "__main__":
    sys.exit(main())
