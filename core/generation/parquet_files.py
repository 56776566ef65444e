"""Write orders and items as Parquet: the rows, ids and values of the CSV files, with types.

The bytes are a pure function of the cells: row groups depend on the orders that the cells may have,
and encoding and compression (zstd at level 1, see docs/parquet.md) are fixed. Only the footer's
`created_by` is not: another release of pyarrow may write other bytes for the same rows.
"""

import functools
import io
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.generation.catalog import Catalog
from core.generation.cells import EPOCH, Cells
from core.generation.csv_files import BLOCK_ROWS, blocks, uuid_text
from core.generation.customers import address_parts
from core.generation.draws import Integers
from core.generation.orders import Items, Orders, generate

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa
    import pyarrow.parquet as pq

KINDS = ("order_items", "orders")  # items first, as everywhere
GROUP_ORDERS = 60_000  # most orders of a row group, unless one cell alone may have more
BATCH_ROWS = 65_536  # rows that a reader holds at a time
_ID_LENGTH = 36
_UNIX = (EPOCH - date(1970, 1, 1)).days  # Parquet counts days from 1970
_PLAIN = ("Id_Pedido", "Id_Item_Pedido", "Vlr_Pedido", "Endereco_Entrega")  # no two rows are alike


class DayFiles(NamedTuple):
    """The two Parquet files of cells, their rows, and the sum of the orders' values."""

    orders_data: bytes
    items_data: bytes
    orders: int
    items: int
    value_cents: int

    def data(self, kind: str) -> bytes:
        """The bytes of `orders` or `order_items`."""
        return self.orders_data if kind == "orders" else self.items_data


@functools.cache
def schemas() -> "dict[str, pa.Schema]":
    """The schema of each kind of file: the CSV's columns in order, with types."""
    import pyarrow as pa

    whole, text, money = pa.int64(), pa.string(), pa.decimal128(10, 2)
    columns: dict[str, list[tuple[str, Any]]] = {
        "orders": [
            ("Id_Unidade", whole), ("Id_Pedido", text), ("Tipo_Pedido", text),
            ("Data_Pedido", pa.date32()), ("Vlr_Pedido", money), ("Endereco_Entrega", text),
            ("Taxa_Entrega", money), ("Status", text),
        ],
        "order_items": [
            ("Id_Pedido", text), ("Id_Item_Pedido", text), ("Id_Produto", whole),
            ("Qtd", whole), ("Vlr_Item", money), ("Observacao", text),
        ],
    }  # fmt: skip
    may_lack = ("Endereco_Entrega", "Observacao")
    return {
        kind: pa.schema([pa.field(name, type_, name in may_lack) for name, type_ in fields])
        for kind, fields in columns.items()
    }


def day_files(cells: Cells, seed: int, catalog: Catalog) -> DayFiles:
    """Generate both files of cells; memory holds the files and the rows of one row group."""
    files = {kind: io.BytesIO() for kind in KINDS}
    writers = {kind: _writer(kind, files[kind]) for kind in KINDS}
    rows, value_cents = dict.fromkeys(KINDS, 0), 0
    for start, stop in blocks(cells, GROUP_ORDERS):
        parts: dict[str, list[pa.Table]] = {kind: [] for kind in KINDS}
        for items, orders, cents in _tables(cells.part(start, stop), seed, catalog):
            parts["order_items"].append(items)
            parts["orders"].append(orders)
            value_cents += cents
        for kind in KINDS:
            rows[kind] += _write_group(writers[kind], parts.pop(kind))
    for writer in writers.values():
        writer.close()
    return DayFiles(
        files["orders"].getvalue(), files["order_items"].getvalue(),
        rows["orders"], rows["order_items"], value_cents,
    )  # fmt: skip


def batches(data: bytes) -> "tuple[pa.Schema, Iterator[pa.RecordBatch]]":
    """The columns of a Parquet file, and its rows `BATCH_ROWS` at a time.

    Raises:
        pyarrow.ArrowException, OSError: The bytes are no such file.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = pq.ParquetFile(pa.BufferReader(data))
    return file.schema_arrow, file.iter_batches(batch_size=BATCH_ROWS)


def row_count(data: bytes) -> int:
    """The number of rows in a Parquet file's footer; 0 if the bytes are no such file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return int(pq.read_metadata(pa.BufferReader(data)).num_rows)
    except (pa.ArrowException, OSError):
        return 0


def first_rows(data: bytes, most: int) -> tuple[int, list[tuple[str, ...]]] | None:
    """The rows in a Parquet file, and its header and first rows as CSV; None for other bytes."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(pa.BufferReader(data))
        found = next(file.iter_batches(batch_size=most), None)
        columns = [read_values(column) for column in found.columns] if found else []
        names = tuple(file.schema_arrow.names)
    except (pa.ArrowException, OSError, UnicodeDecodeError):
        return None
    rows = [tuple("" if v is None else str(v) for v in row) for row in zip(*columns, strict=True)]
    return file.metadata.num_rows, [names, *rows]


def read_values(column: "pa.Array[Any]") -> list[Any]:
    """An Arrow column's values for Python; dates and times as text, for they may exceed its years.

    Raises:
        UnicodeDecodeError: A text is not UTF-8.
    """
    import pyarrow as pa

    if pa.types.is_date(column.type) or pa.types.is_timestamp(column.type):
        column = column.cast(pa.string())
    return column.to_pylist()


def same_rows(one: bytes, other: bytes) -> bool:
    """Whether two Parquet files have the same columns and rows, compared a column at a time."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        first, second = (pq.ParquetFile(pa.BufferReader(data)) for data in (one, other))
        return first.schema_arrow.equals(second.schema_arrow) and all(
            first.read([name]).equals(second.read([name])) for name in first.schema_arrow.names
        )
    except (pa.ArrowException, OSError, UnicodeDecodeError):
        return False


