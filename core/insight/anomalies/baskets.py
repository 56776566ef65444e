"""Orders and items that do not fit each other: one without the other, totals that do not add up."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from core.bronze.validation.codes import Code
from core.insight.anomalies.anomaly import Anomaly, AnomalyKind
from core.insight.anomalies.facts import OF_DATES, Arrival, Facts
from core.messages import message
from core.storage.object_names import parse_sales_name, sales_name

# An order and its items are in the two files of one cell, or of one day in Parquet.
_MISFITS = f"""
WITH items AS (
  SELECT
    REPLACE(_source_file, '/item_pedido.', '/pedido.') AS cell, _source_file AS name,
    id_pedido, id_item_pedido, qtd * vlr_item AS line_value
  FROM bronze.order_items
  WHERE {OF_DATES}
),

orders AS (
  SELECT _source_file AS cell, id_pedido, vlr_pedido, taxa_entrega
  FROM bronze.orders
  WHERE {OF_DATES}
),

baskets AS (
  SELECT cell, id_pedido, SUM(line_value) AS items_value
  FROM items
  GROUP BY cell, id_pedido
)

SELECT
  orders.cell AS name, orders.id_pedido AS id, orders.id_pedido AS order_id,
  orders.vlr_pedido AS order_value, orders.taxa_entrega AS fee, baskets.items_value
FROM orders
LEFT JOIN baskets ON baskets.cell = orders.cell AND baskets.id_pedido = orders.id_pedido
WHERE baskets.cell IS NULL OR orders.vlr_pedido <> orders.taxa_entrega + baskets.items_value
UNION ALL
SELECT
  items.name, items.id_item_pedido AS id, items.id_pedido AS order_id,
  NULL AS order_value, NULL AS fee, NULL AS items_value
FROM items
LEFT JOIN orders ON orders.cell = items.cell AND orders.id_pedido = items.id_pedido
WHERE orders.cell IS NULL
ORDER BY name, id
LIMIT @most
"""  # noqa: S608 - own words


def find_misfits(facts: Facts) -> list[Anomaly]:
    """Orders without items, items without their order, and orders whose total is not the sum.

    What follows from another fault is left out: the other file of the cell is not in Bronze, was
    refused or was damaged on its way, or its row of the same order is in quarantine.
    """
    return [*_judge_all(facts, facts.ask_rows(_MISFITS))]


def lost_orders(found: Iterable[Anomaly]) -> Mapping[str, int]:
    """By the name of an orders object, how many orders it lacks whose items came."""
    orders: defaultdict[str, set[object]] = defaultdict(set)
    for one in found:
        parsed = parse_sales_name(one.object)
        if parsed and one.kind is AnomalyKind.ITEM_WITHOUT_ORDER:
            name = sales_name(replace(parsed, kind="orders"))
            orders[name].add(one.detail.values["order"])
    return {name: len(ids) for name, ids in orders.items()}


def _judge_all(facts: Facts, rows: Iterable[Mapping[str, Any]]) -> Iterator[Anomaly]:
    rejected: dict[str, str] = {}
    for row in rows:
        parsed = parse_sales_name(row["name"])
        if parsed:
            kind = "order_items" if parsed.kind == "orders" else "orders"
            other = facts.arrivals.get(sales_name(replace(parsed, kind=kind)))
            if other is None or other.refused or _is_damaged(facts, other):
                continue
            if other.name not in rejected:
                rejected[other.name] = _rejected_rows(facts, other)
            if row["order_id"] in rejected[other.name]:
                continue
        yield _judge(row)


def _is_damaged(facts: Facts, one: Arrival) -> bool:
    """Whether an object is not what its manifest says, and not because rows were added to it."""
    file = facts.published(one)
    return file is not None and one.crc32c != file.crc32c and one.rows_in <= file.rows


def _rejected_rows(facts: Facts, one: Arrival) -> str:
    """The rows of an object that Bronze lacks, as they were written."""
    if one.rows_loaded == one.rows_in:
        return ""
    return "\n".join(row.raw for row in facts.rejected(one) if row.code != Code.REPEATED)


def _judge(row: Mapping[str, Any]) -> Anomaly:
    name, id_ = row["name"], row["id"]
    if row["order_value"] is None:
        detail = message("anomaly.no_order", item=id_, name=name, order=row["order_id"])
        return Anomaly(AnomalyKind.ITEM_WITHOUT_ORDER, name, id_, detail)
    if row["items_value"] is None:
        detail = message("anomaly.no_items", order=id_, name=name)
        return Anomaly(AnomalyKind.ORDER_WITHOUT_ITEMS, name, id_, detail)
    right = f"{row['fee'] + row['items_value']:.2f}"
    detail = message(
        "anomaly.total", order=id_, name=name, value=f"{row['order_value']:.2f}", right=right
    )
    return Anomaly(AnomalyKind.TOTAL_NOT_SUM, name, id_, detail)
