"""The functions' source in one folder: `python -m cloud_function.staging` makes `build/function`.

It holds only the code that runs there: no panel, no tests, no settings.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from core.command import run_command

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "build" / "function"
# What `main.py` imports of its package. `main.py` itself goes above it, where Google expects it.
_MODULES = ("__init__.py", "call_log.py", "http_request.py", "storage_event.py")


def stage(folder: Path = FOLDER) -> Path:
    """Gather the functions' source in a folder, and replace what was there.

    Returns:
        The folder.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix=f"{folder.name}-", dir=folder.parent))
    own = ROOT / "cloud_function"
    for name in ("main.py", "requirements.txt"):
        shutil.copyfile(own / name, new / name)
    (new / own.name).mkdir()
    for name in _MODULES:
        shutil.copyfile(own / name, new / own.name / name)
    shutil.copytree(
        ROOT / "core", new / "core", ignore=shutil.ignore_patterns("__pycache__", "*.pyc")
    )
    new.chmod(0o755)
    shutil.rmtree(folder, ignore_errors=True)
    new.replace(folder)
    return folder


def main() -> int:
    """Stage, and say where."""
    folder = stage()
    files = sum(path.is_file() for path in folder.rglob("*"))
    sys.stdout.write(f"{files} files in {folder}.\n")
    return 0


if __name__ == "__main__":
    run_command(main)
