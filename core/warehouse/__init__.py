"""Warehouses, which hold Bronze, Silver and Gold."""

from core.warehouse.base import BronzeFile, LayerBuild, Load, Warehouse, deny
from core.warehouse.duckdb.warehouse import DuckDBWarehouse

__all__ = ["BronzeFile", "DuckDBWarehouse", "LayerBuild", "Load", "Warehouse", "deny"]
