"""A bucket of Google Cloud Storage.

An object is created only if there is none (`ifGenerationMatch=0`), so that the library may repeat
an upload. After a lost answer the repeated upload gets 412 although the object is stored: on 412
the checksums decide between success and conflict. The server refuses bytes that fail their CRC32C.
"""

import contextlib
import functools
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from core.errors import ChangedError, ConflictError, MissingObjectError, StoreError
from core.gcp.clients import THREADS, storage_client
from core.gcp.errors import google_errors
from core.messages import message
from core.settings import Cloud
from core.storage.object_store.base import Listing, NewObject, ObjectInfo, StoredObject
from core.storage.object_store.checksums import crc32c

if TYPE_CHECKING:
    from google.api_core.retry import Retry
    from google.cloud.storage import Blob, Bucket

_Repeated: TypeAlias = Callable[[Callable[..., Any]], Callable[..., Any]]
_In = TypeVar("_In")
_Out = TypeVar("_Out")

# Custom metadata of an object that its publisher loads in a batch.
BATCHED: Mapping[str, str] = {"mrhealth-load": "batch"}

_PAGE = 1_000  # objects per list call, the API's maximum
_TIMEOUT_S = 60.0  # of one request
_PAUSES = {"initial": 0.2, "maximum": 10.0, "multiplier": 2.0}  # seconds between tries, at most
_AHEAD = 4 * THREADS  # objects to read ahead of the caller


class GcsStore:
    """A bucket of Google Cloud Storage, for many threads; the first call connects to it.

    After passing faults a request is repeated for `wait_s` seconds.
    """

    def __init__(self, cloud: Cloud, wait_s: float = 30.0) -> None:
        self.bucket = cloud.bucket
        self._wait_s = max(wait_s, 1.0)
        self._cloud = cloud
        self._lock = threading.Lock()
        self._opened: Bucket | None = None

    def list(self, prefix: str) -> list[ObjectInfo]:
        """The objects below a prefix, by name. One Class A operation for each 1,000."""
        fields = "items(name,generation,size,crc32c,contentEncoding),nextPageToken"
        with self._translated_errors("list", prefix), self._in_a_bucket():
            blobs = self._bucket().client.list_blobs(
                self.bucket, prefix=prefix or None, fields=fields, page_size=_PAGE,
                timeout=_TIMEOUT_S, retry=self._retry(),
            )  # fmt: skip
            return sorted(map(_info, blobs))

    def listing(self, prefix: str) -> Listing:
        """As `list`; every entry of a bucket is an object."""
        return Listing(self.list(prefix), [])

    def supersedes(self, generation: int, known: int | None) -> bool:
        """Whether a generation is greater than the ledger's, or the ledger has none."""
        return known is None or known < generation

    def find(self, name: str) -> ObjectInfo | None:
        """The object of that name; None when there is none. One Class B operation."""
        with self._translated_errors("look_at", name):
            blob = self._bucket().get_blob(name, timeout=_TIMEOUT_S, retry=self._retry())
        return _info(blob) if blob else None

    def read(self, name: str, if_generation: int | None = None) -> StoredObject:
        """An object's bytes and their generation. One Class B operation.

        Raises:
            MissingObjectError: There is no object of that name.
            ChangedError: It is in another generation.
        """
        from google.api_core.exceptions import NotFound, PreconditionFailed

        blob = self._bucket().blob(name)
        with self._translated_errors("read", name):
            try:
                data: bytes = blob.download_as_bytes(
                    if_generation_match=if_generation, checksum="crc32c",
                    timeout=_TIMEOUT_S, retry=self._retry(),
                )  # fmt: skip
            except NotFound:
                raise MissingObjectError(
                    message("bucket.not_in", name=name, place=self._place(""))
                ) from None
            except PreconditionFailed:
                raise ChangedError(
                    message("bucket.not_in_if_generation", name=name, generation=if_generation)
                ) from None
        return StoredObject(name, int(blob.generation), data)

    def read_all(self, names: Sequence[str]) -> Iterator[StoredObject | None]:
        """The bytes of many objects, in the order of `names`; None for a missing one."""
        return _in_order(self._read_or_none, names)

    def checksum(self, name: str) -> str:
        """CRC32C of what `read` returns, in base64. One Class B operation; two if compressed."""
        found = self.find(name)
        if found is None:
            raise MissingObjectError(message("bucket.not_in", name=name, place=self._place("")))
        return crc32c(self.read(name).data) if found.encoded else found.crc32c

    @contextlib.contextmanager
    def session(self) -> Iterator[None]:
        """A block of many writes; the first write shows whether the bucket is writable."""
        yield

    def create(self, groups: Iterable[Sequence[NewObject]]) -> int:
        """Write groups in parallel, the objects of each in order; return how many were new.

        The first error ends the call after the groups under way; another call writes the rest.

        Raises:
            ConflictError: An object exists with other bytes, and stays unchanged.
        """
        return sum(_in_order(self._create_group, list(groups)))

    def replace(self, new: NewObject, if_generation: int | None = None) -> None:
        """Write an object whether or not it exists. One Class A operation.

        Raises:
            ChangedError: It is in another generation; nothing was written.
        """
        from google.api_core.exceptions import PreconditionFailed

        with self._translated_errors("write", new.name), self._in_a_bucket():
            try:
                self._upload(new, if_generation)
            except PreconditionFailed:
                if self._has(new):
                    return  # written by an earlier try whose answer was lost
                raise ChangedError(message("bucket.changed", name=new.name)) from None

    def delete(self, *names: str) -> None:
        """Delete objects; missing ones are ignored. Free of charge."""
        for _ in _in_order(self._delete, names):
            pass

    def _delete(self, name: str, generation: int | None = None) -> None:
        from google.api_core.exceptions import NotFound, PreconditionFailed

        with self._translated_errors("delete", name), contextlib.suppress(NotFound):
            try:
                self._bucket().blob(name).delete(
                    if_generation_match=generation, timeout=_TIMEOUT_S, retry=self._retry()
                )
            except PreconditionFailed:
                raise ChangedError(
                    message("bucket.not_in_generation", name=name, generation=generation)
                ) from None

    def delete_generation(self, name: str, generation: int) -> None:
        """Delete an object in one generation; a missing object is ignored.

        Raises:
            ChangedError: It is in another generation, and stays.
        """
        self._delete(name, generation)

    def delete_generations(self, generations: Mapping[str, int]) -> set[str]:
        """Delete many objects, each in one generation; return the names in another, which stay."""

        def stays(name: str) -> bool:
            try:
                self._delete(name, generations[name])
            except ChangedError:
                return True
            return False

        names = [*generations]
        return {name for name, stay in zip(names, _in_order(stays, names), strict=True) if stay}

    def _bucket(self) -> "Bucket":
        with self._lock:
            if self._opened is None:
                self._opened = storage_client(self._cloud).bucket(self.bucket)
            return self._opened

    def _read_or_none(self, name: str) -> StoredObject | None:
        try:
            return self.read(name)
        except MissingObjectError:
            return None

    def _create_group(self, group: Sequence[NewObject]) -> int:
        return sum(self._create(new) for new in group)

    def _create(self, new: NewObject) -> bool:
        """Write an object that does not exist; False when it exists with the same bytes."""
        from google.api_core.exceptions import PreconditionFailed

        with self._translated_errors("write", new.name), self._in_a_bucket():
            try:
                self._upload(new, 0)
            except PreconditionFailed:
                if not self._has(new):
                    raise ConflictError(message("bucket.other_content", name=new.name)) from None
                return False
        return True

    def _upload(self, new: NewObject, if_generation: int | None) -> None:
        blob = self._bucket().blob(new.name)
        if new.batched:
            blob.metadata = dict(BATCHED)
        # Without a precondition a second try could overwrite another writer's object.
        retry = self._retry() if if_generation is not None else None
        blob.upload_from_string(
            new.data, content_type=_content_type(new.name), if_generation_match=if_generation,
            checksum="crc32c", timeout=_TIMEOUT_S, retry=retry,
        )  # fmt: skip

    def _has(self, new: NewObject) -> bool:
        try:
            return self.checksum(new.name) == crc32c(new.data)
        except MissingObjectError:
            return False

    @contextlib.contextmanager
    def _in_a_bucket(self) -> Iterator[None]:
        """A block of calls that get 404 only if there is no bucket."""
        from google.api_core.exceptions import NotFound

        try:
            yield
        except NotFound as error:
            raise StoreError(message("bucket.none", bucket=self.bucket)) from error

    def _retry(self) -> "_Repeated":
        from google.cloud.storage.retry import DEFAULT_RETRY

        return _from_first_fault(DEFAULT_RETRY.with_delay(**_PAUSES).with_timeout(self._wait_s))

    def _translated_errors(self, verb: str, name: str) -> contextlib.AbstractContextManager[None]:
        return google_errors(message(f"doing.{verb}", name=self._place(name)))

    def _place(self, name: str) -> str:
        return f"gs://{self.bucket}/{name}"