def _tables(
    cells: Cells, seed: int, catalog: Catalog
) -> "Iterator[tuple[pa.Table, pa.Table, int]]":
    """Items, orders and their value, one block of cells at a time."""
    for start, stop in blocks(cells, BLOCK_ROWS // 4):
        part = cells.part(start, stop)
        orders, items = generate(part, seed, catalog)
        ids = uuid_text(orders.id_high, orders.id_low)
        value = int(orders.value_cents.sum())
        yield _items_table(items, ids, catalog), _orders_table(part, orders, ids, catalog), value


def _orders_table(
    cells: Cells, orders: Orders, ids: NDArray[np.bytes_], catalog: Catalog
) -> "pa.Table":
    import pyarrow as pa

    columns = [
        pa.array(cells.unit[orders.cell].astype(np.int64)),
        _ids(ids),
        _choice(np.where(orders.online, 0, 1), [*catalog.mixes["order_type"]]),
        pa.array(cells.day[orders.cell].astype(np.int32) + _UNIX).cast(pa.date32()),
        _money(orders.value_cents),
        _addresses(cells, orders, catalog),
        _money(orders.fee_cents),
        _choice(orders.status, [*catalog.mixes["status"]]),
    ]
    return pa.Table.from_arrays(columns, schema=schemas()["orders"])


def _items_table(items: Items, order_ids: NDArray[np.bytes_], catalog: Catalog) -> "pa.Table":
    import pyarrow as pa

    ids = np.array([product.product_id for product in catalog.products])
    prices = np.array([product.price_cents for product in catalog.products])
    columns = [
        _ids(order_ids[items.order]),
        _ids(uuid_text(items.id_high, items.id_low)),
        pa.array(ids[items.product].astype(np.int64)),
        pa.array(items.quantity),
        _money(prices[items.product]),
        _choice(items.note, [None, *catalog.notes]),
    ]
    return pa.Table.from_arrays(columns, schema=schemas()["order_items"])


def _ids(text: NDArray[np.bytes_]) -> "pa.Array[Any]":
    """Identifiers of 36 characters as an Arrow array, without a copy."""
    import pyarrow as pa

    ends = np.arange(len(text) + 1, dtype=np.int32) * np.int32(_ID_LENGTH)
    return pa.StringArray.from_buffers(len(text), _buffer(ends), _buffer(text))


def _choice(which: NDArray[Any], values: list[Any]) -> "pa.Array[Any]":
    """An array that picks one of a few values for each row."""
    import pyarrow as pa

    return pa.array(values, pa.string()).take(pa.array(which))


def _money(cents: Integers) -> "pa.Array[Any]":
    """Non-negative amounts as decimals of 16 bytes in little-endian order."""
    import pyarrow as pa

    halves = np.zeros((len(cents), 2), "<i8")
    halves[:, 0] = cents
    buffers = [None, _buffer(halves)]
    return pa.Array.from_buffers(pa.decimal128(10, 2), len(cents), buffers)


def _addresses(cells: Cells, orders: Orders, catalog: Catalog) -> "pa.Array[Any]":
    """Addresses of online orders; null in store."""
    import pyarrow as pa

    online = np.flatnonzero(orders.online)
    parts = address_parts(cells.unit[orders.cell[online]], orders.customer[online], catalog)
    rows = np.zeros(len(online), np.dtype([(name, text.dtype) for name, text in parts.items()]))
    lengths = np.zeros(len(orders), np.int32)
    for name, text in parts.items():
        rows[name] = text
        lengths[online] += np.char.str_len(text).astype(np.int32)
    ends = np.concatenate(([0], np.cumsum(lengths))).astype(np.int32)
    whole = pa.py_buffer(rows.tobytes().translate(None, b"\0"))
    known = np.packbits(orders.online, bitorder="little")
    return pa.StringArray.from_buffers(len(orders), _buffer(ends), whole, _buffer(known))


def _buffer(values: NDArray[Any]) -> "pa.Buffer":
    """An array's memory as an Arrow buffer."""
    import pyarrow as pa

    return pa.py_buffer(values.data)


def _write_group(writer: "pq.ParquetWriter", parts: "list[pa.Table]") -> int:
    """Write tables as one row group and return its rows; nothing is written for none."""
    import pyarrow as pa

    table = pa.concat_tables(parts).combine_chunks()
    if len(table):
        writer.write_table(table, row_group_size=len(table))
    return len(table)


def _writer(kind: str, file: io.BytesIO) -> "pq.ParquetWriter":
    """Sets everything that the bytes depend on, because the library's defaults may change."""
    import pyarrow.parquet as pq

    schema = schemas()[kind]
    return pq.ParquetWriter(
        file, schema, version="2.6", data_page_version="1.0", compression="zstd",
        compression_level=1, store_schema=False, write_statistics=True,
        use_dictionary=[name for name in schema.names if name not in _PLAIN],  # type: ignore[arg-type]  # the stubs lack lists
    )  # fmt: skip
