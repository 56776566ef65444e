"""The rows themselves: the ledger, duplicates, bulk beside incremental, layers behind."""

from datetime import date
from shlex import quote

from core import questions
from core.diagnostics.arrivals import lost_ledger
from core.diagnostics.base import Case, Finding, State
from core.diagnostics.places import REMAKE, remake
from core.names import (
    PARQUET_TAG,
    SalesName,
    day_prefix,
    manifest_name,
    parquet_manifest_name,
    parquet_name,
    parse_parquet_name,
    parse_sales_name,
    sales_name,
)
from core.reconcile import TABLES, Line, Verdict

# Rows of objects that the ledger does not know: they would be loaded once more.
_UNKNOWN_ROWS = """
WITH named AS (
  SELECT DISTINCT _source_file FROM bronze.orders
  UNION DISTINCT
  SELECT DISTINCT _source_file FROM bronze.order_items
)
SELECT COUNT(*) AS objects, MIN(_source_file) AS name
FROM named
WHERE _source_file IS NOT NULL AND _source_file NOT IN (
  SELECT object_name FROM bronze._ingested_objects WHERE bucket = @bucket
)
"""
# Each id that stands in more than one row, with the first and the last object that has it.
_DOUBLED = """
WITH doubled AS (
  SELECT id_pedido AS id, COUNT(*) - 1 AS more,
    MIN(COALESCE(_source_file, '')) AS first_name, MAX(COALESCE(_source_file, '')) AS last_name
  FROM bronze.orders GROUP BY id_pedido HAVING COUNT(*) > 1
  UNION ALL
  SELECT id_item_pedido AS id, COUNT(*) - 1 AS more,
    MIN(COALESCE(_source_file, '')) AS first_name, MAX(COALESCE(_source_file, '')) AS last_name
  FROM bronze.order_items GROUP BY id_item_pedido HAVING COUNT(*) > 1
)
SELECT first_name, last_name, COUNT(*) AS ids, CAST(SUM(more) AS INT64) AS more
FROM doubled GROUP BY first_name, last_name ORDER BY first_name, last_name
"""
_NAMED = 3
_EMPTY = "Bronze has no tables yet."


def ledger(case: Case) -> Finding:
    """Whether the ledger knows the object of every row."""
    if lost_ledger(case):
        found = "Bronze has rows, but its ledger (_ingested_objects) is not there."
        return _remade(case, found)
    if not case.has_bronze():
        return Finding(State.FINE, _EMPTY)
    bucket = case.platform.store.bucket
    (row,) = case.platform.warehouse.ask(_UNKNOWN_ROWS, {"bucket": bucket})
    if not row["objects"]:
        return Finding(State.FINE, "The ledger knows the object of every row in Bronze.")
    found = (
        f"Objects with rows in Bronze that its ledger does not know: {row['objects']:,}, such as "
        f"{row['name']}. They would be loaded once more."
    )
    return _remade(case, found)


def duplicates(case: Case) -> Finding:
    """Whether an order's or an item's id stands in more than one row of Bronze, of all dates."""
    if not {"bronze.orders", "bronze.order_items"} <= case.tables():
        return Finding(State.FINE, _EMPTY)
    pairs = case.platform.warehouse.ask(_DOUBLED)
    if not pairs:
        return Finding(State.FINE, "No order and no item stands in Bronze twice.")
    ids, more = sum(pair["ids"] for pair in pairs), sum(pair["more"] for pair in pairs)
    inside = sorted({p["first_name"] for p in pairs if p["first_name"] == p["last_name"]})
    found = f"Ids that stand in Bronze more than once: {ids:,}; rows too many: {more:,}"
    loadable = [name for name in inside if parse_sales_name(name) or parse_parquet_name(name)]
    if loadable:
        return Finding(
            State.BROKEN, f"{found}; rows of {loadable[0]} were loaded twice.",
            "Load the object once more: its new rows take the place of all of its old ones. Then "
            "rebuild the layers.", _load_again(case, loadable), "reload", tuple(loadable),
        )  # fmt: skip
    if inside:  # rows that no object of the bucket explains
        return _remade(case, f"{found}, and no object of the bucket explains them.")
    first, last = pairs[0]["first_name"], pairs[0]["last_name"]
    copies = sorted({_copy(pair["first_name"], pair["last_name"]) for pair in pairs})
    return Finding(
        State.BROKEN, f"{found}; the same ids are in {first} and in {last}.",
        f"One of each two objects is a copy: delete it, such as {copies[0]}, and load Bronze anew; "
        "then rebuild the layers.",
        _delete(case, copies), "", tuple(copies),
    )  # fmt: skip


