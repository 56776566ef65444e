"""One object of the bucket: its facts, its lines, and its rows in Bronze."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import PurePosixPath
from typing import Any, Literal

import pandas as pd
import streamlit as st

from core.bronze.quarantine import Report
from core.insight.bronze_rows import BronzeRows, Ingestion
from core.insight.bucket import place_of
from core.insight.file_view import SHOWN_BYTES, SHOWN_LINES, Contents
from core.storage.object_names import kind_of
from ui import texts
from ui.queries import bucket_queries
from ui.queries.bucket_queries import ObjectSeen
from ui.shell import actions, session
from ui.style import format as fmt
from ui.style.plain import plain
from ui.widgets import components, deletion

OBJECT = "object"  # the parameter of the address, and the key of the field
_REPORT_LINES = 200
_KIB = 1024
_LOADED = ("sales", "parquet", "reference")  # kinds of objects that Bronze loads
_TEXT_PX, _SHORT_LINES = 420, 16


def choose_object() -> str:
    """Draw the field with the object's name, which selections and the address fill."""
    name = st.text_input(
        texts.OBJECT, key=OBJECT, bind="query-params", help=texts.OBJECT_HELP,
        placeholder="raw/csv_sales/2026/02/01/unit_001/window_1012/pedido.csv",
    )  # fmt: skip
    return (name or "").strip()


def select_row(key: str, names: Sequence[str]) -> None:
    """Open the object of the row selected in a table; for the table's `on_select`."""
    rows = st.session_state[key].selection.rows
    if rows and rows[0] < len(names):
        st.session_state[OBJECT] = names[rows[0]]


def draw_open_button(label: str, name: str) -> None:
    """Draw a button that opens an object."""
    actions.button(label, open_object, f"open_{name}", of=name)


def open_object(name: str) -> None:
    """Open an object."""
    st.session_state[OBJECT] = name


def show_object(name: str) -> None:
    """Show the object of a name; raises as `bucket_queries.read_object` does."""
    found = bucket_queries.read_object(session.settings(), name)
    st.subheader(texts.OBJECT_TITLE, anchor=False)
    st.code(name, language=None, wrap_lines=True)
    ingested = bucket_queries.ingestion(session.settings(), name)
    _in_bronze(name, found, ingested)
    facts, lines = st.columns([1, 2], gap="large")
    with facts:
        _facts(found)
        actions.download(
            texts.OBJECT_DOWNLOAD, read_object, read_bytes, "download", of=name,
            file_name=PurePosixPath(name).name,
        )  # fmt: skip
        if bucket_queries.is_stray(session.settings(), name):
            st.caption(texts.DELETE_STRAY)
            label = texts.DELETE_FILES.format(count=fmt.number(1))
            actions.button(
                label, deletion.ask_to_delete_one, "delete", of=name, help=texts.DELETE_HELP
            )
    with lines:
        _tabs(name, found.contents)


def read_object(name: str) -> ObjectSeen:
    """Read an object."""
    return bucket_queries.read_object(session.settings(), name)


def read_bytes(found: ObjectSeen) -> bytes:
    """Return an object's bytes."""
    return found.data


def _facts(found: ObjectSeen) -> None:
    info, holds = found.info, found.contents
    rows = texts.OBJECT_NOT_CSV if holds.rows is None else fmt.number(holds.rows)
    if holds.rejected:
        rows = texts.OBJECT_REJECTED.format(rows=rows, rejected=fmt.number(holds.rejected))
    written = bucket_queries.read_moment(session.settings(), info.generation)
    size = fmt.size(info.size)
    if info.size >= _KIB:
        size = texts.OBJECT_BYTES.format(size=size, bytes=fmt.number(info.size))
    values = (
        (texts.OBJECT_SIZE, size), (texts.OBJECT_ROWS, rows),
        (texts.OBJECT_WRITTEN, fmt.moment(written)),
        (texts.OBJECT_GENERATION, str(info.generation)), (texts.OBJECT_CRC, holds.crc32c),
    )  # fmt: skip
    facts = pd.DataFrame(values, columns=list(texts.OBJECT_FACTS)).map(plain)
    st.table(facts, hide_index=True, border="horizontal")


