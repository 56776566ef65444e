"""Update an object without losing what other processes write at the same time."""

import contextlib
from collections.abc import Callable, Iterator, Sequence

from core.errors import ChangedError, ConflictError, EntryError, TransientError
from core.messages import message
from core.storage.object_store.base import NewObject, ObjectStore, StoredObject, Unreadable

_TRIES = 100


def look(store: ObjectStore, name: str) -> StoredObject | None:
    """Read an object; None when there is none.

    Raises:
        EntryError: It cannot be read.
    """
    (stored,) = look_at_all(store, [name])
    return stored


def look_at_all(store: ObjectStore, names: Sequence[str]) -> Iterator[StoredObject | None]:
    """Read many objects, in the order of `names`; None for a missing one.

    Raises:
        EntryError: One of them cannot be read.
    """
    for stored in store.read_all(names):
        if isinstance(stored, Unreadable):
            raise EntryError(stored.reason)
        yield stored


def update(store: ObjectStore, name: str, change: Callable[[bytes | None], bytes]) -> bool:
    """Write what `change` makes of an object's bytes (None if missing); return whether they change.

    If another process writes the object meanwhile, `change` is called again with the new bytes.

    Raises:
        TransientError: Other processes keep writing it.
    """
    return update_from(store, name, look(store, name), change)


def update_from(
    store: ObjectStore,
    name: str,
    before: StoredObject | None,
    change: Callable[[bytes | None], bytes],
) -> bool:
    """As `update`, for a caller that has just read the object."""
    for _ in range(_TRIES):
        with contextlib.suppress(ChangedError, ConflictError):
            if before is None:
                return store.create([[NewObject(name, change(None))]]) > 0
            data = change(before.data)
            if data != before.data:
                store.replace(NewObject(name, data), if_generation=before.generation)
            return data != before.data
        before = look(store, name)
    raise TransientError(message("bucket.written_all_the_time", name=name))
