"""Work for the tests of `core.workers`, which spawned processes have to find in a module."""

import os
import signal
import sys
import threading

from core.errors import InputError


def square(number: int) -> int:
    """Twice itself; three is refused."""
    if number == 3:
        raise InputError("3 is refused.")
    return number * number


def process(_: int) -> int:
    """The process that does it."""
    return os.getpid()


def die(number: int) -> int:
    """Be killed, as by the system when memory runs out."""
    if number == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def stay(_: int) -> int:
    """Say who one is, and stay until ended."""
    sys.stdout.write(f"{os.getpid()}\n")
    sys.stdout.flush()
    threading.Event().wait()
    return 0
