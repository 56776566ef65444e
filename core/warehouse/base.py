"""The interface of a warehouse, and the values that it takes and returns."""

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
LEDGER: Final = "bronze._ingested_objects"  # the generation of each object in Bronze
SALES_TABLES: Final = ("orders", "order_items")  # of Bronze; their rows name their object
NOTHING: Final[Mapping[str, int]] = MappingProxyType({})
Parameters: TypeAlias = Mapping[str, Value | Sequence[str] | Sequence[date]]


def trust() -> None:
    """Confirm every object, where no bucket can contradict."""


def deny() -> None:
    """Confirm nothing: a load that goes to another process is confirmed there.

    Raises:
        ChangedError: Always.
    """
    raise ChangedError(message("warehouse.not_confirmed"))


class Load(NamedTuple):
    """An object to load into Bronze: its validated rows, its size in bytes and its CRC32C.

    Attributes:
        file: The bytes of a Parquet object whose rows are all valid, which is loaded unchanged;
            `rows.columns` is empty then.
        confirm: Raises `ChangedError` if the bucket has another generation than the validated one.
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
        generation: By the ledger; None if it has none.
        rows: Rows in the table.
        duplicates: Those among them whose id is in more than one row of the table.
        loaded, rejected: Numbers of rows by the ledger.
        reason: Why the whole file was quarantined.
        size, crc32c: Size in bytes and checksum of what was ingested; -1 and empty without.
        uncertain: Whether the generation may hide a change: see `Warehouse.uncertain`.
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
        """An object that is not in Bronze."""
        return cls(name, None, 0, 0, 0, 0, None, -1, "")


NEXT = "_next_"  # prefix of tables whose rows are not published yet


def next_name(table: str) -> str:
    """The table of new rows for a table such as `silver.orders`: `silver._next_orders`."""
    dataset, _, name = table.partition(".")
    return f"{dataset}.{NEXT}{name}"


class BuiltDate(NamedTuple):
    """What a layer shows of a business date, for one `_ingest_date` of its rows.

    Attributes:
        order_date: None for objects without a business date.
        ingest_date: A partition of Silver's items with rows of the date.
        version: A text that changes with the date's objects in the ledger.
    """

    order_date: date | None
    ingest_date: date
    version: str


class LayerBuild(Protocol):
    """A layer under construction, invisible to readers until it is published.

    `ask` and `make` read the tables of the layer as made so far.
    """

    def ask(self, sql: str) -> list[dict[str, Any]]:
        """Rows of one GoogleSQL SELECT of `core/sql`."""
        ...

    def make(self, table: str, sql: str) -> tuple[int, int]:
        """Make a table such as `silver.orders` by its CREATE statement.

        Returns:
            The number of its rows for readers, 0 without the table, and of its new rows.
        """
        ...

    def make_slice(self, table: str, sql: str, gone: str) -> tuple[int, int] | None:
        """Make rows that replace some rows of a table.

        Args:
            table: The readers' table, such as `silver.orders`.
            sql: The CREATE statement of `next_name(table)`, which `ask` and `make` can read then.
            gone: The condition, on the table's columns, of the rows to delete.

        Returns:
            The number of the table's rows for readers, now and after publication; None when there
            is no such table or it has other columns.
        """
        ...

    def forget(self) -> None:
        """Discard what was made so far."""
        ...

    def publish(
        self, bronze_version: str, dates: Sequence[BuiltDate] = (), shown: str | None = None
    ) -> None:
        """Replace what readers see by what was made, all or nothing.

        Args:
            bronze_version: The layer's new row in `bronze._built_layers`.
            dates: The layer's new rows in `bronze._built_dates`, which replace the former ones.
            shown: The layer's version when `make_slice` made rows for it.

        Raises:
            TransientError: Another build published the layer at once; nothing was changed.
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
        """The tables that exist, such as `silver.orders`."""
        ...

    def looking(self) -> AbstractContextManager[None]:
        """A block of several queries, which may be faster together."""
        ...

    def ask(self, sql: str, parameters: Parameters | None = None) -> list[dict[str, Any]]:
        """Rows of one SELECT, with values for its `@name` parameters."""
        ...

    def bytes_read(self, sql: str) -> int | None:
        """Bytes that a statement would be billed for; None if the engine bills nothing."""
        ...

    def create_bronze(self) -> None:
        """Create missing datasets and Bronze tables; cheap when nothing is missing."""
        ...

    def generations(self, bucket: str, *prefixes: str) -> dict[str, int]:
        """The generation of each of a bucket's objects that is in Bronze, by its name.

        Its cost depends on the objects below the prefixes, hardly on the size of Bronze.

        Args:
            prefixes: Beginnings of names; all objects without any.
        """
        ...

    def uncertain(self, bucket: str, *prefixes: str) -> dict[str, str]:
        """CRC32C of the ingested bytes of objects whose generation may hide a change.

        In a folder a generation is a file time. It may hide a change if the file system keeps
        coarse times and the file was ingested so soon that a later write may have got the same
        time, or if the time is later than the ingestion. Google Cloud has no such objects.

        Args:
            prefixes: As for `generations`.
        """
        ...

    def holds(self, bucket: str, name: str, generation: int) -> bool:
        """Whether a generation of an object, or what superseded it, is in Bronze; it is cheap."""
        ...

    def load(self, bucket: str, loads: Sequence[Load], now: datetime) -> dict[str, bool]:
        """Load objects into Bronze, each generation once.

        An object whose generation is in Bronze adds nothing; a new generation replaces the rows of
        the former one. On Google Cloud a newer generation is greater, and an older one adds
        nothing. In a folder any other generation, or other bytes, is new as long as the bucket
        still has it, because times may go back.

        After an error some of the objects may be in Bronze, each of them whole or not at all;
        repeating the call completes the load.

        Args:
            now: The aware moment of ingestion; `_ingest_date` is its UTC date.

        Returns:
            Names of those that were new, and whether they replaced another generation.
        """
        ...

    def remove(
        self, bucket: str, names: Sequence[str], deleted: Mapping[str, int] = NOTHING
    ) -> None:
        """Remove sales objects from Bronze: their rows, and their lines in the ledger.

        Objects that are not in Bronze are ignored. After an error, repeat the call.

        Args:
            deleted: The generations of objects that were just deleted: no delivery that read them
                before may load them from now on.
        """
        ...

    def bronze_files(self, bucket: str, first: str, stop: str) -> list[BronzeFile]:
        """What Bronze has of the sales objects whose names are from `first` on and before `stop`.

        Names are compared by code points. `core.storage.object_names.end_of` is the `stop` of a
        prefix.
        """
        ...

    def building(self, layer: str) -> AbstractContextManager[LayerBuild]:
        """A layer to build: `silver`, `gold` or `aggregations`.

        What the block made and did not publish is discarded.
        """
        ...
