"""Changing an object that others may be changing, too, without losing what they wrote."""

import contextlib
from collections.abc import Callable

from core.errors import ChangedError, ConflictError, TransientError
from core.object_store.base import NewObject, ObjectStore

_TRIES = 100


def update(store: ObjectStore, name: str, change: Callable[[bytes | None], bytes]) -> bool:
    """Write what `change` makes of an object's bytes (None when there is none) and say if it did.

    When somebody else writes the object meanwhile, `change` is asked again about the new bytes.

    Raises:
        TransientError: Others write it all the time.
    """
    for _ in range(_TRIES):
        with contextlib.suppress(ChangedError, ConflictError):
            if not store.find(name):
                return store.create([[NewObject(name, change(None))]]) > 0
            before = store.read(name)
            data = change(before.data)
            if data != before.data:
                store.replace(NewObject(name, data), if_generation=before.generation)
            return data != before.data
    raise TransientError(f"{name} is being written by others all the time: try again later.")
