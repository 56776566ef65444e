"""What the command lines that start servers share: complaints, sentences, settings, and the end."""

import argparse
import shlex
import signal
import sys
from collections.abc import Mapping
from typing import NoReturn

from core.command import complain


class Parser(argparse.ArgumentParser):
    """An argument parser that keeps its examples' layout and complains in one sentence."""

    def __init__(self, prog: str, description: str | None, examples: str) -> None:
        super().__init__(
            prog=prog,
            description=description,
            epilog=examples,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, and how to see what would be right."""
        self.exit(2, f"error: {message}; see {self.prog} --help.\n")


def hear_the_end() -> None:
    """Have SIGTERM end the process in order, and SIGINT whoever has started it."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    # A shell that starts it in the background has it ignore SIGINT; whoever sends one means it.
    signal.signal(signal.SIGINT, signal.default_int_handler)


def assignments(variables: Mapping[str, str]) -> list[str]:
    """Settings as a POSIX shell assigns them."""
    return [f"{name}={shlex.quote(value)}" for name, value in variables.items()]


def to_set(variables: Mapping[str, str]) -> list[str]:
    """Lines that say how to set them in another terminal."""
    return [
        *(f"  export {line}" for line in assignments(variables)),
        "or with PowerShell:",
        *(f"  $env:{name} = '{value}'" for name, value in variables.items()),
    ]


def say(text: str) -> None:
    """Print at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def fail(sentence: str, code: int) -> int:
    """Complain, and give the exit code."""
    complain(sentence)
    return code
