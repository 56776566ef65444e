"""The same content under two dates, whatever its ids are: yesterday's data again.

Orders and items of an object are compared by sums over them. Of all pairs of dates of a unit's
window in a generated year of 50 units, 1,511 have equal sums with one item, 60 with two, one with
three and none with more: each further item makes it some thirty times rarer. So with `LEAST_ITEMS`
items two windows are alike by chance in one of ten thousand years.
"""

from collections.abc import Iterator

from core.insight.anomalies.anomaly import Anomaly, AnomalyKind
from core.insight.anomalies.facts import OF_DATES, Facts
from core.messages import message

LEAST_ITEMS = 6

_SUMS = f"""
WITH items AS (
  SELECT
    REPLACE(_source_file, '/item_pedido.', '/pedido.') AS name,
    COUNT(*) AS item_count, SUM(id_produto) AS products, SUM(id_produto * id_produto * qtd) AS mix,
    SUM(qtd) AS pieces, SUM(qtd * vlr_item) AS items_value, COUNT(observacao) AS notes
  FROM bronze.order_items
  WHERE {OF_DATES}
  GROUP BY name
),

orders AS (
  SELECT
    _source_file AS name,
    COUNT(*) AS order_count, SUM(vlr_pedido) AS value, SUM(vlr_pedido * vlr_pedido) AS squares,
    SUM(taxa_entrega) AS fees, COUNTIF(tipo_pedido = 'Loja Online') AS online
  FROM bronze.orders
  WHERE {OF_DATES}
  GROUP BY name
)

SELECT
  orders.name, order_count, value, squares, fees, online,
  item_count, products, mix, pieces, items_value, notes
FROM orders
INNER JOIN items ON items.name = orders.name
WHERE item_count >= @least
ORDER BY name
"""  # noqa: S608 - own words


def find_same_contents(facts: Facts) -> Iterator[Anomaly]:
    """Orders objects with the content of an object of the same unit and window, of another date."""
    rows = facts.ask(_SUMS, day_before=True, least=LEAST_ITEMS)
    first_with: dict[tuple[object, ...], str] = {}
    for row in rows:  # by name, and so by date
        one = facts.arrivals.get(row.pop("name"))
        if one is None or one.place is None:
            continue
        content = (one.unit_id, one.place.window_tag, *row.values())
        original = first_with.setdefault(content, one.name)
        if original != one.name and one.day >= facts.first:
            detail = message("anomaly.same_content", name=one.name, original=original)
            yield Anomaly(AnomalyKind.YESTERDAY_AGAIN, one.name, "", detail)
