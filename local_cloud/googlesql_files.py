"""Where what concerns Google's analyser is kept, and which releases made it."""

from importlib.metadata import version
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "build" / "googlesql"
RELEASES = "-".join(f"{name}-{version(name)}" for name in ("zetasql", "wasmtime"))
