"""The data checks: the sentence that must hold, by the name of its file in `core/sql/checks`."""

from collections.abc import Mapping

CHECKS: Mapping[str, str] = {
    "countries_key_unique": "country_id é único em silver.countries, e nenhum é NULL.",
    "order_items_have_orders": "Cada item pertence a um pedido de silver.orders.",
    "order_items_key_unique": "order_item_id é único em silver.order_items, e nenhum é NULL.",
    "order_items_of_known_products": "Cada item é de um produto de silver.products.",
    "order_value_adds_up": "O valor de cada pedido é a soma dos seus itens mais a taxa de "
    "entrega, até o centavo.",
    "orders_complete": "Cada pedido tem unidade, data, status, valor e taxa de entrega.",
    "orders_key_unique": "order_id é único em silver.orders, e nenhum é NULL.",
    "orders_of_known_units": "Cada pedido vem de uma unidade de silver.units.",
    "products_key_unique": "product_id é único em silver.products, e nenhum é NULL.",
    "sales_equal_ledger": "De cada data, a Silver tem as linhas que, pelo registro, foram "
    "carregadas, fora as repetidas e os itens sem pedido.",
    "states_key_unique": "state_id é único em silver.states, e nenhum é NULL.",
    "units_in_known_places": "Cada unidade fica num estado de silver.states e num país de "
    "silver.countries.",
    "units_key_unique": "unit_id é único em silver.units, e nenhum é NULL.",
    "dim_date_key_unique": "date_key é único em gold.dim_date, e nenhum é NULL.",
    "dim_date_without_gap": "gold.dim_date tem todos os dias, do seu primeiro ao último, e "
    "2025 a 2027 inteiros.",
    "dim_geography_key_unique": "geography_key é único em gold.dim_geography, e nenhum é NULL.",
    "dim_product_key_unique": "product_key é único em gold.dim_product, e nenhum é NULL.",
    "dim_unit_key_unique": "unit_key é único em gold.dim_unit, e nenhum é NULL.",
    "fact_order_items_equals_order_items": "gold.fact_order_items tem os itens de "
    "silver.order_items: a mesma quantidade, com o mesmo valor.",
    "fact_order_items_in_dim_date": "Cada date_key de gold.fact_order_items está em gold.dim_date.",
    "fact_order_items_in_dim_product": "Cada product_key de gold.fact_order_items está em "
    "gold.dim_product.",
    "fact_order_items_in_dim_unit": "Cada unit_key de gold.fact_order_items está em gold.dim_unit.",
    "fact_order_items_key_unique": "item_id é único em gold.fact_order_items, e nenhum é NULL.",
    "fact_sales_add_up": "Os dois fatos concordam: itens, porções e subtotal dos pedidos de "
    "cada data são os dos seus itens.",
    "fact_sales_equals_orders": "gold.fact_sales tem os pedidos de silver.orders: em cada "
    "data a mesma quantidade, com o mesmo valor.",
    "fact_sales_in_dim_date": "Cada date_key de gold.fact_sales está em gold.dim_date.",
    "fact_sales_in_dim_unit": "Cada unit_key de gold.fact_sales está em gold.dim_unit.",
    "fact_sales_key_unique": "order_id é único em gold.fact_sales, e nenhum é NULL.",
    "agg_daily_sales_equals_fact_sales": "Pedidos, receita e itens de gold.agg_daily_sales "
    "são os de gold.fact_sales, para cada date_key.",
    "agg_daily_sales_key_unique": "date_key é único em gold.agg_daily_sales, e nenhum é NULL.",
    "agg_product_performance_equals_fact_order_items": "Itens, porções e receita de "
    "gold.agg_product_performance são os de gold.fact_order_items, para cada product_key.",
    "agg_product_performance_key_unique": "product_key é único em "
    "gold.agg_product_performance, e nenhum é NULL.",
    "agg_unit_performance_equals_fact_sales": "Pedidos, receita e itens de "
    "gold.agg_unit_performance são os de gold.fact_sales, para cada unit_key.",
    "agg_unit_performance_key_unique": "unit_key é único em gold.agg_unit_performance, e "
    "nenhum é NULL.",
    "percentages_in_range": "As porcentagens vão de 0 a 100.",
}
