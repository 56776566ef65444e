"""A look into Gold, and the way to it, on both sides."""

from decimal import Decimal

import pytest

from core import pipeline
from core.errors import InputError
from core.insight.gold import gold_rows, gold_tables, sales_by_product, sales_by_state
from core.insight.layer_figures import layers
from core.operations.cleanup.removal import remove_request
from core.platform import Platform
from core.transform.lineage import STAGES, lineage
from core.transform.rebuild import SQL_FOLDER
from tests.support.scenes import NOW, request, rows

pytestmark = [pytest.mark.both_sides, pytest.mark.thorough]

LUNCH = request("window_1214", units=(1, 2, 30))


@pytest.fixture
def built(platform: Platform) -> Platform:
    pipeline.upload(platform, LUNCH, NOW)
    pipeline.rebuild(platform)
    return platform


def test_sales_add_up_and_each_table_can_be_looked_into(built: Platform) -> None:
    _adds_up(built)
    for table in gold_tables():
        (there,) = rows(built, f"SELECT COUNT(*) AS n FROM gold.{table}")
        assert len(gold_rows(built.warehouse, table, 3)) == min(3, there["n"]) > 0


def _adds_up(built: Platform) -> None:
    (all_,) = rows(built, "SELECT COUNT(*) AS n, SUM(order_value) AS v FROM gold.fact_sales")
    states = sales_by_state(built.warehouse)
    assert sum(state.orders for state in states) == all_["n"]
    assert sum(state.revenue for state in states) == Decimal(all_["v"])
    assert sum(state.units for state in states) == 3
    assert [state.revenue for state in states] == sorted(
        (state.revenue for state in states), reverse=True
    )
    (items,) = rows(
        built, "SELECT SUM(quantity) AS q, SUM(total_item_value) AS v FROM gold.fact_order_items"
    )
    products = sales_by_product(built.warehouse, 30)
    assert sum(product.quantity for product in products) == items["q"]
    assert sum(product.revenue for product in products) == Decimal(items["v"])
    assert sales_by_product(built.warehouse, 3) == products[:3]


def test_what_is_not_there_is_empty_and_what_is_wrong_a_sentence(platform: Platform) -> None:
    assert sales_by_state(platform.warehouse) == []
    assert sales_by_product(platform.warehouse, 5) == []
    assert gold_rows(platform.warehouse, "fact_sales", 5) == []
    with pytest.raises(InputError, match=r"no table 'orders; DROP': use one of .*fact_sales"):
        gold_rows(platform.warehouse, "orders; DROP", 5)
    with pytest.raises(InputError, match="501 rows are not possible: use 1 to 500"):
        gold_rows(platform.warehouse, "fact_sales", 501)


def test_a_layer_says_how_far_it_is_behind(built: Platform) -> None:
    def since() -> list[int | None]:
        return [state.objects_since for state in layers(built.warehouse)[1:]]

    assert since() == [0, 0, 0]
    pipeline.upload(built, request("window_1012", units=(1, 2)), NOW)
    assert since() == [4, 4, 4]
    pipeline.rebuild(built, ["silver"])
    assert since() == [0, 4, 4]
    remove_request(built, LUNCH)
    assert since() == [-6, -2, -2]
    assert [state.behind for state in layers(built.warehouse)[1:]] == [True] * 3


@pytest.mark.folder_only
def test_lineage_has_every_table_after_those_that_it_is_made_from() -> None:
    nodes = lineage()
    seen: set[str] = set()
    for node in nodes:
        assert set(node.reads) <= seen
        seen.add(node.table)
    stages = [STAGES.index(node.stage) for node in nodes]
    assert stages == sorted(stages)
    made = {
        (layer, path.stem) for layer in STAGES[1:] for path in (SQL_FOLDER / layer).glob("*.sql")
    }
    assert {(n.stage, n.table.partition(".")[2]) for n in nodes if n.reads} == made
    reads = {node.table: node.reads for node in nodes}
    assert reads["gold.fact_sales"] == ("silver.order_items", "silver.orders")
    assert reads["silver.units"] == ("bronze.units", "silver.countries", "silver.states")
