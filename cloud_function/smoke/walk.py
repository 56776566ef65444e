"""The walk from objects to Gold, by this process on datasets that only this run uses.

What it takes to Bronze has two days of ingestion, yesterday's by far the larger one, so that a look
at the overwrite's bytes shows whether BigQuery reads one partition or all.
"""

from collections.abc import Sequence
from datetime import timedelta

from cloud_function.smoke.check import Check
from cloud_function.smoke.errors import require
from cloud_function.smoke.run import UNITS
from cloud_function.smoke.scene import Scene
from core.pipeline import compare, rebuild, upload
from core.reconcile.compare import Verdict
from core.storage.object_names import REFERENCE_FILES, day_prefix
from core.storage.publish import Request
from core.transform.rebuild import LayerReport
from core.warehouse.bigquery.loader import MOST_SINGLES

KINDS = ("orders", "order_items", *REFERENCE_FILES)
_ROWS = """
SELECT
  (SELECT COUNT(*) FROM bronze.orders WHERE _source_file IN UNNEST(@names)) AS orders,
  (SELECT COUNT(DISTINCT id_pedido) FROM bronze.orders WHERE _source_file IN UNNEST(@names))
    AS different_orders,
  (SELECT COUNT(*) FROM bronze.order_items WHERE _source_file IN UNNEST(@names)) AS items,
  (SELECT COUNT(DISTINCT id_item_pedido) FROM bronze.order_items
    WHERE _source_file IN UNNEST(@names)) AS different_items
"""
_KINDS = "SELECT kind, COUNT(*) AS objects FROM bronze._ingested_objects GROUP BY kind"
_SALES = """
SELECT
  (SELECT COUNT(*) FROM silver.orders) AS silver, (SELECT COUNT(*) FROM bronze.orders) AS bronze
"""


def lunch_request(scene: Scene, *, changed: bool = False) -> Request:
    """One window of both dates, or another seed's of the later one."""
    days, seed = scene.run.walk_days, scene.run.seed
    window = scene.own.catalog.windows[1]
    if changed:
        return Request(days[:1], (window,), UNITS, seed ^ 1)
    return Request(days, (window,), UNITS, seed)


def other_units(scene: Scene) -> Request:
    """The other six windows of the later date."""
    windows = tuple(w for w in scene.own.catalog.windows if w != scene.own.catalog.windows[1])
    return Request(scene.run.walk_days[:1], windows, UNITS, scene.run.seed)


def load_singly(scene: Scene) -> str:
    """Publish one window of two dates; each object is loaded by a job of its own."""
    request = lunch_request(scene)
    done = upload(scene.own, request, scene.now())
    require(done.ingested.rows_rejected == 0, f"{done.ingested.rows_rejected} rows were rejected.")
    _require_rows(scene, request, done.published.orders, done.published.items)
    found = {row["kind"]: row["objects"] for row in scene.own.warehouse.ask(_KINDS)}
    missing = [kind for kind in KINDS if not found.get(kind)]
    require(not missing, f"The ledger has no line of the kind {', '.join(missing)}.")
    return f"{sum(found.values())} objects of all {len(KINDS)} kinds are in the ledger."


def load_twice(scene: Scene) -> str:
    """Publish the same window once more."""
    request = lunch_request(scene)
    done = upload(scene.own, request, scene.now())
    added = done.published.created + done.published.replaced + done.ingested.objects
    require(not added, f"A second call wrote or loaded {added} objects.")
    _require_rows(scene, request, done.published.orders, done.published.items)
    return "It wrote nothing, loaded nothing, and Bronze has each row once."


def load_batch(scene: Scene) -> str:
    """Take the other windows to Bronze in one batch, as of yesterday."""
    request = other_units(scene)
    done = upload(scene.own, request, scene.now() - timedelta(days=1))
    loaded, wanted = done.ingested.objects, len(_list_names(scene, request))
    require(wanted > MOST_SINGLES, f"{wanted} objects are not enough for a batch.")
    require(loaded == wanted, f"{loaded} of {wanted} objects were loaded.")
    _require_rows(scene, request, done.published.orders, done.published.items)
    return f"{loaded} objects came by one load job a table."


def rebuild_all(scene: Scene) -> str:
    """Build Silver, Gold and the aggregations."""
    _require_published(scene, scene.layers)
    return f"{', '.join(scene.layers)} are built. {_require_sales(scene)}"


def overwrite(scene: Scene) -> str:
    """Replace a window's objects; the rows of the former ones go."""
    request = lunch_request(scene, changed=True)
    done = upload(scene.own, request, scene.now(), overwrite=True)
    names = _list_names(scene, request)
    replaced = done.published.replaced
    require(replaced == len(names), f"{replaced} of {len(names)} objects were replaced.")
    _require_rows(scene, request, done.published.orders, done.published.items)
    return f"{replaced} objects were replaced, and none of their former rows is left."


