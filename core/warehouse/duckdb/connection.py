"""Share a DuckDB file between processes: each action attaches the file and detaches it again.

While one process has a DuckDB file open for writing, no other process can open it, not even for
reading. So each action waits for its turn, up to a limit. Inside a process, threads share the
attached file, and its writers take turns. Once a process has used the file for `_TURN_S` without a
break, no further action may join, and after its last action it leaves the file alone for a moment,
so that many threads cannot keep it for ever.

Nothing else in this process may open the file, not even to read a byte: closing any descriptor of
a file drops the process's POSIX locks on it, including DuckDB's.
"""

import contextlib
import re
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING

from core.errors import PlatformError, StoreError, TransientError, WarehouseBusyError
from core.messages import Message, message
from core.storage.object_store.placing import place_new
from core.storage.object_store.staging import Staging
from core.warehouse.duckdb.attached import AttachedFile, drop_engine

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

# On Linux and macOS; on Windows in English; on Windows in any language, by DuckDB itself.
_LOCK_MESSAGES = (
    "Could not set lock on file", "being used by another process", "File is already open in",
)  # fmt: skip
LOG_WITHOUT_FILE = message("warehouse.log_without_file")
_INVALID = "has been invalidated"  # a file whose checkpoint failed, until it is attached again
_POLL_S = 0.02  # pause between two tries for the file
_TURN_S = 0.5  # longest use of the file by a process without a break
_BREAK_S = 0.1  # long enough for every waiting process to try once


class _Instance:
    """A file in this process, attached while threads use it."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.writer = threading.RLock()
        self._file: AttachedFile | None = None
        self._opening = False
        self._writing = 0
        self._users: Counter[int] = Counter()  # connections by thread
        self._busy_since = self._left_at = float("-inf")

    @contextlib.contextmanager
    def mark_writing(self) -> Iterator[None]:
        """A block in which a thread writes: it holds the file anyway, so readers may join."""
        self._writing += 1
        try:
            yield
        finally:
            self._writing -= 1

    def join(
        self, open_file: Callable[[], AttachedFile], wait_s: float
    ) -> "duckdb.DuckDBPyConnection | None":
        """A connection for the calling thread; None when its turn does not come in time."""
        with self.changed:
            if not self.changed.wait_for(self._may_enter, wait_s):
                return None
            if self._file is not None:
                return self._connect(self._file)
            self._opening = True
        try:
            self._take_a_break()
            file = open_file()
        except BaseException:  # Ctrl-C, too: the next one may open the file
            self._opened(None)
            raise
        return self._opened(file)

    def leave(self) -> None:
        """Give up the calling thread's connection; the last thread to leave closes the file."""
        with self.changed:
            self._users[threading.get_ident()] -= 1
            self._users += Counter()  # drops those that are at zero
            self.changed.notify_all()
            if not self._users and self._file is not None:
                file, self._file = self._file, None
                file.close()
                self._left_at = time.monotonic()

    def end_turn(self) -> None:
        """Let no other thread join: after some errors the file must be opened again."""
        with self.changed:
            self._busy_since = float("-inf")
        drop_engine()

    def _may_enter(self) -> bool:
        if self._file is None:
            return not self._opening
        in_turn = time.monotonic() - self._busy_since < _TURN_S
        # A thread that has a connection may get another one, or it would wait for itself.
        return in_turn or self._writing > 0 or threading.get_ident() in self._users

    def _take_a_break(self) -> None:
        now = time.monotonic()
        if now - self._left_at < _BREAK_S:
            if now - self._busy_since < _TURN_S:
                return
            time.sleep(_BREAK_S)
        self._busy_since = time.monotonic()

    def _opened(self, file: AttachedFile | None) -> "duckdb.DuckDBPyConnection | None":
        with self.changed:
            self._opening = False
            self._file = file
            self.changed.notify_all()
            return self._connect(file) if file is not None else None

    def _connect(self, file: AttachedFile) -> "duckdb.DuckDBPyConnection":
        self._users[threading.get_ident()] += 1
        try:
            return file.connect()
        except BaseException:  # Ctrl-C, too: the file may not stay attached without a user
            self.leave()
            raise


_INSTANCES: dict[Path, _Instance] = {}
_INSTANCES_GUARD = threading.Lock()