def _in_bronze(name: str, found: ObjectSeen, ingested: Ingestion | None) -> None:
    """Say whether, when and by which run the object was loaded into Bronze."""
    if kind_of(name) not in _LOADED:
        st.caption(texts.OBJECT_NO_SALES)
        return
    if ingested is None:
        st.info(texts.OBJECT_NOT_IN_BRONZE)
        return
    when = fmt.moment(ingested.ingested_at)
    if ingested.generation < found.info.generation:
        st.warning(texts.OBJECT_OLDER_IN_BRONZE.format(when=when))
    elif ingested.reason:
        reason = ingested.reason
        st.warning(texts.OBJECT_WHOLE_QUARANTINED.format(when=when, reason=reason))
    else:
        say = st.warning if ingested.rows_rejected else st.success
        say(texts.OBJECT_IN_BRONZE.format(
            when=when, rows=fmt.number(ingested.rows_loaded),
            rejected=fmt.number(ingested.rows_rejected),
        ))  # fmt: skip
    run = bucket_queries.find_run(ingested.ingested_at)
    st.caption(
        texts.OBJECT_BY_RUN.format(run=run.id, title=run.title) if run else texts.OBJECT_BY_NOBODY
    )


def _tabs(name: str, holds: Contents) -> None:
    sales = place_of(name) is not None
    labels = [texts.OBJECT_TABLE, texts.OBJECT_TEXT, *([texts.OBJECT_BRONZE] if sales else [])]
    table, text, *bronze = st.tabs(
        [plain(label) for label in labels], default=None if holds.header else texts.OBJECT_TEXT
    )
    with table:
        show_table(name, holds)
    with text:
        show_text(holds)
    for tab in bronze:
        with tab:
            show_bronze_rows(name)


def show_text(holds: Contents) -> None:
    """Show the first lines unchanged, or the first bytes of a binary file."""
    _warnings(holds)
    if holds.binary:
        st.warning(texts.OBJECT_BINARY)
    height: int | Literal["content"] = (
        _TEXT_PX if holds.text.count("\n") > _SHORT_LINES else "content"
    )
    st.code(holds.text, language=None, line_numbers=not holds.binary, height=height)


def show_table(name: str, holds: Contents) -> None:
    """Show the first lines with their numbers, each with Bronze's verdict."""
    if not holds.header or holds.binary:
        st.caption(texts.OBJECT_NO_TABLE)
        return
    _warnings(holds)
    if holds.fault:
        st.warning(texts.OBJECT_FAULT.format(reason=holds.fault))
    judged = kind_of(name) in _LOADED and not holds.fault
    components.draw_table(lines_frame(holds, judged=judged))


def lines_frame(
    holds: Contents, *, judged: bool = True, present: Mapping[str, Mapping[str, Any]] | None = None
) -> pd.DataFrame:
    """Tabulate the lines of a file; `judged` adds a column that says whether each is accepted.

    With `present`, the file's rows in Bronze by key, it says whether Bronze has the same values.
    """
    key = 0 if "Id_Item_Pedido" not in holds.header else holds.header.index("Id_Item_Pedido")
    if "Id_Unidade" in holds.header:
        key = 1
    width = max([len(holds.header), *(len(line.fields) for line in holds.lines)])
    rows: list[list[Any]] = []
    for line in holds.lines:
        padded = [*line.fields, *[""] * (width - len(line.fields))]
        state = texts.OBJECT_GOOD
        if line.fault:
            state = str.format(texts.OBJECT_REFUSED, reason=line.fault)
        elif present is not None:
            state = _compared(dict(zip(holds.header, padded, strict=False)),
                              present.get(padded[key]))  # fmt: skip
        rows.append([line.number, *([state] if judged else []), *padded])
    columns = [texts.OBJECT_LINE, *([texts.OBJECT_REASON] if judged else []),
               *_columns(holds.header, width)]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _compared(line: Mapping[str, str], row: Mapping[str, Any] | None) -> str:
    """Say whether Bronze has a line, or which of its values differs."""
    if row is None:
        return plain(texts.OBJECT_ABSENT)
    for column, value in line.items():
        held = row.get(column.lower(), value)
        if not _is_same(value, held):
            return str.format(texts.OBJECT_DIFFERS, column=column, value=held)
    return plain(texts.OBJECT_LOADED)


