"""A view of a bucket that lists each prefix once."""

import threading

from core.storage.object_store.base import Listing, ObjectInfo, ObjectStore


class ListedOnce:
    """A bucket that keeps its first listing of each prefix; all other calls go to the store.

    It is for threads that write nothing: a listing is a Class A operation, or a walk of a folder.
    """

    def __init__(self, store: ObjectStore) -> None:
        self.bucket = store.bucket
        self.supersedes = store.supersedes
        self.find, self.checksum = store.find, store.checksum
        self.read, self.read_all = store.read, store.read_all
        self.session, self.create = store.session, store.create
        self.replace, self.delete = store.replace, store.delete
        self.delete_generation = store.delete_generation
        self.delete_generations = store.delete_generations
        self._store = store
        self._lock = threading.Lock()
        self._listings: dict[str, Listing] = {}

    def list(self, prefix: str) -> "list[ObjectInfo]":
        """Objects whose names begin with a prefix that ends in a slash, by name."""
        return [*self.listing(prefix).objects]

    def listing(self, prefix: str) -> Listing:
        """As `list`, with the unreadable entries."""
        with self._lock:
            if prefix not in self._listings:
                self._listings[prefix] = self._store.listing(prefix)
            return self._listings[prefix]
