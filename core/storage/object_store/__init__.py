"""Object stores: a bucket in a folder or on Google Cloud, behind one interface."""

from core.storage.object_store.base import (
    Listing,
    NewObject,
    ObjectInfo,
    ObjectStore,
    StoredObject,
    Unreadable,
)
from core.storage.object_store.local import LocalStore
from core.storage.object_store.update import look, look_at_all, update, update_from

__all__ = [
    "Listing",
    "LocalStore",
    "NewObject",
    "ObjectInfo",
    "ObjectStore",
    "StoredObject",
    "Unreadable",
    "look",
    "look_at_all",
    "update",
    "update_from",
]
