"""Warehouses: where Bronze, Silver and Gold live."""

from core.warehouse.base import BronzeFile, Load
from core.warehouse.duckdb import DuckDBWarehouse

__all__ = ["BronzeFile", "DuckDBWarehouse", "Load"]
