"""Virtual environments of emulators and engines, each made once, kept in build/local_cloud."""

import contextlib
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from core.locks import take_lock

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / "build" / "local_cloud"
REQUIREMENTS = Path(__file__).resolve().parent / "requirements"
_POLL_S = 0.1
_MOST_SAID = 500  # characters of an installer's reason, whose end says most
_UV = REQUIREMENTS / "uv.txt"  # installs in seconds, and what pip refuses in hash mode

# DuckDB would download these at the emulator's start; wheels bring them instead.
_EXTENSIONS = """
from duckdb_extensions import import_extension
for name in ("spatial", "icu"):
    import_extension(name)
"""


class InstallError(Exception):
    """An emulator cannot be installed; the message is a sentence."""


def environment(name: str, requirements: Path | None = None) -> Path:
    """Folder of the virtual environment of `bigquery`, `storage` or `google`, or of another name.

    It is made when it is missing in the present state of its requirements. One process builds at a
    time, and the others wait for it: two builds side by side take longer than one after the other.

    Args:
        requirements: A compiled file with hashes; that of the emulator by default.

    Raises:
        InstallError: Its packages cannot be installed.
    """
    requirements = requirements or REQUIREMENTS / f"{name}.txt"
    state = requirements.read_bytes() + sys.version.encode()
    folder = CACHE / f"{name}-{hashlib.sha256(state).hexdigest()[:12]}"
    if folder.exists():
        return folder
    CACHE.mkdir(parents=True, exist_ok=True)
    with _turn_to_build(CACHE / "building.lock"):
        if not folder.exists():
            new = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=CACHE))
            try:
                _build(new, name, requirements)
                new.rename(folder)
            finally:
                shutil.rmtree(new, ignore_errors=True)
    return folder


@contextlib.contextmanager
def _turn_to_build(path: Path) -> Iterator[None]:
    """A block that one process of this machine is in at a time."""
    with path.open("ab") as lock:
        while not take_lock(lock.fileno()):
            time.sleep(_POLL_S)
        yield


def python_of(folder: Path) -> Path:
    """The Python of a virtual environment."""
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _build(folder: Path, name: str, requirements: Path) -> None:
    there = importlib.util.find_spec("uv") is not None
    bare = ("--without-pip",) if there else ()
    _run(name, [sys.executable, "-m", "venv", *bare, str(folder)])
    python = str(python_of(folder))
    if not there:
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        _run("uv", [*pip, "--require-hashes", "-r", str(_UV)])
    uv = [sys.executable if there else python, "-m", "uv", "pip", "install", "--quiet"]
    _run(name, [*uv, "--python", python, "--require-hashes", "-r", str(requirements)])
    if name == "bigquery":
        _run(name, [python, "-c", _EXTENSIONS], home=home_of(folder))


def home_of(folder: Path) -> Path:
    """The home folder with DuckDB's extensions, in a virtual environment."""
    home = folder / "home"
    home.mkdir(exist_ok=True)
    return home


def _run(name: str, command: list[str], home: Path | None = None) -> None:
    settings = {**os.environ, **({"HOME": str(home), "USERPROFILE": str(home)} if home else {})}
    done = subprocess.run(command, env=settings, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        said = " ".join((done.stderr or done.stdout).split()) or "no reason given"
        raise InstallError(f"Cannot install what {name} needs: {said[-_MOST_SAID:]}")
