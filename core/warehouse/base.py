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
    """Raise ChangedError: a load that goes to another process is confirmed there."""
    raise ChangedError(message("warehouse.not_confirmed"))


class Load(NamedTuple):
    """An object to load into Bronze: its validated rows, its size in bytes and its CRC32C.

    Attributes:
        file: The bytes of a Parquet object that is loaded unchanged; `rows.columns` is empty then.
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
        rows, duplicates: Rows in the table, and those of them whose id several rows have.
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
    """A layer that readers see from `publish` on; `ask` and `make` read the tables made so far."""

    def ask(self, sql: str) -> list[dict[str, Any]]:
        """Rows of one GoogleSQL SELECT of `core/sql`."""

    def make(self, table: str, sql: str) -> tuple[int, int]:
        """Make a table such as `silver.orders` by its CREATE statement.

        Returns:
            The number of its rows for readers, 0 without the table, and of its new rows.
        """

    def make_slice(self, table: str, sql: str, gone: str) -> tuple[int, int] | None:
        """Make rows that replace some rows of a table such as `silver.orders`.

        Args:
            sql: The CREATE statement of `next_name(table)`, which `ask` and `make` can read then.
            gone: The condition, on the table's columns, of the rows to delete.

        Returns:
            The number of the table's rows for readers, now and after publication; None when there
            is no such table or it has other columns.
        """

    def forget(self) -> None:
        """Discard what was made so far."""

    def publish(
        self, bronze_version: str, dates: Sequence[BuiltDate] = (), shown: str | None = None
    ) -> None:
        """Replace what readers see by what was made, all or nothing.

        Args:
            bronze_version, dates: The layer's rows in Bronze's `_built_layers` and `_built_dates`.
            shown: The layer's version when `make_slice` made rows for it.

        Raises:
            TransientError: Another build published the layer at once; nothing was changed.
        """


class Warehouse(Protocol):
    """Bronze, Silver and Gold, in datasets `{prefix}_bronze`, `{prefix}_silver`, `{prefix}_gold`.

    Every method raises `StoreError` when the warehouse refuses for good, `TransientError` when the
    same call may succeed later. SQL is GoogleSQL over the datasets `bronze`, `silver`, `gold`, of
    what `core.warehouse.dialect.render` allows; timestamps are aware, in UTC.
    """

    prefix: str

    def tables(self) -> set[str]:
        """The tables that exist, such as `silver.orders`."""

    def looking(self) -> AbstractContextManager[None]:
        """A block of several queries, which may be faster together."""

    def ask(self, sql: str, parameters: Parameters | None = None) -> list[dict[str, Any]]:
        """Rows of one SELECT, with values for its `@name` parameters."""

    def bytes_read(self, sql: str) -> int | None:
        """Bytes that a statement would be billed for; None if the engine bills nothing."""

    def create_bronze(self) -> None:
        """Create missing datasets and Bronze tables; cheap when nothing is missing."""

    def generations(self, bucket: str, *prefixes: str) -> dict[str, int]:
        """The generation of each of a bucket's objects in Bronze below prefixes (all without any).

        The cost depends on those objects, hardly on the size of Bronze.
        """

    def uncertain(self, bucket: str, *prefixes: str) -> dict[str, str]:
        """CRC32C of ingested objects, below prefixes, whose generation may hide a change.

        In a folder a generation is a file time. It may hide a change if times are coarse and the
        ingestion followed so soon that a later write may have the same time, or if it is later than
        the ingestion. Google Cloud has no such objects.
        """

    def holds(self, bucket: str, name: str, generation: int) -> bool:
        """Whether a generation of an object, or what superseded it, is in Bronze; it is cheap."""

    def load(self, bucket: str, loads: Sequence[Load], now: datetime) -> dict[str, bool]:
        """Load objects into Bronze, each generation once.

        A new generation replaces the rows of the former one. On Google Cloud a newer generation is
        greater, and an older one adds nothing. In a folder any other generation, or other bytes, is
        new as long as the bucket still has it, because times may go back.

        After an error each object is in Bronze as a whole or not at all; repeat the call.

        Args:
            now: The aware moment of ingestion; `_ingest_date` is its UTC date.

        Returns:
            Names of those that were new, and whether they replaced another generation.
        """

    def remove(
        self, bucket: str, names: Sequence[str], deleted: Mapping[str, int] = NOTHING
    ) -> None:
        """Remove sales objects from Bronze: their rows, and their lines in the ledger.

        Names that Bronze lacks are ignored. No delivery that read a generation in `deleted`
        before may load it from now on. After an error, repeat the call.
        """

    def bronze_files(self, bucket: str, first: str, stop: str) -> list[BronzeFile]:
        """What Bronze has of the sales objects whose names are from `first` on and before `stop`.

        Names compare by code points; `core.storage.object_names.end_of` is the `stop` of a prefix.
        """

    def building(self, layer: str) -> AbstractContextManager[LayerBuild]:
        """Build `silver`, `gold` or `aggregations`; the block discards what it does not publish."""