def rebuild_date(scene: Scene) -> str:
    """Build again after one business date changed."""
    changed = scene.run.walk_days[:1]
    for report in _require_published(scene, scene.layers[:2]):
        built = "all dates" if report.dates is None else ", ".join(map(str, report.dates))
        require(report.dates == changed, f"{report.layer} built {built}, not {changed[0]} alone.")
    return f"{changed[0]} alone was built. {_require_sales(scene)}"


def reconcile_date(scene: Scene) -> str:
    """Compare what should be there with bucket and Bronze."""
    day = scene.run.walk_days[0]
    lines, strangers = compare(scene.own, (day, day), scene.now())
    wrong = [line for line in lines if line.verdict is not Verdict.IN_BRONZE]
    first = f"{wrong[0].name} is {wrong[0].verdict}" if wrong else ""
    require(not wrong, f"{len(wrong)} of {len(lines)} objects differ: {first}.")
    require(not strangers, f"{len(strangers)} objects belong to no window.")
    require(bool(lines), f"Nothing is expected of {day}.")
    return f"All {len(lines)} objects of {day} are in Bronze as expected."


def _require_rows(scene: Scene, request: Request, orders: int, items: int) -> None:
    (found,) = scene.own.warehouse.ask(_ROWS, {"names": _list_names(scene, request)})
    expected = {
        "orders": orders, "different_orders": orders, "items": items, "different_items": items,
    }  # fmt: skip
    wrong = [f"{found[name]} {name.replace('_', ' ')} instead of {number}"
             for name, number in expected.items() if found[name] != number]  # fmt: skip
    require(not wrong, f"Bronze has {', '.join(wrong)}.")


def _list_names(scene: Scene, request: Request) -> list[str]:
    tags = tuple(f"/{window.tag}/" for window in request.windows)
    return [
        info.name
        for day in request.dates
        for info in scene.own.store.list(day_prefix(day))
        if any(tag in info.name for tag in tags)
    ]


def _require_published(scene: Scene, layers: Sequence[str]) -> tuple[LayerReport, ...]:
    reports = rebuild(scene.own, layers)
    failed = [check.sentence for report in reports for check in report.checks if not check.passed]
    require(not failed, f"A data check failed: {failed[0] if failed else ''}")
    return reports


def _require_sales(scene: Scene) -> str:
    (found,) = scene.own.warehouse.ask(_SALES)
    silver, bronze = found["silver"], found["bronze"]
    require(silver == bronze > 0, f"Silver has {silver} orders, Bronze {bronze}.")
    return f"Silver has the {silver} orders of Bronze."


_LOADING = "Send this report to the project, with the job that it names; nothing is lost meanwhile."

CHECKS = (
    Check(
        "walk.singles", "Objects go to Bronze one by one, all six kinds of them.",
        _LOADING, "python scripts/generate_incremental_sales.py --upload, then reconcile.py.",
        load_singly,
    ),
    Check(
        "walk.second call", "A second call adds nothing.",
        "Do not let the schedule run: a retry would double sales. Send this report.",
        "Run the same generate_incremental_sales.py --upload twice.",
        load_twice, ("walk.singles",),
    ),
    Check(
        "walk.batch", "More than 20 objects go to Bronze in one batch.",
        f"{_LOADING} Until then upload fewer than 20 objects at a time.",
        "python scripts/generate_incremental_sales.py --units 60 --upload.",
        load_batch, ("walk.singles",),
    ),
    Check(
        "walk.rebuild", "Silver, Gold and the aggregations are built, and their checks pass.",
        "python scripts/build_silver_layer.py names the check that fails, with rows.",
        "python scripts/build_silver_layer.py, then build_gold_layer.py.",
        rebuild_all, ("walk.singles",),
    ),
    Check(
        "walk.overwrite", "--overwrite puts new rows in the place of the former ones.",
        "Use no --overwrite; python scripts/reconcile.py --date shows a date that is doubled.",
        "Upload a window with another --seed and --overwrite, then reconcile.py.",
        overwrite, ("walk.singles",),
    ),
    Check(
        "walk.rebuild by date", "A rebuild makes the business date that changed, and no other.",
        "Rebuild with --full, which costs more and gives the same.",
        "python scripts/build_silver_layer.py after an upload: it names the dates.",
        rebuild_date, ("walk.rebuild", "walk.overwrite"),
    ),
    Check(
        "walk.reconcile", "Bucket and Bronze have what was generated, and nothing else.",
        "python scripts/reconcile.py --details names each object that differs.",
        "python scripts/reconcile.py --date YYYY-MM-DD.",
        reconcile_date, ("walk.batch", "walk.overwrite"),
    ),
)  # fmt: skip
