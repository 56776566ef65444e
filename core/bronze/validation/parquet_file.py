"""Judge a Parquet file of sales as a whole: it loads only if every row keeps the CSV's rules.

Programs write Parquet, so one bad row means a faulty program, not a faulty line. Each distinct
value is checked once per batch, rules that join columns are computed for whole columns, and a
failing row gets the same reason as in a CSV. Memory holds one batch of rows, and 16 bytes per row
to find repeated ids.
"""

import binascii
import itertools
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.bronze.validation.codes import Code
from core.bronze.validation.rules import (
    KEYS,
    Expected,
    Form,
    column_reason,
    forms,
    rule_reason,
    rules,
)
from core.bronze.validation.visible import QUICK, is_visible
from core.generation.columns import ONLINE
from core.generation.parquet_files import BATCH_ROWS, read_values, schemas
from core.warehouse.validated import Reason, Rejected

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

MOST_TOLD: Final = 20  # failing rows that a report names; more are counted only

_IDS = ("Id_Pedido", "Id_Item_Pedido")
_MAY_LACK = ("Endereco_Entrega", "Observacao")
_DASHES = (8, 13, 18, 23)
_ID_LENGTH = 36
_DIGITS = [at for at in range(_ID_LENGTH) if at not in _DASHES]

_Mask: TypeAlias = NDArray[np.bool_]


class Faults:
    """The invalid rows of a file: their number, and the first ones with their reasons."""

    def __init__(self, expected: Expected) -> None:
        self.expected = expected
        self.count = 0
        self.first: list[Rejected] = []

    def note(self, batch: "pa.RecordBatch", before: int, bad: _Mask) -> None:
        """Count a batch's bad rows, after `before` rows of the file; keep the first reasons."""
        rows = np.flatnonzero(bad)
        self.count += len(rows)
        for row in rows[: MOST_TOLD - len(self.first)].tolist():
            one = batch.slice(row, 1)
            values = {name: read_values(one[name])[0] for name in batch.schema.names}
            raw = ";".join(map(_text, values.values())).encode()
            reason = _reason(self.expected, values)
            self.first.append(Rejected(before + row + 1, reason, raw))


def parquet_fault(
    expected: Expected, data: bytes
) -> tuple[int, Reason | None, tuple[Rejected, ...]]:
    """Judge a Parquet file of `orders` or `order_items`; no bytes raise an exception.

    Returns:
        The number of rows; why the file is refused, or None; and the first failing rows, with
        `line` as the row's number from 1 and `raw` as its values in CSV.
    """
    import pyarrow as pa

    rows = 0
    try:
        file = _open(data)
        said = int(file.metadata.num_rows)
        if not 0 <= said <= len(data):  # the ids alone take more
            raise pa.ArrowInvalid(f"its footer says {said} rows in {len(data)} bytes")
        rows = said
        fault = _schema_fault(expected.kind, file.schema_arrow)
        if fault:
            return rows, fault, ()
        faults, keys = _judge_batches(expected, file)
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        words = str(error).partition("\n")[0].rstrip(".")
        fault = Reason(f"The file cannot be read as Parquet ({words}).", Code.NOT_PARQUET)
        return rows, fault, ()
    if faults.count:
        return rows, _describe_faults(faults, rows), tuple(faults.first)
    return rows, _find_repeated(expected.kind, keys), ()


def _open(data: bytes) -> "pq.ParquetFile":
    import pyarrow as pa
    import pyarrow.parquet as pq

    return pq.ParquetFile(pa.BufferReader(data))


def _schema_fault(kind: str, found: "pa.Schema") -> Reason | None:
    wanted = schemas()[kind]
    if [*zip(found.names, found.types, strict=True)] == [
        *zip(wanted.names, wanted.types, strict=True)
    ]:
        return None
    sentence = f"The columns are {_columns(found)}: write {_columns(wanted)}, in this order."
    return Reason(sentence, Code.COLUMNS)


def _columns(schema: "pa.Schema") -> str:
    listed = [f"{field.name} {field.type}" for field in itertools.islice(schema, 12)]
    return ", ".join(listed) or "none"


def _judge_batches(expected: Expected, file: "pq.ParquetFile") -> tuple[Faults, NDArray[np.uint64]]:
    """The faults of all batches, and the keys of a file without faults, as two words each."""
    import pyarrow as pa

    faults, before = Faults(expected), 0
    keys = np.empty((file.metadata.num_rows, 2), np.uint64)
    for batch in file.iter_batches(batch_size=BATCH_ROWS):
        batch.validate(full=True)  # checks that texts are UTF-8: Arrow accepts any bytes
        if before + len(batch) > len(keys):
            raise pa.ArrowInvalid(f"it has more rows than the {len(keys)} of its footer")
        bad = _bad_rows(expected, batch)
        if bad.any():
            faults.note(batch, before, bad)
        if not faults.count:
            keys[before : before + len(batch)] = _words(batch[KEYS[expected.kind]])
        before += len(batch)
    return faults, keys[:before]


def _bad_rows(expected: Expected, batch: "pa.RecordBatch") -> _Mask:
    """Which rows of a batch break a rule."""
    bad = np.zeros(len(batch), np.bool_)
    for name, form in forms(expected.kind).items():
        bad |= _find_malformed(name, form, batch[name])
    if expected.kind == "orders":
        for rule in (_other_date, _delivered_wrongly, _below_fee):
            bad |= rule(expected, batch)
    return bad


