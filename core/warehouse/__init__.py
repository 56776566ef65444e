"""Warehouses: where Bronze, Silver and Gold live."""

from core.warehouse.base import BronzeFile, LayerBuild, Load, Warehouse, deny
from core.warehouse.duckdb.warehouse import DuckDBWarehouse

__all__ = [
    "BronzeFile",
    "DuckDBWarehouse",
    "LayerBuild",
    "Load",
    "Warehouse",
    "deny",
]
