"""The emulators as processes: Cloud Storage, BigQuery, and Cloud Scheduler with Cloud Logging."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from local_cloud.installs import environment, home_of, python_of
from local_cloud.keeper import keep, release

_UP_WITHIN_S = 60.0
_POLL_S = 0.02


class ServerError(Exception):
    """A server does not start; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the emulators listen: HTTP, and `host:port` of the log's gRPC."""

    storage: str
    bigquery: str
    scheduler: str
    logging: str


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextlib.contextmanager
def process(
    command: Sequence[str],
    log: Path,
    settings: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """A process with all that it starts, ended with the block; its output goes to a file."""
    with log.open("ab") as out:
        started = subprocess.Popen(  # noqa: S603 - the callers' own commands
            command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
            env={**os.environ, **(settings or {})}, start_new_session=os.name != "nt",
        )  # fmt: skip
    keep(started.pid)
    try:
        yield started
    finally:
        _end(started)
        release(started.pid)


def wait_until(
    ready: Callable[[], bool],
    started: "subprocess.Popen[bytes]",
    log: Path,
    within_s: float = _UP_WITHIN_S,
) -> None:
    """Wait until a process that was started answers.

    Raises:
        ServerError: It ends before, or takes too long.
    """
    deadline = time.monotonic() + within_s
    while not ready():
        if started.poll() is not None or time.monotonic() > deadline:
            lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
            raise ServerError(f"{log.stem} does not start: {' '.join(lines[-3:])} (see {log}).")
        time.sleep(_POLL_S)


def listens(port: int) -> bool:
    """Whether somebody accepts connections on a port of this machine."""
    with socket.socket() as tried:
        tried.settimeout(1)
        return tried.connect_ex(("127.0.0.1", port)) == 0


@contextlib.contextmanager
def servers(folder: Path, logging_port: int = 0) -> Iterator[Addresses]:
    """All emulators, with their objects and logs in a folder; ended with the block.

    Args:
        logging_port: Where the log listens, which no gateway stands before; 0 for any free port.

    Raises:
        InstallError: One of them cannot be installed.
        ServerError: One of them does not start.
    """
    folder.mkdir(parents=True, exist_ok=True)
    storage, bigquery, queries, scheduler = (free_port() for _ in range(4))
    logs = logging_port or free_port()
    commands = {
        "storage": (_storage(storage, folder), {}, storage),
        "bigquery": _bigquery(bigquery, queries, folder),
        "google": (_google(scheduler, logs), {}, logs),
    }
    with contextlib.ExitStack() as stack:
        started = {}
        for name, (command, settings, port) in commands.items():
            log = folder / f"{name}.log"
            started[name] = (stack.enter_context(process(command, log, settings)), log, port)
        for running, log, port in started.values():
            wait_until(lambda port=port: listens(port), running, log)  # type: ignore[misc]
        yield Addresses(
            storage=f"http://127.0.0.1:{storage}",
            bigquery=f"http://127.0.0.1:{bigquery}",
            scheduler=f"http://127.0.0.1:{scheduler}",
            logging=f"127.0.0.1:{logs}",
        )


def objects_folder(folder: Path) -> Path:
    """Where the storage emulator keeps its buckets."""
    objects = folder / "objects"
    objects.mkdir(exist_ok=True)
    return objects


def _storage(port: int, folder: Path) -> list[str]:
    address = f"http://127.0.0.1:{port}"
    return [
        str(_storage_binary()), "-scheme", "http", "-host", "127.0.0.1", "-port", str(port),
        "-backend", "filesystem", "-filesystem-root", str(objects_folder(folder)),
        "-external-url", address, "-public-host", f"127.0.0.1:{port}",
    ]  # fmt: skip


def _storage_binary() -> Path:
    found = sorted(environment("storage").rglob("bin/fake-gcs-server-*"))
    if not found:
        raise ServerError("storage does not start: its wheel has no server for this machine.")
    return found[0]


def _bigquery(port: int, grpc: int, folder: Path) -> tuple[list[str], dict[str, str], int]:
    installed = environment("bigquery")
    home = str(home_of(installed))
    script = Path(__file__).resolve().parent / "bigquery_server.py"
    command = [
        str(python_of(installed)), str(script), "start", "--rest-port", str(port),
        "--grpc-port", str(grpc), "--ephemeral", "--log-level", "warning",
    ]  # fmt: skip
    settings = {
        "HOME": home, "USERPROFILE": home, "BQEMU_GCS_LOCAL_ROOT": str(objects_folder(folder)),
        "BQEMU_ENABLE_FORMAT_EXTENSIONS": "false",  # Avro and ORC, which it would download
    }  # fmt: skip
    return command, settings, port


def _google(scheduler: int, logs: int) -> list[str]:
    script = Path(__file__).resolve().parent / "google_services.py"
    return [str(python_of(environment("google"))), str(script), str(scheduler), str(logs)]


def _end(started: "subprocess.Popen[bytes]") -> None:
    if os.name == "nt":
        started.terminate()
    else:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(started.pid, signal.SIGTERM)
    try:
        started.wait(10)
    except subprocess.TimeoutExpired:
        if sys.platform != "win32":
            os.killpg(started.pid, signal.SIGKILL)
        started.kill()
        started.wait()