def _find_malformed(name: str, form: Form, column: "pa.Array[Any]") -> _Mask:
    import pyarrow as pa
    import pyarrow.compute as pc

    if name in _IDS:  # all values differ: match them in place
        return ~_mask(pc.match_substring_regex(column, f"^(?:{form.pattern.pattern})$"))
    values = pc.unique(column)
    found = read_values(values)
    wrong = form.find_invalid({_text(value): None for value in found})
    # An empty text is never valid: a missing value is null.
    bad = [value == "" or _text(value) in wrong for value in found]
    if not any(bad):
        return np.zeros(len(column), np.bool_)
    return _mask(pc.is_in(column, value_set=values.filter(pa.array(bad))))


def _other_date(expected: Expected, batch: "pa.RecordBatch") -> _Mask:
    import pyarrow as pa
    import pyarrow.compute as pc

    if expected.business_date is None:
        return np.zeros(len(batch), np.bool_)
    return ~_mask(pc.equal(batch["Data_Pedido"], pa.scalar(expected.business_date)))


def _delivered_wrongly(_: Expected, batch: "pa.RecordBatch") -> _Mask:
    """Online orders have an address and a fee, orders in store have neither."""
    import pyarrow as pa
    import pyarrow.compute as pc

    address, no_fee = batch["Endereco_Entrega"], pa.scalar(Decimal("0.00"), pa.decimal128(10, 2))
    online = _mask(pc.equal(batch["Tipo_Pedido"], pa.scalar(ONLINE)))
    has_fee = _mask(pc.not_equal(batch["Taxa_Entrega"], no_fee))
    wrong: _Mask = (online != _mask(pc.is_valid(address))) | (online != has_fee)
    return wrong | _invisible(address)


def _invisible(texts: "pa.Array[Any]") -> _Mask:
    """Which texts show nothing; other rules handle null and the empty text."""
    import pyarrow as pa
    import pyarrow.compute as pc

    doubtful = pc.invert(pc.match_substring_regex(texts, QUICK.pattern))
    values = pc.unique(texts.filter(doubtful)).to_pylist()
    blank = [value for value in values if value and not is_visible(value)]
    return _mask(pc.is_in(texts, value_set=pa.array(blank, texts.type)))


def _below_fee(_: Expected, batch: "pa.RecordBatch") -> _Mask:
    import pyarrow.compute as pc

    return ~_mask(pc.greater_equal(batch["Vlr_Pedido"], batch["Taxa_Entrega"]))


def _reason(expected: Expected, row: Mapping[str, object]) -> Reason:
    """Why a row is invalid, in the words for a row of a CSV."""
    values = {name: _text(value) for name, value in row.items()}
    for name, form in forms(expected.kind).items():
        if form.find_invalid([values[name]]):
            return column_reason(name, form, values[name])
        if row[name] == "":
            return Reason(f"{name} is an empty text: write null.", Code.TEXT, name)
    for rule in rules(expected):
        chosen = [values[name] for name in rule.columns]
        if not rule.holds(*((value,) for value in chosen)):
            return rule_reason(rule, chosen)
    raise AssertionError(values)  # every bad row breaks a rule that has a reason


def _describe_faults(faults: Faults, rows: int) -> Reason:
    first = faults.first[0]
    return Reason(
        f"{faults.count} of {rows} rows are not valid, row {first.line} the first of them: "
        f"{first.reason} A Parquet file is loaded whole or not at all.",
        first.reason.code, first.reason.column,
    )  # fmt: skip


def _find_repeated(kind: str, words: NDArray[np.uint64]) -> Reason | None:
    """Which key occurs twice, as a reason; None when all are distinct."""
    high = words[:, 0].copy()
    high.sort()
    if not (high[1:] == high[:-1]).any():
        return None
    order = np.lexsort((words[:, 1], words[:, 0]))  # stable: equal keys stay in the file's order
    ordered = words[order]
    same = np.flatnonzero((ordered[1:] == ordered[:-1]).all(axis=1))
    if not len(same):
        return None
    at = same[np.argmin(order[same + 1])]
    first, again = order[at] + 1, order[at + 1] + 1
    sentence = f"{KEYS[kind]} of row {again} is that of row {first} too: write each id once."
    return Reason(sentence, Code.REPEATED, KEYS[kind])


def _words(ids: "pa.Array[Any]") -> NDArray[np.uint64]:
    """Valid UUIDs as two words each."""
    if not len(ids):
        return np.empty((0, 2), np.uint64)
    ends = _memory(ids, 1).view(np.int32)
    start = int(ends[ids.offset])
    text = _memory(ids, 2)[start : start + _ID_LENGTH * len(ids)]
    digits = np.ascontiguousarray(text.reshape(-1, _ID_LENGTH)[:, _DIGITS])
    words = np.frombuffer(binascii.unhexlify(digits.tobytes()), np.dtype(">u8"))
    return words.astype(np.uint64).reshape(-1, 2)


def _memory(ids: "pa.Array[Any]", number: int) -> NDArray[np.uint8]:
    """One of an array's buffers."""
    buffer: Any = ids.buffers()[number]
    return np.frombuffer(buffer, np.uint8)


def _mask(values: "pa.Array[Any]") -> _Mask:
    """A boolean array where null counts as false."""
    import pyarrow as pa
    import pyarrow.compute as pc

    known: Any = pc.fill_null(values, pa.scalar(False))  # noqa: FBT003 - the value to fill in
    return np.asarray(known.to_numpy(zero_copy_only=False), np.bool_)


def _text(value: object) -> str:
    """A value as it is written in a CSV."""
    return "" if value is None else str(value)