def _from_first_fault(retry: "Retry") -> "_Repeated":
    """A policy whose time runs from the first fault: an answer may be lost after a long call."""

    def repeated(call: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(call)
        def patient(*args: Any, **options: Any) -> Any:  # noqa: ANN401 - the library's call
            try:
                return call(*args, **options)
            except Exception as error:  # of any type: the policy says which are transient
                if not retry._predicate(error):  # noqa: SLF001 - there is no public name
                    raise
            time.sleep(_PAUSES["initial"])
            return retry(call)(*args, **options)

        return patient

    return repeated


def _in_order(work: Callable[[_In], _Out], things: Sequence[_In]) -> Iterator[_Out]:
    """Results of `work`, in order, by `THREADS` threads that run a little ahead."""
    with ThreadPoolExecutor(THREADS, thread_name_prefix="gcs") as threads:
        under_way: deque[Future[_Out]] = deque()
        try:
            for thing in things:
                under_way.append(threads.submit(work, thing))
                if len(under_way) == _AHEAD:
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()
        finally:
            for future in under_way:
                future.cancel()


def _info(blob: "Blob") -> ObjectInfo:
    encoded = blob.content_encoding == "gzip"  # the only encoding that reading decodes
    checksum = "" if encoded else blob.crc32c or ""
    return ObjectInfo(blob.name, int(blob.generation), int(blob.size), checksum, encoded)


def _content_type(name: str) -> str:
    if name.endswith(".parquet"):
        return "application/vnd.apache.parquet"
    return "application/json" if name.endswith(".json") else "text/csv; charset=utf-8"