class DuckDBFile:
    """A DuckDB file that processes and threads take turns to use; its first use creates the file.

    `wait_s` is the longest wait, in seconds, while another process or thread has the file.
    """

    def __init__(self, path: Path, wait_s: float = 30.0) -> None:
        self.path = path.absolute()
        self.wait_s = wait_s
        with _INSTANCES_GUARD:
            self._instance = _INSTANCES.setdefault(self.path, _Instance())

    @property
    def _log(self) -> Path:
        """DuckDB's write-ahead log."""
        return self.path.with_name(f"{self.path.name}.wal")

    def exists(self) -> bool:
        """Whether the file exists, or the log of a deleted one."""
        return self.path.exists() or self._log.exists()

    @contextlib.contextmanager
    def reading(self) -> Iterator["duckdb.DuckDBPyConnection"]:
        """A connection that sees one unchanging state of the file for as long as it is open.

        Raises:
            WarehouseBusyError: Another process kept the file for longer than `wait_s`.
            StoreError: The file is damaged or cannot be created, the disk full, memory short.
        """
        with self._connection() as connection:
            connection.execute("BEGIN TRANSACTION READ ONLY")
            try:
                yield connection
            finally:
                _roll_back(connection)

    @contextlib.contextmanager
    def writing(self) -> Iterator["duckdb.DuckDBPyConnection"]:
        """A connection in one transaction: the end of the block commits, an error rolls back.

        Raises:
            PlatformError: As `reading`.
        """
        if not self._instance.writer.acquire(timeout=self.wait_s):
            raise WarehouseBusyError(self._busy(message("warehouse.another_task")))
        try:
            with self._connection() as connection, self._instance.mark_writing():
                connection.execute("BEGIN TRANSACTION")
                try:
                    yield connection
                except BaseException:  # Ctrl-C, too: no transaction may stay open
                    _roll_back(connection)
                    raise
                connection.execute("COMMIT")
        finally:
            self._instance.writer.release()

    def query(self, sql: str, parameters: Mapping[str, object] | None = None) -> "pa.Table":
        """Rows of one statement, as an Arrow table (timestamps in UTC); parameters are `$name`."""
        with self.reading() as connection:
            relation = connection.sql(sql, params=dict(parameters) if parameters else None)
            rows: pa.Table = relation.to_arrow_table()
            return rows

    @contextlib.contextmanager
    def _connection(self) -> Iterator["duckdb.DuckDBPyConnection"]:
        deadline = time.monotonic() + self.wait_s
        with self._translated_errors():
            connection = self._instance.join(lambda: self._open_waiting(deadline), self.wait_s)
            if connection is None:
                raise WarehouseBusyError(self._busy(message("warehouse.other_tasks")))
            try:
                with contextlib.closing(connection):
                    yield connection
            finally:
                self._instance.leave()

    @contextlib.contextmanager
    def _translated_errors(self) -> Iterator[None]:
        """Translate errors of the file and the machine; those of wrong statements pass."""
        import duckdb

        try:
            yield
        except duckdb.Error as error:
            if isinstance(error, duckdb.FatalException) or _INVALID in str(error):
                self._instance.end_turn()
            kind = _kind(error)
            if kind is None:
                raise
            raise kind(
                message("warehouse.unusable", path=self.path, reason=_reason(error))
            ) from error

    def _open_waiting(self, deadline: float) -> AttachedFile:
        import duckdb

        while True:
            try:
                return self._open()
            except duckdb.IOException as error:
                if not _says_locked(str(error)):
                    raise
                if time.monotonic() >= deadline:
                    raise WarehouseBusyError(self._busy(_holder(str(error)))) from error
            time.sleep(_POLL_S)

    def _open(self) -> AttachedFile:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if not self.path.exists():
                self._create()
        except OSError as error:
            raise StoreError(
                message("warehouse.folder", folder=self.path.parent, reason=error)
            ) from error
        return self._attach(self.path)

    def _attach(self, path: Path) -> AttachedFile:
        return AttachedFile(path, self.path.with_name(f"{self.path.name}.tmp"))

    def _create(self) -> None:
        """Create the file elsewhere and move it into place, so that no process sees half of it."""
        if self._log.exists() and not self.path.exists():
            raise StoreError(message("warehouse.log_alone", log=self._log, fault=LOG_WITHOUT_FILE))
        with tempfile.TemporaryDirectory(prefix=".new-", dir=self.path.parent) as folder:
            new = Path(folder) / self.path.name
            self._attach(new).close()
            with contextlib.suppress(FileExistsError):  # another process was faster
                place_new(str(new), str(self.path), Staging(self.path.parent).locked)

    def _busy(self, holder: str) -> Message:
        return message("warehouse.busy", path=self.path, holder=holder, wait_s=self.wait_s)


def _roll_back(connection: "duckdb.DuckDBPyConnection") -> None:
    """Roll back a transaction, unless a fault has ended it."""
    import duckdb

    with contextlib.suppress(duckdb.Error):
        connection.execute("ROLLBACK")


def _kind(error: "duckdb.Error") -> type[PlatformError] | None:
    """The class of the platform's error for one of DuckDB; None for a wrong statement."""
    import duckdb

    text = re.sub(r'".*?"', "", str(error))  # without names of files and tables
    if isinstance(error, duckdb.TransactionException):
        if "conflict" in text.lower():
            return TransientError
        return StoreError if "Failed to commit" in text else None
    if type(error) is duckdb.Error:  # as for a damaged block or log
        return StoreError
    machine = (
        duckdb.IOException, duckdb.OutOfMemoryException, duckdb.SerializationException,
        duckdb.FatalException, duckdb.InternalException,
    )  # fmt: skip
    return StoreError if isinstance(error, machine) else None


def _reason(error: "duckdb.Error") -> str:
    """The first sentence of a message, which may be long, without the name of the error class."""
    text = re.sub(r"^(?:.*Original error: |[A-Za-z ]+ Error: )", "", str(error), flags=re.DOTALL)
    return re.split(r"[.!]*(?:\s*\n|[.!]\s|$)", text, maxsplit=1)[0]


def _says_locked(text: str) -> bool:
    """Whether an error message says that another process has the file."""
    return any(sign in text for sign in _LOCK_MESSAGES)


def _holder(text: str) -> str:
    process = re.search(r"(?:held|open) in\s+(?P<program>.+?) \(PID (?P<pid>\d+)\)", text)
    if process is None:
        return message("warehouse.another_process")
    name = PureWindowsPath(process["program"]).name
    return message("warehouse.process", process=process["pid"], name=name)
