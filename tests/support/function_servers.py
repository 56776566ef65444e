"""The staged functions as servers: a virtual environment of their own, and functions-framework."""

import contextlib
import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from local_cloud.installs import python_of
from tests.support.missing import require_environment

ROOT = Path(__file__).parent.parent.parent
REQUIREMENTS = ROOT / "cloud_function" / "requirements.txt"
_UP_WITHIN_S = 60


@dataclass
class Server:
    """A function that is being served; `lines` are those of its log."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def lines(self) -> list[str]:
        return self.log.read_text(encoding="utf-8").splitlines()


def clean_environment() -> Path:
    """The Python of an environment with the functions' compiled requirements and nothing else."""
    return python_of(require_environment("function", "Tests of the functions", REQUIREMENTS))


@contextlib.contextmanager
def serving(
    source: Path, target: str, kind: str, settings: Mapping[str, str], log: Path
) -> Iterator[Server]:
    """A staged function under functions-framework, as Cloud Run starts it."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    python = clean_environment()
    command = [
        str(python), "-m", "functions_framework", f"--source={source / 'main.py'}",
        f"--target={target}", f"--signature-type={kind}", f"--port={port}", "--host=127.0.0.1",
    ]  # fmt: skip
    environment = {"PATH": os.environ["PATH"], "LOG_EXECUTION_ID": "true", **settings}
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=log.parent, env=environment, stdout=out, stderr=subprocess.STDOUT
        )
        try:
            server = Server(f"http://127.0.0.1:{port}", process, log)
            _wait_until_up(server)
            yield server
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:  # it waits for a call that is being served
                process.kill()
                process.wait()


def _wait_until_up(server: Server) -> None:
    """Until it accepts connections; `/robots.txt` is never handed to the function."""
    deadline = time.monotonic() + _UP_WITHIN_S
    while True:
        try:
            urllib.request.urlopen(f"{server.url}/robots.txt", timeout=5)  # noqa: S310
        except urllib.error.HTTPError:
            return
        except OSError:
            if server.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError("\n".join(server.lines())) from None
            time.sleep(0.05)
