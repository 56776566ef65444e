"""A row of a Parquet file is held to the rules of a CSV's row, and one bad row refuses the file."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.bronze.validation import parquet_file
from core.bronze.validation.csv_file import Expected, validate_csv, validate_parquet
from core.bronze.validation.parquet_file import MOST_TOLD
from core.generation.columns import HEADERS
from core.generation.parquet_files import first_rows, same_rows, schemas
from core.warehouse.validated import Validated
from tests.support.validate_files import DAY, uuid

Rows = Sequence[Mapping[str, Any]]

ONLINE = {
    "Id_Unidade": 7, "Id_Pedido": uuid(1), "Tipo_Pedido": "Loja Online", "Data_Pedido": DAY,
    "Vlr_Pedido": Decimal("52.30"), "Endereco_Entrega": "Rua São João, 10",
    "Taxa_Entrega": Decimal("7.50"), "Status": "Finalizado",
}  # fmt: skip
IN_STORE = ONLINE | {
    "Tipo_Pedido": "Loja Fisica", "Endereco_Entrega": None, "Taxa_Entrega": Decimal("0.00"),
}  # fmt: skip
ITEM = {
    "Id_Pedido": uuid(1), "Id_Item_Pedido": uuid(1001), "Id_Produto": 12, "Qtd": 2,
    "Vlr_Item": Decimal("18.90"), "Observacao": None,
}  # fmt: skip

_IDS = st.sampled_from([uuid(5), uuid(5).upper(), uuid(5)[:-1], f"{uuid(5)} ", "", None, "não"])
_TEXTS = st.none() | st.text(min_size=1, max_size=6) | st.sampled_from([" ", "a;b", 'a"b', "a\nb",
          "a\u2028b", "\u00a0", "a\x7f", "sem cebola", "\u200b", "\ufeff", "\u2800"]
) | st.text("\u200b\u2800\u3000\u3164\u0301\ufeffa", min_size=1, max_size=3)  # fmt: skip
_AMOUNTS = st.none() | st.decimals("-9.99", "99999999.99", places=2) | st.sampled_from(
    [Decimal(text) for text in ("0.00", "0.01", "4.99", "5.00", "25.00", "25.01", "7.50")]
)  # fmt: skip
_NUMBERS = st.none() | st.integers(-(2**63), 2**63 - 1) | st.integers(-1, 35)
_ODD: Mapping[str, st.SearchStrategy[Any]] = {
    "Id_Unidade": _NUMBERS, "Id_Pedido": _IDS, "Id_Item_Pedido": _IDS,
    "Tipo_Pedido": st.sampled_from(["Loja Online", "Loja Fisica", "Loja Física", "", None]),
    "Data_Pedido": st.sampled_from([DAY, date(2026, 2, 4), None]), "Vlr_Pedido": _AMOUNTS,
    "Endereco_Entrega": _TEXTS, "Taxa_Entrega": _AMOUNTS, "Observacao": _TEXTS,
    "Status": st.sampled_from(["Pendente", "Cancelado", "Perdido", "", None]),
    "Id_Produto": _NUMBERS, "Qtd": _NUMBERS, "Vlr_Item": _AMOUNTS,
}  # fmt: skip


def _row(base: Mapping[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """A row of which a few values are odd, some of them valid all the same."""
    names = st.sets(st.sampled_from(sorted(base)), max_size=3)
    return names.flatmap(
        lambda chosen: st.fixed_dictionaries({name: _ODD[name] for name in sorted(chosen)}).map(
            lambda odd: {**base, **odd}
        )
    )


def _parquet(kind: str, rows: Rows) -> bytes:
    schema = pa.schema([field.with_nullable(True) for field in schemas()[kind]])
    file = io.BytesIO()
    pq.write_table(pa.Table.from_pylist([dict(row) for row in rows], schema), file)
    return file.getvalue()


def _csv(kind: str, row: Mapping[str, Any]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")  # so that CR is quoted, too
    writer.writerow(HEADERS[kind])
    writer.writerow(["" if row[name] is None else row[name] for name in HEADERS[kind]])
    return text.getvalue().encode()


def _judged(kind: str, *rows: Mapping[str, Any]) -> Validated:
    return validate_parquet(Expected(kind, None, DAY), _parquet(kind, rows))


@given(_row(ONLINE) | _row(IN_STORE) | _row(ITEM))
def test_a_row_is_good_in_parquet_where_it_is_good_in_csv(row: dict[str, Any]) -> None:
    kind = "orders" if "Status" in row else "order_items"
    by_csv = validate_csv(Expected(kind, None, DAY), _csv(kind, row))
    found = _judged(kind, row)
    assert (found.rows_in, found.rows_loaded) == (1, by_csv.rows_loaded)
    assert found.rows_in == found.rows_loaded + found.rows_rejected
    if by_csv.rejected:
        (rejected,) = found.rejected
        assert rejected.line == 1
        assert found.unreadable is not None
        assert rejected.reason in found.unreadable
        if not any("\n" in str(value) or "\r" in str(value) for value in row.values()):
            assert rejected.reason == by_csv.rejected[0].reason


@pytest.mark.parametrize(
    ("kind", "row"), [("orders", {**IN_STORE, "Endereco_Entrega": ""}), ("order_items",
    {**ITEM, "Observacao": ""})]
)  # fmt: skip
def test_an_empty_text_is_refused_where_null_is_meant(kind: str, row: dict[str, Any]) -> None:
    (rejected,) = _judged(kind, row).rejected
    assert rejected.reason.endswith("is an empty text: write null.")


def test_an_id_that_stands_twice_is_found_across_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet_file, "BATCH_ROWS", 2)
    rows = [ONLINE | {"Id_Pedido": uuid(number)} for number in (9, 3, 7, 3, 9, 1)]
    found = _judged("orders", *rows)
    assert found.unreadable == "Id_Pedido of row 4 is that of row 2 too: write each id once."
    assert (found.rows_loaded, found.rows_rejected) == (0, 6)
    assert _judged("orders", *rows[:3]).rows_loaded == 3


def test_ids_that_share_a_half_are_two_ids() -> None:
    one = uuid(1)
    rows = [ITEM | {"Id_Item_Pedido": id_} for id_ in (one, f"{one[:-1]}2", f"1{one[1:]}")]
    assert _judged("order_items", *rows).unreadable is None


def test_the_first_failing_rows_are_named_and_all_are_counted() -> None:
    bad = [ONLINE | {"Id_Pedido": uuid(n), "Status": "Perdido"} for n in range(MOST_TOLD + 5)]
    good = ONLINE | {"Id_Pedido": uuid(900)}
    found = _judged("orders", good, *bad)
    assert [row.line for row in found.rejected] == list(range(2, MOST_TOLD + 2))
    assert found.unreadable is not None
    assert found.unreadable.startswith(
        f"{MOST_TOLD + 5} of {MOST_TOLD + 6} rows are not valid, row 2 the first of them: Status is"
    )
    assert found.rejected[0].raw.decode().startswith(f"7;{uuid(0)};Loja Online;2026-02-03;52.30;")


@pytest.mark.parametrize("change", ["order", "type", "name", "more"])
def test_the_columns_are_to_be_exact(change: str) -> None:
    table = pq.read_table(io.BytesIO(_parquet("order_items", [ITEM])))
    columns = {
        "order": table.select(table.column_names[::-1]),
        "type": table.set_column(3, "Qtd", pa.array([2], pa.int32())),
        "name": table.rename_columns([name.lower() for name in table.column_names]),
        "more": table.append_column("extra", pa.array([1])),
    }[change]
    file = io.BytesIO()
    pq.write_table(columns, file)
    found = validate_parquet(Expected("order_items", None, DAY), file.getvalue())
    assert found.unreadable is not None
    assert found.unreadable.startswith("The columns are ")
    assert (found.rows_in, found.rows_loaded) == (1, 0)


@given(st.binary(max_size=200), st.integers(0, 400))
def test_any_bytes_are_an_answer(noise: bytes, at: int) -> None:
    good = _parquet("orders", [ONLINE, IN_STORE | {"Id_Pedido": uuid(2)}])
    for data in (noise, good[:at], good[:at] + noise + good[at + len(noise) :]):
        found = validate_parquet(Expected("orders", None, DAY), data)
        assert found.rows_in == found.rows_loaded + found.rows_rejected


def test_a_date_beyond_the_calendar_refuses_its_row_and_can_be_shown() -> None:
    table = pq.read_table(io.BytesIO(_parquet("orders", [ONLINE])))
    at = table.column_names.index("Data_Pedido")
    far = pa.array([2**31 - 1], pa.int32()).cast(pa.date32())
    file = io.BytesIO()
    pq.write_table(table.set_column(at, "Data_Pedido", far), file)
    found = validate_parquet(Expected("orders", None, DAY), file.getvalue())
    (rejected,) = found.rejected
    assert rejected.reason.endswith("write a date of the calendar as YYYY-MM-DD.")
    shown = first_rows(file.getvalue(), 5)
    assert shown is not None
    assert shown[1][1][at] == "<value out of range: 2147483647>"


def test_a_damaged_column_name_is_an_answer() -> None:
    file = io.BytesIO()
    pq.write_table(pa.table({"Observacao": [1]}), file, store_schema=False)
    data = file.getvalue().replace(b"Observacao", b"Observa\xff\xffo")
    found = validate_parquet(Expected("order_items", None, DAY), data)
    assert found.unreadable is not None
    assert found.unreadable.startswith("The file cannot be read as Parquet ('utf-8' codec")
    assert first_rows(data, 5) is None
    assert not same_rows(data, data)
