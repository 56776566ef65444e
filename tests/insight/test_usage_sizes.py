"""The lengths in core/insight/usage/sizes.csv are those of real objects and tables."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from core.insight.usage.sizes import average_growth, bucket_bytes, bytes_a_row, table_sizes
from core.pipeline import rebuild, upload
from core.platform import Platform
from core.storage.object_names import MANIFEST_PREFIX, REFERENCE_PREFIX, SALES_PREFIX
from tests.support.scenes import DAY, NOW, embedded, request

pytestmark = pytest.mark.thorough

UNITS, DAYS = 12, 2
NOT_COUNTED = {"bronze._origin"}  # a row of some 60 bytes, on BigQuery alone
OF_TYPE = {"BIGINT": 8, "DATE": 8, "BOOLEAN": 1, "DOUBLE": 8}
NEAR = 0.1  # the part by which one small scene may differ from what ten days of 50 units gave


@pytest.fixture
def filled(platform: Platform) -> Platform:
    tags = [window.tag for window in platform.catalog.windows]
    dates = [DAY + timedelta(days=number) for number in range(DAYS)]
    upload(platform, request(*tags, units=range(1, UNITS + 1), dates=dates), NOW)
    rebuild(platform)
    return platform


def logical(platform: Platform) -> Mapping[str, tuple[int, int]]:
    """Rows and logical bytes of each table, as BigQuery counts them."""
    found = {}
    with embedded(platform).reading() as connection:
        for name in platform.warehouse.tables():
            schema, _, table = name.partition(".")
            place = f"{platform.warehouse.prefix}_{schema}"
            columns = connection.execute(
                "SELECT column_name, data_type FROM duckdb_columns() "
                "WHERE schema_name = ? AND table_name = ?",
                [place, table],
            ).fetchall()
            widths = " + ".join(_width(column, kind) for column, kind in columns)
            row = connection.execute(
                f"SELECT COUNT(*), COALESCE(SUM({widths}), 0) FROM {place}.{table}"
            ).fetchone()
            assert row
            found[name] = (int(row[0]), int(row[1]))
    return found


def _width(column: str, kind: str) -> str:
    if kind == "VARCHAR":
        return f'COALESCE(2 + strlen("{column}"), 0)'
    fixed = 16 if kind.startswith("DECIMAL") else 8 if kind.startswith("TIMESTAMP") else None
    return f'CASE WHEN "{column}" IS NULL THEN 0 ELSE {fixed or OF_TYPE[kind]} END'


def test_every_table_s_rows_are_as_long_as_said(filled: Platform) -> None:
    actual = logical(filled)
    assert set(actual) - NOT_COUNTED == set(bytes_a_row())
    for name, each in bytes_a_row().items():
        rows, size = actual[name]
        assert size == pytest.approx(rows * each, rel=NEAR), name


def test_a_forecast_of_what_happened_is_what_happened(filled: Platform) -> None:
    expected = average_growth(UNITS, DAYS, 7, filled.catalog)
    actual = logical(filled)
    for name, size in table_sizes(expected).items():
        # Rows are those of chance, and few of the products' names are sold in two days.
        assert size == pytest.approx(actual[name][1], rel=0.25), name
    stored = sum(
        info.size
        for prefix in (SALES_PREFIX, MANIFEST_PREFIX, REFERENCE_PREFIX)
        for info in filled.store.list(prefix)
    )
    assert bucket_bytes(expected) == pytest.approx(stored, rel=NEAR)
