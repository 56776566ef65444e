"""Prices that differ from the catalog's."""

from decimal import Decimal

from core.generation.catalog import Catalog
from core.insight.anomalies.anomaly import Anomaly, AnomalyKind
from core.insight.anomalies.facts import OF_DATES, Facts
from core.messages import message

_OTHER_PRICE = f"""
SELECT id_item_pedido AS id, _source_file AS name, id_produto AS product_id, vlr_item AS price
FROM bronze.order_items
WHERE {OF_DATES}
  AND vlr_item <> CASE id_produto {{prices}} END
ORDER BY name, id
LIMIT @most
"""  # noqa: S608 - own words


def find_price_drift(facts: Facts) -> list[Anomaly]:
    """Items whose price is not the catalog's price of their product.

    A product that the catalog does not have has no price to compare; quarantine has its items.
    """
    prices = _prices(facts.platform.catalog)
    cases = " ".join(f"WHEN {id_} THEN NUMERIC '{price}'" for id_, price in prices.items())
    rows = facts.ask_rows(_OTHER_PRICE.format(prices=cases))
    return [
        Anomaly(
            AnomalyKind.PRICE_DRIFT, row["name"], row["id"],
            message(
                "anomaly.price", item=row["id"], name=row["name"], product=row["product_id"],
                price=f"{row['price']:.2f}", right=str(prices[row["product_id"]]),
            ),
        )
        for row in rows
    ]  # fmt: skip


def _prices(catalog: Catalog) -> dict[int, Decimal]:
    """The price of each product in BRL."""
    return {one.product_id: Decimal(one.price_cents).scaleb(-2) for one in catalog.products}
