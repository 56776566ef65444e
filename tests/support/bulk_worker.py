"""Work that spawned processes have to find in a module, and commands killed in the middle.

`python -m tests.support.bulk_worker NUMBER SCRIPT ...` runs a command line, and kills itself as the
object, or the folder of objects, of that number is about to appear in the bucket.
"""

import os
import runpy
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from core.errors import InputError
from core.generation.catalog import load_catalog
from core.operations.bulk import Place
from core.storage.object_store import LocalStore, NewObject
from core.storage.publish import Published
from core.storage.shards import Shard, ShardedRequest, publish_shard


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


def publish_or_die(place: Place, plan: ShardedRequest, fatal: Shard, shard: Shard) -> Published:
    """Publish a shard, and be killed in the middle of one of them."""
    if shard == fatal:
        die_at(3)
    return publish_shard(place.store(), plan, shard, load_catalog())


def die_at(number: int) -> None:
    """Be killed as the object, or the folder of objects, of that number is about to appear."""
    appear, left = LocalStore._appear, [number]

    def appear_or_die(store: LocalStore, staged: str, group: Sequence[NewObject]) -> int:
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
        return appear(store, staged, group)

    LocalStore._appear = appear_or_die  # type: ignore[method-assign,assignment]  # the process is its own


if __name__ == "__main__":
    die_at(int(sys.argv[1]))
    sys.argv = sys.argv[2:]
    sys.path.insert(0, str(Path(sys.argv[0]).parent))
    runpy.run_path(sys.argv[0], run_name="__main__")
