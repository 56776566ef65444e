"""The other views of Storage: manifests, quarantine, reference data, sizes."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pandas as pd
import streamlit as st

from core.bronze.quarantine import Report, data_name
from core.generation.windows import is_covered
from core.insight import bucket
from core.insight.bucket import Comparison
from core.reconcile.compare import ALL_UNITS
from core.storage.manifest import Manifest
from core.storage.object_names import OBJECT_KINDS, day_of, manifest_tag
from ui import texts
from ui.queries import bucket_queries
from ui.shell import actions, session, url_state
from ui.storage import object_view, sales_files, storage_charts
from ui.style import format as fmt
from ui.style import theme
from ui.style.sentences import sentence
from ui.style.shared_charts import name_hours
from ui.widgets import components, deletion, paging


def show_manifests(day: date) -> None:
    """Show a manifest of the date: its figures, and each of its files compared with the object."""
    found = bucket_queries.manifests(session.settings(), day)
    if not found:
        st.info(texts.MANIFEST_NONE.format(day=fmt.day(day)))
        return
    by_tag = {manifest_tag(info.name) or "": info.name for info in found}
    tags = list(by_tag)
    sales_files.IN_WINDOW.restore(tags, tags[0])
    st.selectbox(
        texts.MANIFEST_WINDOW, tags, format_func=lambda tag: name_hours(tag or None),
        key=sales_files.IN_WINDOW.key, width=180,
    )  # fmt: skip
    tag = sales_files.IN_WINDOW.publish(tags[0]) or ""
    seen = bucket_queries.manifest(session.settings(), by_tag[tag], day)
    _figures(seen.manifest, seen.units)
    _compared(seen.lines, seen.manifest)
    if seen.unnamed:
        st.warning(texts.MANIFEST_UNNAMED.format(
            count=fmt.number(len(seen.unnamed)), first=seen.unnamed[0].name
        ))  # fmt: skip
    lines = _sorted(seen.lines)
    names = [line.file.name for line in lines]
    object_view.draw_open_button(texts.MANIFEST_OPEN, by_tag[tag])
    st.caption(texts.STORAGE_OBJECTS_HINT)
    st.dataframe(
        _manifest_table(lines, seen.manifest), hide_index=True, key="manifest_files",
        on_select=lambda: object_view.select_row("manifest_files", names),
        selection_mode="single-row",
    )  # fmt: skip


def _figures(manifest: Manifest, units: int) -> None:
    cells = manifest.cells.values()
    seeds = sorted({cell.seed for cell in cells})
    value = Decimal(sum(cell.value_cents for cell in cells)) / 100
    values = {
        "units": fmt.number(units),
        "orders": fmt.number(sum(cell.orders.rows for cell in cells)),
        "items": fmt.number(sum(cell.order_items.rows for cell in cells)),
        "value": fmt.money(value),
        "seeds": str(seeds[0])
        if len(seeds) == 1
        else texts.MANIFEST_SEEDS.format(count=fmt.number(len(seeds))),
    }
    components.draw_figures((texts.MANIFEST_FIGURES[name], shown) for name, shown in values.items())


def _compared(lines: Sequence[Comparison], manifest: Manifest) -> None:
    faulty = sum(bool(line.fault) for line in lines)
    if faulty:
        st.warning(texts.MANIFEST_DIFFERS.format(
            count=fmt.number(faulty), total=fmt.number(len(lines))
        ))  # fmt: skip
    elif manifest.cells:
        st.success(texts.MANIFEST_FINE.format(count=fmt.number(len(lines))))


def _sorted(lines: Sequence[Comparison]) -> list[Comparison]:
    return sorted(lines, key=lambda line: not line.fault)


def _manifest_table(lines: Sequence[Comparison], manifest: Manifest) -> pd.DataFrame:
    rows = [
        (line.unit_id or texts.PARQUET_UNITS, line.file.name.rpartition("/")[2],
         str.format(texts.MANIFEST_BAD, fault=sentence(line.fault)) if line.fault
         else texts.MANIFEST_OK,
         line.file.rows, line.file.size, str(manifest.cells[line.unit_id].seed),
         line.file.crc32c, line.crc32c)
        for line in lines
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(texts.MANIFEST_COLUMNS))


def show_quarantine(day: date) -> None:
    """Show each file with rows in quarantine, with its lines and reasons."""
    only = st.toggle(texts.QUARANTINE_THIS_DAY, key="only_day", bind="query-params")
    found = bucket_queries.quarantine(session.settings(), day if only else None)
    if not found:
        empty = (
            texts.QUARANTINE_EMPTY_DAY.format(day=fmt.day(day)) if only else texts.QUARANTINE_EMPTY
        )
        st.success(empty)
        return
    st.markdown(texts.QUARANTINE_COUNT.format(count=fmt.number(len(found))))
    shown = paging.take_page(found, "quarantine_page")
    name = st.selectbox(
        texts.QUARANTINE_FILE, [info.name for info in shown], key="report", bind="query-params",
        format_func=lambda name: name.removeprefix(OBJECT_KINDS["quarantine"]),
    )  # fmt: skip
    report = bucket_queries.report(session.settings(), name) if name else None
    if report:
        object_view.show_report(report)
        gone = bucket_queries.find_object(session.settings(), report.name) is None
        st.caption(texts.QUARANTINE_GONE if gone else texts.QUARANTINE_WAY_OUT)
        with st.container(horizontal=True):
            if gone:
                named = day_of(report.name)
                # A date that the platform does not cover is settled with any range.
                of_day = named if named and is_covered(named) else day
                actions.button(
                    texts.QUARANTINE_SETTLE.format(day=fmt.day(of_day)), deletion.settle, "settle",
                    of=f"{of_day} {of_day}",
                )  # fmt: skip
            elif bucket_queries.is_stray(session.settings(), report.name):
                actions.button(
                    texts.DELETE_FILES.format(count=fmt.number(1)), deletion.ask_to_delete_one,
                    "delete_reported", of=report.name, help=texts.DELETE_HELP,
                )  # fmt: skip
            object_view.draw_open_button(texts.QUARANTINE_OPEN_LINES, data_name(name, report))
            object_view.draw_open_button(texts.QUARANTINE_OPEN_OBJECT, report.name)
            _links(report)


def _links(report: Report) -> None:
    parsed = bucket.place_of(report.name)
    if parsed:
        unit = {"look_unit": f"{parsed.unit_id:03d}"} if parsed.unit_id != ALL_UNITS else {}
        st.page_link(
            "pages/bronze.py", label=texts.QUARANTINE_OPEN_BRONZE,
            query_params={
                "day": parsed.day.isoformat(), "look": parsed.day.isoformat(),
                "look_window": url_state.window_name(parsed.window_tag), **unit,
            },
        )  # fmt: skip


def show_reference() -> None:
    """Show the reference files, one of them opened."""
    found = bucket_queries.reference(session.settings())
    if not found:
        st.info(texts.REFERENCE_EMPTY)
        return
    name = st.selectbox(
        texts.REFERENCE_FILE, [info.name for info in found], key="reference",
        format_func=lambda name: name.rpartition("/")[2], bind="query-params", width=240,
    )  # fmt: skip
    object_view.show_object(name)


def show_sizes() -> None:
    """Show the bytes of the bucket by kind; on Google Cloud after a switch, because it costs."""
    if session.is_on_cloud() and not st.toggle(
        texts.SIZES_COUNT, key="count_all", help=texts.SIZES_COUNT_HELP
    ):
        st.caption(texts.SIZES_COUNT_HELP)
        return
    found = bucket_queries.totals(session.settings())
    counted, size = (sum(tally[place] for tally in found.values()) for place in (0, 1))
    if not counted:
        st.info(texts.STORAGE_EMPTY_BUCKET)
        return
    written = [fmt.size(tally.size) for tally in found.values()]
    kinds = [texts.SIZES_KINDS[kind] for kind in found]
    rows = zip(kinds, (t.objects for t in found.values()), (t.size for t in found.values()),
               written, strict=True)  # fmt: skip
    st.subheader(texts.SIZES_TITLE, anchor=False)
    summed = {"objects": fmt.number(counted), "size": fmt.size(size)}
    st.markdown(texts.SIZES_SUM.format(**summed))
    components.draw_chart(
        storage_charts.draw_sizes(kinds, [tally.size for tally in found.values()], written,
                             theme.palette()),
        "sizes_chart", texts.SIZES_ALT.format(**summed),
        pd.DataFrame(list(rows), columns=list(texts.SIZES_COLUMNS)),
    )  # fmt: skip