def mixed(case: Case) -> Finding:
    """Whether a unit has bulk and incremental data, or CSV files and Parquet, of the same date."""
    lines = [line for line in case.lines() if line.verdict is Verdict.MIXED]
    if not lines:
        return Finding(State.FINE, f"No unit has bulk and incremental data {case.dates_told}.")
    in_parquet = [line for line in lines if line.window_tag == PARQUET_TAG]
    if in_parquet:
        return _mixed_with_parquet(case, in_parquet[0])
    cells = sorted({(line.day, line.unit_id) for line in lines})
    names = [name for day, unit in cells for name in _bulk_names(day, unit)]
    (day, unit), *_ = cells
    more = f" and {len(cells) - 1:,} more" if len(cells) > 1 else ""
    return Finding(
        State.BROKEN,
        f"Unit {unit} on {day}{more} has bulk and incremental data: its sales count twice.",
        f"Keep one kind. To keep the incremental one delete the {len(names):,} bulk objects, such "
        f"as {names[0]}, and load Bronze anew; then rebuild the layers.",
        _delete(case, [*names, *_manifests_of(case, cells)]), "", tuple(names),
    )  # fmt: skip


def _mixed_with_parquet(case: Case, line: Line) -> Finding:
    names = [parquet_name(table, line.day) for table in TABLES]
    return Finding(
        State.BROKEN,
        f"{line.day} has {line.detail}: its sales count twice.",
        f"Keep one kind. To keep the CSV files delete {names[0]}, {names[1]} and their manifest, "
        "and load Bronze anew; make the units again that had no CSV files, and rebuild the layers.",
        _delete(case, [*names, parquet_manifest_name(line.day)]), "", tuple(names),
    )  # fmt: skip


def layers(case: Case) -> Finding:
    """Whether Silver, Gold and aggregations show what Bronze has."""
    if not case.has_bronze():
        return Finding(State.FINE, _EMPTY)
    states = questions.layers(case.platform.warehouse)
    bronze, *others = states
    if not bronze.orders and not any(state.built for state in others):
        return Finding(State.FINE, "Bronze has no orders yet: there is nothing to build.")
    behind = [state for state in states if state.behind]
    if not behind:
        return Finding(State.FINE, "Silver, Gold and aggregations show all that Bronze has.")
    told = ", ".join(
        f"{state.layer.capitalize()} {'is behind Bronze' if state.built else 'is not built'}"
        for state in behind
    )
    scripts = {"silver": "silver_layer", "gold": "gold_layer", "aggregations": "aggregations"}
    return Finding(
        State.ATTENTION, f"{told}.", "Rebuild the layers.",
        "\n".join(f"python scripts/build_{scripts[state.layer]}.py" for state in behind),
        "rebuild",
    )  # fmt: skip


def _remade(case: Case, found: str) -> Finding:
    settings = case.platform.settings
    if settings.cloud is None:
        return Finding(State.BROKEN, found, REMAKE, remake(settings.warehouse_file))
    dataset = f"{settings.cloud.project}:{settings.dataset_prefix}_bronze"
    return Finding(
        State.BROKEN, found,
        "Delete Bronze and load it from the bucket anew, which loses nothing; then rebuild.",
        f"bq rm -r -f {dataset}\npython scripts/ingest_pending.py",
    )  # fmt: skip


def _copy(first: str, last: str) -> str:
    """Which of two objects goes: CSV beside Parquet, bulk beside incremental, else the second."""
    if parse_parquet_name(last):
        return first
    name = parse_sales_name(first)
    return first if name and name.window_tag is None else last


def _bulk_names(day: date, unit: int) -> list[str]:
    return [sales_name(SalesName(table, day, unit, None)) for table in TABLES]


def _manifests_of(case: Case, cells: list[tuple[date, int]]) -> list[str]:
    """Manifests of bulk data that name no unit but those: they go with the objects."""
    found = []
    for day in sorted({day for day, _ in cells}):
        name = manifest_name(day, None)
        kept = {
            info.name
            for info in case.platform.store.list(day_prefix(day))
            if info.name.count("/") == day_prefix(day).count("/") + 1
        } - {name for of_day, unit in cells if of_day == day for name in _bulk_names(day, unit)}
        if not kept and case.platform.store.find(name):
            found.append(name)
    return found


def _load_again(case: Case, names: list[str]) -> str:
    """The commands that give objects a new generation, and load it."""
    if case.platform.settings.cloud:
        bucket = f"gs://{case.platform.store.bucket}"
        places = [quote(f"{bucket}/{name}") for name in names[:_NAMED]]
        return "\n".join(f"gcloud storage cp {place} {place}" for place in places)
    folder = case.platform.settings.bucket_folder
    files = " ".join(quote(str(folder / name)) for name in names[:_NAMED])
    return f"touch {files}\npython scripts/ingest_pending.py"


def _delete(case: Case, names: list[str]) -> str:
    """The commands that delete objects, and make Bronze without them."""
    settings = case.platform.settings
    if settings.cloud:
        bucket = f"gs://{case.platform.store.bucket}"
        dataset = f"{settings.cloud.project}:{settings.dataset_prefix}_bronze"
        gone = "\n".join(f"gcloud storage rm {quote(f'{bucket}/{name}')}" for name in names)
        return f"{gone}\nbq rm -r -f {dataset}\npython scripts/ingest_pending.py"
    folder = settings.bucket_folder
    gone = "\n".join(f"rm {quote(str(folder / name))}" for name in names)
    return f"{gone}\n{remake(settings.warehouse_file)}"
