"""Run a command line: its standard streams, its error sentence, its exit code.

| Exit code | Meaning |
|---|---|
| 0 | success |
| 1 | a difference or a failed check |
| 2 | invalid input or settings, or the machine refused |
| 70 | a fault of the program; a file with the details is named |
| 74 | the work is done, and its output could not be written |
| 75 | the same command may succeed later |
| 130 | Ctrl-C |
"""

import io
import os
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TextIO, cast

from core.errors import PlatformError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

FAULT = 70  # EX_SOFTWARE of sysexits.h
NO_OUTPUT = 74  # EX_IOERR
INTERRUPTED = 130  # 128 and the number of SIGINT
_ESCAPED = "backslashreplace"


def run_command(work: Callable[[], int]) -> NoReturn:
    """Do the work of this process, and exit with the code that it returns."""
    output = _prepare_streams()
    code = answer(work)
    sys.stdout.flush()
    failure = output.failure
    # A reader such as `head` closes the pipe early: that is no error.
    if not code and failure is not None and not isinstance(failure, BrokenPipeError):
        complain(f"Cannot write the output: {failure.strerror}; the work itself is done.")
        code = NO_OUTPUT
    sys.exit(code)


def answer(work: Callable[[], int]) -> int:
    """Do some work and return its exit code; print an error as a sentence on standard error."""
    try:
        return work()
    except PlatformError as error:
        complain(str(error))
        return error.exit_code
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except KeyboardInterrupt:
        complain("interrupted; the same command goes on where this one stopped.")
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the process's last boundary: people read sentences
        complain(_describe_fault(error))
        return FAULT


def complain(sentence: str) -> None:
    """Print an error on standard error."""
    sys.stderr.write(f"error: {sentence}\n")


def _describe_fault(error: Exception) -> str:
    """Describe an unexpected error in a sentence; write its traceback to a file."""
    words = " ".join(f"{type(error).__name__}: {error}".split()).rstrip(".")
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", errors=_ESCAPED,
            prefix="mrhealth-fault-", suffix=".txt", delete=False,
        ) as file:  # fmt: skip
            file.write(f"{' '.join(sys.argv)}\n{''.join(traceback.format_exception(error))}")
        details = f"report it with the details in {file.name}"
    except OSError:
        place = traceback.extract_tb(error.__traceback__)[-1]
        details = f"report it with its place, {place.filename} line {place.lineno}"
    return f"This is a fault of the program, not of the request ({words}): {details}."


class _Output(io.RawIOBase):
    """A standard stream that drops what it cannot write, so that the work goes on.

    `failure` is the error of the first write that failed.
    """

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self._stream = stream
        self._raw = getattr(stream.buffer, "raw", stream.buffer)
        self.failure: OSError | None = None

    def write(self, data: "ReadableBuffer") -> int:
        """Write what can be written, and report all as written."""
        if self.failure is None:
            try:
                return int(self._raw.write(data))
            except OSError as error:
                self.failure = error
        return memoryview(data).nbytes

    def writable(self) -> bool:
        """Yes."""
        return True

    def fileno(self) -> int:
        """That of the stream."""
        return self._stream.fileno()

    def isatty(self) -> bool:
        """Whether the stream is a terminal."""
        return self._stream.isatty()


def _prepare_streams() -> _Output:
    """Make the standard streams accept every character, even if they are closed or full."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:  # otherwise the next opened file would become the standard stream
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # noqa: FBT003 - only so
    sys.stdin = sys.stdin or _open_nothing("r")
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors=_ESCAPED)
    sys.stderr, _ = _guard(sys.stderr)
    sys.stdout, output = _guard(sys.stdout)
    return output


def _guard(stream: TextIO | None) -> tuple[TextIO, _Output]:
    stream = stream or _open_nothing("w")
    output = _Output(stream)
    text = io.TextIOWrapper(
        io.BufferedWriter(output), stream.encoding, _ESCAPED,
        line_buffering=getattr(stream, "line_buffering", False),
    )  # fmt: skip
    return text, output


def _open_nothing(mode: str) -> TextIO:
    return cast("TextIO", Path(os.devnull).open(mode, encoding="utf-8"))
