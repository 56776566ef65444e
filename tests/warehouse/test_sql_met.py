"""Every statement of the product meets Google's analyser: none is one that only DuckDB has seen.

Each scene runs all statements of some modules on the emulated cloud, whose gateway has the analyser
look at each. A statement that no scene runs fails here, as does a module that no scene has.
"""

import dataclasses
import functools
import re
import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from fnmatch import fnmatch

import pytest

from cloud_function.smoke import billing, functions, removal, walk
from cloud_function.smoke.run import new_run
from core import pipeline
from core.bronze.reference_data import publish_reference
from core.gcp.clients import bigquery_client
from core.insight import bronze_rows, bronze_windows, gold, layer_figures
from core.insight.anomalies.find import find_anomalies
from core.insight.usage import Month, bigquery_billing, observe_month
from core.operations import daily_refresh
from core.operations.cleanup import leftovers
from core.platform import Platform
from core.settings import Settings
from core.storage.object_names import reference_name
from core.storage.publish_parquet import publish_day
from core.transform.rebuild import rebuild_layers
from core.warehouse.bigquery.client import BigQuery
from core.warehouse.bigquery.jobs import Jobs
from local_cloud.gateway import Gateway
from tests.cloud_function.test_deploy import STEPS, commands, filled
from tests.support import bigquery_scene, dated_bronze
from tests.support.diagnosed import found
from tests.support.scenes import DAY, ITEMS_NAME, NOW, ORDERS_NAME, ingest, request
from tests.support.sql_templates import Given, Template, plain, templates
from tests.support.validate_files import file, item, order

# Texts that BigQuery is never given, by where they are and how they begin.
ELSEWHERE: Mapping[tuple[str, str], str] = {
    ("core/warehouse/duckdb/*.py", ""): "DuckDB",
    ("core/insight/diagnostics/machine.py", "SELECT COUNT(*), BIT_XOR"): "DuckDB",
    ("core/warehouse/dialect/*.py", ""): "parts of statements, on their way to DuckDB",
    ("core/insight/usage/actual.py", "SELECT '{}' AS name"): "rows of a folder's tables",
    ("core/operations/runs/*.py", ""): "SQLite",
    ("core/scheduler/*.py", ""): "SQLite",
    ("core/alerts/*.py", ""): "SQLite",
    ("cloud_function/smoke/billing.py", "A claim"): "a sentence",
    ("cloud_function/smoke/billing.py", "BigQuery lists"): "a sentence",
    ("cloud_function/smoke/billing.py", "bq query"): "a command",
    ("core/warehouse/bigquery/layer_build.py", r"\bAS"): "a pattern",
    ("core/messages/*.py", ""): "sentences",
    ("ui/texts/*.py", ""): "sentences",
}  # fmt: skip


def load_bronze(platform: Platform, gateway: Gateway) -> None:
    """Objects come to Bronze singly and in batches, newer ones and empty ones, and go."""
    assert platform.settings.cloud
    prefix = f"{platform.warehouse.prefix}_more"  # a Bronze is loaded from one bucket
    bronze = bigquery_scene.Bronze(platform.settings.cloud, prefix, gateway)
    first, *others = bigquery_scene.NAMES
    bronze.put(bigquery_scene.load(first, 1))
    bronze.put(bigquery_scene.load(first, 2))
    bronze.put(bigquery_scene.load(first, 3, orders=()))
    days = [bigquery_scene.NOW.date() - timedelta(days=n) for n in range(1, 4)]
    names = [*others, *(name for day in days for name in bigquery_scene.names_of(day))]
    bronze.put(*bigquery_scene.loads(names))
    bronze.warehouse.generations(bigquery_scene.BUCKET, "raw/csv_sales/")
    bronze.warehouse.bronze_files(bigquery_scene.BUCKET, "raw/", "rax")
    old = bigquery_scene.names_of(date(2010, 1, 1))
    bronze.put(bigquery_scene.load(old[0], 1))
    bronze.warehouse.remove(bigquery_scene.BUCKET, names[:1])
    publish_day(platform.store, request("window_1214"), platform.catalog)
    pipeline.ingest_pending(platform, NOW)
    for data in (b"Id_Pais;Nome_Pais\n1;Brasil\n", b"Id_Pais;Nome_Pais\n"):
        ingest(platform, reference_name("countries"), data)


