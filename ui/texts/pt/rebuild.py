"""Rebuild."""

# Rebuild.
LAYER_NAMES = {
    "bronze": "Bronze",
    "silver": "Silver",
    "gold": "Gold",
    "aggregations": "Aggregations",
}
UP_TO_DATE, BEHIND, NOT_BUILT, SOURCE = "up to date", "behind", "not built", "source"
REBUILD_ONE = "Rebuild {layer}"
REBUILD_ALL = "Rebuild all"
REBUILD_HELP = "All or nothing per layer: a failed check leaves the layer as it was."
NEWEST = "ingested {when}"
ORDERS_IN = "{count} orders"
NO_REBUILD = "No rebuild from this panel yet. Its tables and checks will be shown here."
TABLES_BUILT = "Tables"
CHECKS = "Checks"
TABLE_COLUMNS = ("Table", "Rows before", "Rows after", "Change")
CHECK_COLUMNS = ("", "What must hold", "Failing rows", "Layer")
PASSED, FAILED = "✓", "✗"
FAILING = "Failing rows of: {sentence}"
GOLD_LOOK = "A look into Gold: daily sales"
GOLD_COLUMNS = (
    "Day", "Orders", "Online", "In store", "Revenue (R$)", "A mean order (R$)", "Units",
    "Cancelled (%)",
)  # fmt: skip
EMPTY_GOLD = "Gold has no daily sales yet: press **Rebuild all** once Bronze has orders."
EMPTY_WAREHOUSE = (
    "The warehouse is empty. Go to **Generate** to upload a window, or simulate a day on "
    "**Overview**; then rebuild."
)
ONLINE, IN_STORE = "Online", "In store"
