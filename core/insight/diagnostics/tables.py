"""Check the tables: the ledger knows every row, and the layers show what Bronze has."""

from shlex import quote

from core.insight import layer_figures
from core.insight.diagnostics.arrivals import lost_ledger
from core.insight.diagnostics.back_ends import REMADE, REMAKE
from core.insight.diagnostics.finding import CheckContext, Finding, State
from core.messages import message

# Rows of objects that the ledger does not know: they would be loaded again.
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
_NAMED = 3
_EMPTY = message("diagnose.no_bronze")


def ledger(case: CheckContext) -> Finding:
    """Check whether the ledger knows the object of every row."""
    if lost_ledger(case):
        found = message("diagnose.ledger_lost")
        return advise_reload(case, found)
    if not case.has_bronze():
        return Finding(State.FINE, _EMPTY)
    bucket = case.platform.store.bucket
    (row,) = case.platform.warehouse.ask(_UNKNOWN_ROWS, {"bucket": bucket})
    if not row["objects"]:
        return Finding(State.FINE, message("diagnose.ledger"))
    found = message("diagnose.ledger_unknown", count=row["objects"], name=row["name"])
    return advise_reload(case, found)


def layers(case: CheckContext) -> Finding:
    """Check whether Silver, Gold and the aggregations show what Bronze has."""
    if not case.has_bronze():
        return Finding(State.FINE, _EMPTY)
    states = layer_figures.layers(case.platform.warehouse)
    bronze, *others = states
    if not bronze.orders and not any(state.built for state in others):
        return Finding(State.FINE, message("diagnose.layers_nothing"))
    behind = [state for state in states if state.behind]
    if not behind:
        return Finding(State.FINE, message("diagnose.layers"))
    told = [
        message(
            "diagnose.layer_behind" if state.built else "diagnose.layer_not_built",
            layer=message(f"layer.{state.layer}"),
        )
        for state in behind
    ]
    scripts = {"silver": "silver_layer", "gold": "gold_layer", "aggregations": "aggregations"}
    return Finding(
        State.ATTENTION,
        message("diagnose.layers_behind", layers=told),
        message("diagnose.rebuild"),
        "\n".join(f"python scripts/build_{scripts[state.layer]}.py" for state in behind),
        "rebuild",
    )


def advise_reload(case: CheckContext, found: str) -> Finding:
    """What to do if Bronze must be loaded from the bucket again."""
    settings = case.platform.settings
    if settings.cloud is None:
        return Finding(State.BROKEN, found, REMAKE, REMADE)
    dataset = f"{settings.cloud.project}.{settings.dataset_prefix}_bronze"
    stamp = f"{case.now:%Y%m%dT%H%M%S}"
    renamed = [
        f"ALTER TABLE `{dataset}.{table}` RENAME TO `{table}_aside_{stamp}`"
        for table in sorted(name.removeprefix("bronze.") for name in case.tables())
        if "." not in table and "_aside_" not in table
    ]
    return Finding(
        State.BROKEN,
        found,
        message("diagnose.remake_cloud"),
        "\n".join(
            [f"bq query --use_legacy_sql=false {quote(sql)}" for sql in renamed]
            + ["python scripts/ingest_pending.py"]
        ),
    )


def load_again(case: CheckContext, names: list[str]) -> str:
    """The commands that give objects a new generation, and load it."""
    if case.platform.settings.cloud:
        bucket = f"gs://{case.platform.store.bucket}"
        places = [quote(f"{bucket}/{name}") for name in names[:_NAMED]]
        return "\n".join(f"gcloud storage cp {place} {place}" for place in places)
    folder = case.platform.settings.bucket_folder
    files = " ".join(quote(str(folder / name)) for name in names[:_NAMED])
    return f"touch {files}\npython scripts/ingest_pending.py"