def build_layers(platform: Platform, _: Gateway) -> None:
    """All layers are built as a whole, then one for a date; the pages show them."""
    bronze = dated_bronze.Bronze(platform)
    bronze.reference()
    for number in range(3):
        dated_bronze.clean(bronze, number)
    assert all(report.published for report in rebuild_layers(platform.warehouse))
    dated_bronze.clean(bronze, 0, "again")
    warehouse = platform.warehouse
    (silver,) = rebuild_layers(warehouse, ("silver",))
    assert silver.dates == (dated_bronze.day(0),)
    assert layer_figures.bronze_days(warehouse, dated_bronze.day(0), dated_bronze.day(2))
    assert all(state.built for state in layer_figures.layers(warehouse))
    assert layer_figures.daily_sales(warehouse, 7)
    assert gold.gold_rows(warehouse, "fact_sales", 5)
    assert gold.sales_by_state(warehouse)
    assert gold.sales_by_product(warehouse, 5)
    (year,) = gold.years_in_gold(warehouse)
    assert gold.sales_of_year(warehouse, year)
    assert daily_refresh.count_sales(platform, daily_refresh.Refresh(dated_bronze.day(0)), NOW)
    _look_as_the_smoke_test_does(platform)


def _look_as_the_smoke_test_does(platform: Platform) -> None:
    """Its statements run on a deployment's own tables."""
    assert platform.settings.cloud
    warehouse, wait_s = platform.warehouse, platform.settings.wait_s
    for sql in (walk._ROWS, functions._NOTED):
        warehouse.ask(sql, {"names": [ORDERS_NAME]})
    for sql in (walk._KINDS, walk._SALES):
        assert warehouse.ask(sql)
    for sql in (billing._PARTITION.format(day=DAY), billing._ALL):
        assert warehouse.bytes_read(sql) is not None
    bucket, prefix = platform.store.bucket, warehouse.prefix
    jobs = Jobs(BigQuery(platform.settings.cloud, prefix, wait_s))
    assert removal.remove_sales(platform, jobs, new_run("0123456789ab", NOW, bucket, prefix)) == []


def look_at_bronze(platform: Platform, _: Gateway) -> None:
    """The pages and commands that look at objects and their rows do so."""
    publish_reference(platform.store, platform.catalog, 1)
    ingest(platform, ORDERS_NAME, file("orders", order(1)))
    ingest(platform, ITEMS_NAME, file("order_items", item(1)))
    warehouse, bucket = platform.warehouse, platform.store.bucket
    assert bronze_rows.ingestion(warehouse, bucket, ORDERS_NAME)
    shown = bronze_rows.bronze_rows(warehouse, ORDERS_NAME)
    assert shown
    assert set(bronze_rows.files_of(warehouse, [shown.rows[0]["id_pedido"]]).values()) == {
        ORDERS_NAME
    }
    assert bronze_windows.orders_by_window(warehouse, DAY, DAY)
    assert find_anomalies(platform, (DAY, DAY), NOW).found
    assert observe_month(platform, [], Month.of(NOW), NOW).arrived.objects == 2
    assert platform.settings.cloud
    bigquery_billing.query_billed_bytes(platform.settings.cloud, NOW, NOW + timedelta(days=1))
    platform.store.delete(ORDERS_NAME, ITEMS_NAME)
    left = leftovers.find_leftovers(platform, (DAY, DAY))
    assert {(one.name, one.rows) for one in left} == {(ORDERS_NAME, 1), (ITEMS_NAME, 1)}
    assert "twice" in found(platform, "duplicates").found
    assert "knows" in found(platform, "ledger").found
    client = bigquery_client(platform.settings.cloud)
    client.delete_table(f"{warehouse.prefix}_bronze._ingested_objects")
    advice = found(platform, "ledger").command.splitlines()
    for line in [line for line in advice if line.startswith("bq query")]:
        client.query(shlex.split(line)[-1]).result()
    client.close()  # type: ignore[no-untyped-call]


