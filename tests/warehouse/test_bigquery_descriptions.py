"""A table that the platform makes in BigQuery shows what each of its columns says."""

import pytest
from google.cloud.bigquery import SchemaField, Table

from core.settings import Cloud
from core.warehouse.bigquery.client import BigQuery
from tests.dictionary.meanings import OF_TABLES, Meanings


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("silver.orders", ("order_id", "order_value", "order_year", "delivery_address")),
        ("gold.agg_daily_sales", ("order_date", "total_revenue", "online_pct")),
    ],
)
def test_columns_have_the_descriptions_and_units_of_the_dictionary(
    cloud: Cloud, table: str, columns: tuple[str, ...]
) -> None:
    bigquery = BigQuery(cloud, f"described_{cloud.bucket.replace('-', '_')}", 20)
    bigquery.create_dataset(table.partition(".")[0])
    like = Table("any.any.any", [SchemaField(name, "STRING") for name in (*columns, "no_column")])
    bigquery.create_table(table, like)
    *described, other = bigquery.schema(table)
    meanings = Meanings(OF_TABLES)
    for field, name in zip(described, columns, strict=True):
        unit, text = meanings.of(table, name)
        assert (field.name, field.description) == (name, f"{text} ({unit})" if unit else text)
    assert other.description is None
    bigquery.client.close()  # type: ignore[no-untyped-call]
