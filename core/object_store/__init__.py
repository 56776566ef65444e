"""Object stores: where the objects live, behind the few verbs that the platform needs."""

from core.object_store.base import NewObject, ObjectInfo, ObjectStore, StoredObject
from core.object_store.local import LocalStore
from core.object_store.update import look, update, update_from

__all__ = [
    "LocalStore",
    "NewObject",
    "ObjectInfo",
    "ObjectStore",
    "StoredObject",
    "look",
    "update",
    "update_from",
]