Scene = Callable[[Platform, Gateway], None]
SCENES: Mapping[Scene, Sequence[str]] = {
    load_bronze: (
        "core/sql/bronze/*", "core/warehouse/below.py", "core/warehouse/bigquery/client.py",
        "core/warehouse/bigquery/row_writer.py", "core/warehouse/bigquery/jobs.py",
        "core/warehouse/bigquery/loaded/ledger.py", "core/warehouse/bigquery/loaded/origin.py",
        "core/warehouse/bigquery/loaded/past.py", "core/warehouse/bigquery/removal.py",
    ),
    build_layers: (
        "core/operations/daily_refresh.py", "core/insight/gold.py",
        "core/transform/date_independence.py", "core/insight/layer_figures.py",
        "core/transform/date_slices.py", "core/sql/aggregations/*", "core/sql/checks/*",
        "core/sql/gold/*",
        "core/sql/silver/*", "core/transform/staleness.py", "core/transform/rebuild.py",
        "core/warehouse/bigquery/layer_build.py", "cloud_function/smoke/*.py",
    ),
    look_at_bronze: (
        "core/insight/diagnostics/doubled.py", "core/insight/diagnostics/tables.py",
        "core/operations/cleanup/leftovers.py", "core/insight/anomalies/*.py",
        "core/insight/bronze_rows.py", "core/insight/bronze_windows.py",
        "core/insight/usage/actual.py",
        "core/insight/usage/bigquery_billing.py",
    ),
}  # fmt: skip
DEPLOYMENT = ("cloud_function/deploy/*.py",)


def is_among(template: Template, paths: Iterable[str]) -> bool:
    return any(fnmatch(template.path, path) for path in paths)


def is_elsewhere(template: Template) -> bool:
    beginning = template.text.lstrip()
    return any(
        fnmatch(template.path, path) and beginning.startswith(begins) for path, begins in ELSEWHERE
    )


@functools.cache
def ours() -> list[Template]:
    """The statements that BigQuery is given."""
    return [template for template in templates() if not is_elsewhere(template)]


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
def test_each_statement_of_the_product_meets_googles_analyser(
    scene: Scene, cloud_settings: Settings, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = [template for template in ours() if is_among(template, SCENES[scene])]
    given = Given(monkeypatch)
    platform = dataclasses.replace(Platform.of(cloud_settings), has_events=False)
    scene(platform, gateway)
    met = given.met(gateway.bigquery.analysis.accepted)
    assert [str(template) for template in mine if not template.is_met(met)] == []
    never = Template("here", 1, "SELECT never_given FROM bronze.orders")
    assert not never.is_met(met)


@pytest.mark.thorough  # to load Google's analyser takes seconds in each process
def test_google_accepts_each_statement_of_the_deployment() -> None:
    from local_cloud import googlesql  # heavy

    given = [filled(command)[-1] for command in commands(STEPS) if command[:1] == ("bq",)]
    given = [sql for sql in given if re.match(r"(CREATE|GRANT)\b", sql)]
    for sql in given:
        googlesql.analyse(googlesql.Script(sql))
    mine = [template for template in ours() if is_among(template, DEPLOYMENT)]
    met = [plain(sql) for sql in given]
    assert mine
    assert [str(template) for template in mine if not template.is_met(met)] == []


def test_each_statement_of_the_product_has_one_place_where_it_is_met() -> None:
    """Neither a new module nor a new file of SQL is left out, and no place is of nothing."""
    places = [*SCENES.values(), DEPLOYMENT]
    homeless = [
        str(template) for template in ours()
        if sum(is_among(template, paths) for paths in places) != 1
    ]  # fmt: skip
    assert homeless == []
    for path in (path for paths in places for path in paths):
        assert [template for template in ours() if is_among(template, [path])], path
    for path, begins in ELSEWHERE:
        there = [each for each in templates() if fnmatch(each.path, path)]
        assert [each for each in there if each.text.lstrip().startswith(begins)], (path, begins)
    assert len(ours()) > 100


def test_a_statement_is_met_by_all_of_its_pieces_in_their_order() -> None:
    asked = Template("x.py", 1, "SELECT a\nFROM `{table}` -- why\nWHERE day IN ({days}) LIMIT 1")
    assert asked.is_met([plain("SELECT a FROM p.d.t WHERE day IN (DATE '2026-02-01') LIMIT 1")])
    assert not asked.is_met([plain("SELECT a FROM p.d.t WHERE day IN (@days) LIMIT 2")])
    assert not asked.is_met([plain("SELECT a FROM p.d.t LIMIT 1"), plain("WHERE day IN (1)")])
    assert not asked.is_met(
        [plain("SELECT a FROM p.d.t; SELECT b FROM u WHERE day IN (1) LIMIT 1")]
    )
    assert not asked.is_met([plain("SELECT a FROM (SELECT 1) WHERE day IN (1) LIMIT 1")])
    sliced = Template("x.py", 1, "SELECT a FROM bronze.orders WHERE b")
    assert sliced.is_met([plain("SELECT a FROM (SELECT * FROM bronze.orders WHERE d) WHERE b")])
