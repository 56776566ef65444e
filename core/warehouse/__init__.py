"""Warehouses: where Bronze, Silver and Gold live."""

from core.warehouse.duckdb import DuckDBWarehouse

__all__ = ["DuckDBWarehouse"]
