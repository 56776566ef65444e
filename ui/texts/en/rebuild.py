"""Rebuild."""

LAYER_NAMES = {
    "bronze": "Bronze",
    "silver": "Silver",
    "gold": "Gold",
    "aggregations": "Aggregations",
}
WILL_BE_REBUILT = "{count:will be rebuilt|will be rebuilt}"
# Of one layer, or of the aggregations, which are many.
UP_TO_DATE, BEHIND = "{count:up to date|up to date}", "{count:behind|behind}"
NOT_BUILT, SOURCE = "{count:not built|not built}", "source"
REBUILD_ONE = "Rebuild {layer}"
REBUILD_ALL = "Rebuild all"
REBUILD_HELP = "All or nothing per layer: a failed check leaves the layer as it was."
NEWEST = "ingested {when}"
ORDERS_IN = "{count:# order|# orders}"
NO_REBUILD = "No rebuild from this panel yet. Its tables and checks will be shown here."
TABLES_BUILT = "Tables"
CHECKS = "Checks"
TABLE_COLUMNS = ("Table", "Before", "After", "Change")
CHECK_COLUMNS = ("", "What must hold", "Failing rows", "Layer")
PASSED, FAILED = "✓", "✗"
FAILING = "Failing rows of: {sentence}"
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

# Why a layer is behind.
BEHIND_BY = "{count:# object|# objects} came to Bronze since it was built."
BEHIND_REMOVED = "{count:# object|# objects} left Bronze since it was built."
BEHIND_REPLACED = "Objects of Bronze were replaced since it was built."
BEHIND_UNKNOWN = "What it was built from is not known: rebuild it once."
WOULD_READ = (
    "A rebuild of all layers would read {bytes} of BigQuery, a full one {full}, by a dry run."
)

# Which business days a rebuild made, and why all of them.
NOT_REBUILT = "last rebuild failed"
NOT_PUBLISHED = (
    "**{layer}**: not published, for {count:# check fails|# checks fail}; its tables are those of "
    "before."
)
NOTHING_CHANGED = (
    "Bronze had not changed since the layers were built, so no business day was rebuilt. "
    "**Full rebuild** builds all days, whatever changed."
)
INGEST_AGAIN = "Ingest unit {unit}, {window} again"
DATES_BUILT = "**{layer}**: business days rebuilt: {count}."
DATES_ALL = "**{layer}**: all business days rebuilt. {why}"

# Lineage and Gold.
LINEAGE = "From Bronze to Gold"
LINEAGE_NOTE = "As the SQL of each table says: a line leads from a table to what is made from it."
LINEAGE_READS, LINEAGE_SOURCE = "made from", "the bucket's objects"
LINEAGE_COLUMNS = ("Table", "Layer", "Made from")
ALT_LINEAGE = (
    "{count:# table|# tables} from Bronze to the aggregations, and which is made from which."
)
GOLD_HEADING = "A look into Gold"
BY_DAY, BY_STATE, BY_PRODUCT, ROWS_OF_TABLE = "By day", "By state", "By product", "Tables"
REVENUE_AXIS = "Revenue (R$)"
QUANTITY = "Pieces"
STATE_COLUMNS = ("State", "Orders", "Revenue (R$)", "Units")
PRODUCT_COLUMNS = ("Product", "Orders", "Revenue (R$)", "Pieces")
ALT_STATE = "Revenue of {count:# state|# states} over all days; {first} has the highest."
ALT_PRODUCT = (
    "Revenue of {count:the product that sells|the # products that sell} best; {first} is the first "
    "of them."
)
GOLD_TABLE = "Table of Gold"
FIRST_OF_TABLE = "{count:The first row|The first # rows}"

# The refresh of a date, and Airflow.
REBUILD_FULL = "Full rebuild"
REBUILD_FULL_HELP = "All dates, not only those whose rows in Bronze changed."
REFRESH_BY_AIRFLOW = (
    "Airflow at {url} does the work: the DAG {dag}, for one business day, from its windows to "
    "the aggregations."
)
REFRESH_HERE = (
    "No Airflow is configured, so the panel rebuilds by itself. docs/AIRFLOW_SETUP.md says how to "
    "have one."
)
REFRESH_START = "Refresh by Airflow"
REFRESH_PAUSED = "The DAG is switched off in Airflow, so nothing of it would run."
REFRESH_SWITCH_ON = "Switch the DAG on"
REFRESH_SWITCHED_ON = "The DAG is switched on; Airflow also runs the date whose time passed last."
REFRESH_WITHOUT = "Rebuild here, without Airflow"
REFRESH_TASKS = "Tasks of the DAG"
REFRESH_OPEN = "Open the run in Airflow"
REFRESH_NOT_BEGUN = "not begun"

# Its rhythm.
LAST_WEEK = "The newest week against the one before"
LAST_WEEK_NONE = (
    "Gold has nothing from {first} to {last} that the newest week could be compared with."
)
LAST_WEEK_SUM = (
    "{first} to {last}: {revenue}; the week before: {revenue_before}, so {change}, on the "
    "{count:weekday|# weekdays} that both weeks have."
)
LAST_WEEK_TODAY = "{day} is still in progress and is left out of the comparison."
ALT_LAST_WEEK = (
    "Revenue by day from {first} to {last}, {revenue}, and of the week before, {revenue_before}, "
    "on the {count:weekday|# weekdays} that both weeks have."
)
WEEK_NEWEST, WEEK_EARLIER = "Newest week", "Week before"
LAST_WEEK_COLUMNS = ("Weekday", "Date", "Revenue (R$)", "A week before (R$)")
YEAR = "Year"
YEAR_NOTE = "Orders of each day, a column a week."
YEAR_COLUMNS = ("Date", "Weekday", "Orders", "Revenue (R$)")
ALT_YEAR = (
    "Orders of {count:# day|# days} of {year} in Gold, a column a week; {best} has the most, "
    "{orders}."
)