def _is_same(written: str, held: object) -> bool:
    """Whether a field of a file equals a value of Bronze; empty text equals NULL."""
    if isinstance(held, Decimal):
        try:
            return Decimal(written) == held
        except InvalidOperation:
            return False
    return written == ("" if held is None else str(held))


def show_bronze_rows(name: str) -> None:
    """Show the rows that Bronze has of a sales object."""
    found = bucket_queries.rows_of(session.settings(), name)
    if found is None or not found.count:
        st.caption(texts.OBJECT_NO_ROWS)
        return
    st.caption(texts.OBJECT_ROWS_OF.format(
        count=fmt.number(found.count), table=session.table_name(f"bronze.{found.table}"),
        shown=fmt.number(len(found.rows)), key=found.key,
    ))  # fmt: skip
    st.dataframe(bronze_frame(found), hide_index=True)


def bronze_frame(found: BronzeRows) -> pd.DataFrame:
    """Tabulate rows of Bronze as text, for comparison with the file's text."""
    frame = pd.DataFrame(found.rows).drop(columns=["_source_file", "_ingest_date"])
    frame["_ingest_timestamp"] = [fmt.moment(row["_ingest_timestamp"]) for row in found.rows]
    return frame.map(lambda value: "" if value is None else str(value))


def show_report(report: Report) -> None:
    """Show an error report: the file's summary, then its lines."""
    if report.unreadable:
        st.warning(texts.QUARANTINE_WHOLE.format(name=report.name, reason=report.unreadable))
    else:
        st.warning(texts.QUARANTINE_OF.format(
            name=report.name, rejected=fmt.number(report.rows_rejected),
            rows=fmt.number(report.rows_in), loaded=fmt.number(report.rows_loaded),
        ))  # fmt: skip
    if not report.rows:
        return
    rows = [(row.line, row.reason, row.raw) for row in report.rows[:_REPORT_LINES]]
    if len(rows) < len(report.rows):
        st.caption(texts.QUARANTINE_CUT.format(
            shown=fmt.number(len(rows)), count=fmt.number(len(report.rows))
        ))  # fmt: skip
    line, reason, raw = texts.QUARANTINE_COLUMNS
    large = st.column_config.Column(width="large")
    st.dataframe(
        pd.DataFrame(rows, columns=[line, reason, raw]), hide_index=True,
        column_config={line: st.column_config.Column(width="small"), reason: large, raw: large},
    )  # fmt: skip


def _warnings(holds: Contents) -> None:
    if holds.broken:
        st.warning(texts.OBJECT_BROKEN)
    if holds.cut and not holds.binary:
        st.caption(
            texts.OBJECT_CUT.format(lines=fmt.number(SHOWN_LINES), size=fmt.size(SHOWN_BYTES))
        )


def _columns(header: Sequence[str], width: int) -> list[str]:
    """Return the header's names made unique, because tables need unique names."""
    names: list[str] = []
    taken = {texts.OBJECT_LINE, texts.OBJECT_REASON}
    for place in range(width):
        name = header[place] if place < len(header) and header[place] else f"({place + 1})"
        while name in taken:
            name += "'"
        taken.add(name)
        names.append(name)
    return names
