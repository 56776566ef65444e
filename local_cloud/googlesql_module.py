"""Google's WebAssembly module, compiled once for all processes and kept in build/googlesql.

PyPI's `zetasql` compiles its 28 MB in each process, which takes half a minute of a core. Compiled
for little work instead of much speed they take half of it, and a process that finds them kept takes
no time.
"""

import platform
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import wasmtime
from zetasql.core import wasm_client

from local_cloud.googlesql_files import FOLDER, RELEASES


class _QuickToCompile(wasmtime.Config):
    def __init__(self) -> None:
        super().__init__()
        self.cranelift_opt_level = "none"
        self.cranelift_flag_set("regalloc_algorithm", "single_pass")


class _Kept:
    """What the client takes for wasmtime's `Module`."""

    @staticmethod
    def from_file(engine: wasmtime.Engine, path: str) -> wasmtime.Module:
        """The module, compiled by whichever process comes first; the others wait for it."""
        kept = FOLDER / f"{RELEASES}-{platform.machine()}"
        FOLDER.mkdir(parents=True, exist_ok=True)
        with _alone():
            if not kept.exists():
                with tempfile.NamedTemporaryFile(dir=FOLDER, delete=False) as new:
                    new.write(wasmtime.Module.from_file(engine, path).serialize())
                Path(new.name).rename(kept)
        return wasmtime.Module.deserialize_file(engine, str(kept))


@contextmanager
def _alone() -> Iterator[None]:
    with (FOLDER / "lock").open("w") as lock:
        if sys.platform != "win32":  # there each process compiles, and the first one's is kept
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def use() -> None:
    """Let `zetasql` take its module from here, in this process."""
    wasm_client.Config = _QuickToCompile
    wasm_client.Module = _Kept
