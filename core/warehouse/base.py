"""What the platform asks of a warehouse, and what it gives to one."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, NamedTuple, Protocol, TypeAlias

from core.errors import ChangedError
from core.messages import message
from core.warehouse.validated import Validated

Value: TypeAlias = str | int | bool | Decimal | date | datetime | None
DATASETS: Final = ("bronze", "silver", "gold")
LEDGER: Final = "bronze._ingested_objects"  # which generation of each object Bronze has
SALES_TABLES: Final = ("orders", "order_items")  # of Bronze; their rows name the object they are of
NOTHING: Final[Mapping[str, int]] = MappingProxyType({})
Parameters: TypeAlias = Mapping[str, Value | Sequence[str] | Sequence[date]]


def trust() -> None:
    """Confirm that an object is as it was judged, where no bucket can say otherwise."""


def deny() -> None:
    """Confirm nothing, for a load that is sent to another process, which confirms by itself.

    Raises:
        ChangedError: Always.
    """
    raise ChangedError(message("warehouse.not_confirmed"))


class Load(NamedTuple):
    """An object to put into Bronze: its validated rows, its bytes' number and CRC32C.

    Attributes:
        file: The bytes of a Parquet object whose rows were all found good, so that it is loaded
            as it is; then `rows.columns` has none of them.
        confirm: Raises `ChangedError` once the bucket has another generation than the judged one.
    """

    name: str
    generation: int
    rows: Validated
    size: int
    crc32c: str
    file: bytes | None = None
    confirm: Callable[[], None] = trust


class BronzeFile(NamedTuple):
    """What Bronze has of one object.

    Attributes:
        generation: The one that the ledger has; None when it has none.
        rows: Rows that stand in the table.
        duplicates: Those among them whose id stands in more than one row of the table.
        loaded, rejected: Rows by the ledger.
        reason: Why the whole file went to quarantine.
        size, crc32c: Number and checksum of the bytes that were ingested; -1 and empty for none.
        uncertain: Whether the generation tells little: see `Warehouse.uncertain`.
    """

    name: str
    generation: int | None
    rows: int
    duplicates: int
    loaded: int
    rejected: int
    reason: str | None
    size: int
    crc32c: str
    uncertain: bool = False

    @classmethod
    def absent(cls, name: str) -> "BronzeFile":
        """An object of which Bronze has nothing."""
        return cls(name, None, 0, 0, 0, 0, None, -1, "")


NEXT = "_next_"  # begins the names of tables whose rows are yet to be published


def next_name(table: str) -> str:
    """Where the rows are that go into a table such as `silver.orders`: `silver._next_orders`."""
    dataset, _, name = table.partition(".")
    return f"{dataset}.{NEXT}{name}"


class BuiltDate(NamedTuple):
    """What a layer shows of a business date, and an `_ingest_date` of its rows.

    Attributes:
        order_date: None for objects without a business date.
        ingest_date: The partition of Silver's items in which rows of the date are.
        version: Of the date's objects in the ledger, as text.
    """

    order_date: date | None
    ingest_date: date
    version: str


class LayerBuild(Protocol):
    """A layer being built anew, seen by nobody until it is published.

    What `ask` and `make` read of the layer itself is what was made so far.
    """

    def ask(self, sql: str) -> list[dict[str, Any]]:
        """Rows of one GoogleSQL SELECT of `core/sql`."""
        ...

    def make(self, table: str, sql: str) -> tuple[int, int]:
        """Make a table such as `silver.orders` by its CREATE statement.

        Returns:
            Its rows as readers have them, 0 without the table, and its rows as made.
        """
        ...

    def make_slice(self, table: str, sql: str, gone: str) -> tuple[int, int] | None:
        """Make rows that are to take the place of some rows of a table.

        Args:
            table: The readers' table, such as `silver.orders`.
            sql: The CREATE statement of `next_name(table)`, which `ask` and `make` can read then.
            gone: The condition, on the table's columns, of the rows that go out.

        Returns:
            The table's rows as readers have them, and as they will be; None when it is not there
            or has other columns.
        """
        ...

    def forget(self) -> None:
        """Throw away what was made so far, to begin again."""
        ...

    def publish(
        self, bronze_version: str, dates: Sequence[BuiltDate] = (), shown: str | None = None
    ) -> None:
        """Put all that was made in the place of what readers have, all or nothing.

        Args:
            bronze_version: What is noted of the layer in `bronze._built_layers`.
            dates: What is noted of it in `bronze._built_dates`, instead of what stands there.
            shown: The version beside whose rows the rows of `make_slice` were made.

        Raises:
            TransientError: Somebody else published the same at once; nothing was changed.
        """
        ...


class Warehouse(Protocol):
    """Bronze, Silver and Gold, in datasets `{prefix}_bronze`, `{prefix}_silver`, `{prefix}_gold`.

    Every method raises `StoreError` when the warehouse refuses for good, `TransientError` when the
    same call may succeed later. SQL is GoogleSQL over the datasets `bronze`, `silver`, `gold`, of
    what `core.warehouse.dialect.render` allows; timestamps are aware, in UTC.
    """

    prefix: str

    def tables(self) -> set[str]:
        """The tables that exist, such as `silver.orders`; none where nothing was made yet."""
        ...

    def looking(self) -> AbstractContextManager[None]:
        """A block of several questions, which may be answered faster than each by itself."""
        ...

    def ask(self, sql: str, parameters: Parameters | None = None) -> list[dict[str, Any]]:
        """Rows of one SELECT, with values for its `@name` parameters."""
        ...

    def bytes_read(self, sql: str) -> int | None:
        """Bytes that a statement would be billed for; None where nothing is billed."""
        ...

    def create_bronze(self) -> None:
        """Make what is missing of the datasets and of Bronze's tables; cheap when nothing is."""
        ...

    def generations(self, bucket: str, *prefixes: str) -> dict[str, int]:
        """The generation of each of a bucket's objects that is in Bronze, by its name.

        What it costs follows from what is below the prefixes, hardly from all that is in Bronze.

        Args:
            prefixes: What the names begin with; those of all objects without any.
        """
        ...

    def uncertain(self, bucket: str, *prefixes: str) -> dict[str, str]:
        """CRC32C of the bytes in Bronze of objects whose generation does not tell if they changed.

        In a folder that is one whose file system keeps times in coarse steps, ingested so shortly
        after its time that another write may have got the same time; or one dated later than its
        ingestion. Google Cloud has none.

        Args:
            prefixes: As for `generations`.
        """
        ...

    def holds(self, bucket: str, name: str, generation: int) -> bool:
        """Whether a generation of an object, or what superseded it, is in Bronze; asked cheaply."""
        ...

    def load(self, bucket: str, loads: Sequence[Load], now: datetime) -> dict[str, bool]:
        """Put objects into Bronze, each generation once.

        An object whose generation is there already adds nothing; another generation's rows are
        taken out as the new ones come in. On Google Cloud a newer generation is greater, and an
        older one adds nothing. In a folder any other generation, or other bytes, is new as long
        as the bucket still has it, for times may go back.

        When an error is raised some of the objects may be in Bronze, each of them whole or not at
        all; the same call goes on.

        Args:
            now: The aware moment of ingestion; `_ingest_date` is its UTC date.

        Returns:
            Names of those that were new, and whether they took an older generation's place.
        """
        ...

    def remove(
        self, bucket: str, names: Sequence[str], deleted: Mapping[str, int] = NOTHING
    ) -> None:
        """Take sales objects out of Bronze: their rows, and their lines in the ledger.

        Nothing happens for those that are not there. When an error is raised the same call goes on.

        Args:
            deleted: The generations of those that were deleted just now, which nothing may load
                from now on, though it was read before.
        """
        ...

    def bronze_files(self, bucket: str, first: str, stop: str) -> list[BronzeFile]:
        """What Bronze has of the sales objects whose names are from `first` on and before `stop`.

        Names are compared by their code points. `core.storage.object_names.end_of` has the stop of
        a prefix.
        """
        ...

    def building(self, layer: str) -> AbstractContextManager[LayerBuild]:
        """A layer to be built: `silver`, `gold` or `aggregations`.

        What was made in the block and not published is thrown away.
        """
        ...
