"""Usage."""

USAGE_MONTH = "Month"
USAGE_LOOK_AGAIN = "Refresh"
USAGE_LOOK_HELP = "Looks at bucket, tables and runs anew. An answer is kept for a minute."
USAGE_LOOK_COST = (
    "Counted by the moment at which it happened, as on a bill, not by the business day. On Google "
    "Cloud a look at a month takes {count} Class A operations, to list its folders, and one query "
    "of the ledger; the answer is kept for a minute."
)
USAGE_RESOURCES = {
    "scheduler_jobs": "Cloud Scheduler jobs",
    "function_calls": "Function calls",
    "storage_bytes": "Cloud Storage, stored",
    "class_a": "Class A operations",
    "class_b": "Class B operations",
    "table_bytes": "BigQuery, stored",
    "query_bytes": "BigQuery, queried",
}
USAGE_COUNTED = {
    "jobs": ("job", "jobs"),
    "calls": ("call", "calls"),
    "operations": ("operation", "operations"),
    "GiB": ("GiB", "GiB"),
    "TiB": ("TiB", "TiB"),
}

# What happened.
USAGE_HAPPENED = "What happened in {month}"
USAGE_EMPTY = (
    "Nothing came to Bronze in {month}, and no sales of its dates are in the bucket. Upload a "
    "window on **Generate**, or simulate a day on **Overview**; what a plan would take is below in "
    "any case."
)
USAGE_WINDOWS, USAGE_ARRIVED = "Windows", "Objects to Bronze"
USAGE_ROWS, USAGE_RAN = "Rows loaded", "Rebuilds"
USAGE_IN_BUCKET = (
    "In the bucket, of this month's business days: {objects:# sales object|# sales objects} "
    "({size}), of which "
    "{waiting:# waits|# wait} for Bronze; {manifests:# manifest|# manifests}; {quarantine:# "
    "object|# objects} in quarantine. "
    "The scheduler of this machine called {ticks:once|# times}."
)
USAGE_SO_FAR = "So far"
USAGE_RESOURCE = "Resource"
USAGE_MONTH_COLUMNS = ("Resource", "Whole month", "Free a month", "Share", "Cost beyond it")
USAGE_PLAN_COLUMNS = ("Resource", "A month", "Free a month", "Share", "Cost beyond it")
USAGE_TOTAL = "In all"
USAGE_DONE = (
    "{part} of the month's windows have begun; the whole month is what comes if it goes on at that "
    "rate."
)
USAGE_NOT_BILLED = (
    "Nothing is billed here: these are the quantities that the same work takes on Google Cloud."
)
USAGE_TABLES_ESTIMATED = "Bytes of tables follow from their rows and the usual length of a row."
USAGE_QUERIES_ESTIMATED = (
    "Bytes of queries are those of the rebuilds in the history of runs, at the tables' present "
    "size."
)
USAGE_NO_LIMIT = "nothing is free"

# A plan.
USAGE_WHAT_IF = "What would it take?"
USAGE_REBUILDS = "Rebuilds a day"
USAGE_REBUILDS_HELP = (
    "A rebuild of Silver, Gold and aggregations names {tables} tables {reads} times in all, and "
    "each time is billed for at least 10 MiB."
)
USAGE_EARLIER = "Days stored before"
USAGE_EARLIER_HELP = "Days of sales that are in bucket and tables when the month begins."
USAGE_FREE_REGION = "Bucket in a free-tier region"
USAGE_FREE_REGION_HELP = (
    "Cloud Storage is free up to its limits in us-central1, us-east1 and us-west1 alone. "
    "Elsewhere each operation and byte costs; prices shown are those of these three regions."
)
USAGE_PLAN_SAYS = "{days:# day|# days} of {windows:# window|# windows} each."
USAGE_ALL_FREE = (
    "**{units:# unit costs|# units cost} nothing:** all of it is within the free limits."
)
USAGE_COSTS = "**{units:# unit costs|# units cost} {cost} a month.** Beyond its free limit: {over}."
USAGE_SHARES = "Share of each free limit"
USAGE_THE_PLAN, USAGE_THE_MONTH = "This plan", "The month above"
USAGE_FREE_LINE = "free up to here"
USAGE_ALT_SHARES = "Share of each free limit that the plan uses: {shares}."
USAGE_COST_BY_UNITS = "Cost a month by number of units"
USAGE_COST, USAGE_CROSSING = "Cost a month", "A free limit is passed"
USAGE_CHOSEN = "This plan"
USAGE_UNITS_AXIS, USAGE_DOLLARS_AXIS = "Units", "A month"
USAGE_CROSSED = "Free limits are passed by {list}."
USAGE_FROM_UNITS = "{name} from {units:# unit|# units} on"
USAGE_LIST_JOIN = "; "
USAGE_NONE_CROSSED = "No free limit is passed with up to {units:# unit|# units}."

# The guide's table.
USAGE_GUIDE = "The guide's table"
USAGE_GUIDE_PLAN = "{units} units, {days} days, one rebuild a day."
USAGE_GUIDE_COLUMNS = (
    "Resource", "Guide: this feature", "Guide: whole platform", "Limit", "Worked out here",
)  # fmt: skip
USAGE_OUR_CALLS = "{generator} generator + {processor} csv-processor"
USAGE_GUIDE_WHY = """\
- **Calls:** the guide counts one object for each unit and window. There are two, orders and items,
  so {objects} objects a month; with the windows' manifests csv-processor is called {calls} times.
- **Class A operations are missing in the guide's table**, and are the first limit to be passed:
  each object written and each listing is one, {class_a} in all, against 5,000 that are free.
- **Storage:** what the month adds, manifests included.
- **Queries:** each table that a query names is billed for at least 10 MiB, and a rebuild names
  tables {reads} times, checks and publication included."""

# Prices.
USAGE_PRICES = "Prices"
USAGE_PRICE_COLUMNS = (
    "Resource", "Free a month", "Where it is free", "Price beyond", "Read", "Source",
)  # fmt: skip
USAGE_PRICE = "US$ {usd} for {per}"
USAGE_EVERYWHERE = "everywhere"
USAGE_NOT_COUNTED = (
    "Free limits are those of a billing account, shared by all of its projects. Not counted here: "
    "the seconds that functions run, network, logs, the functions' images, and questions that "
    "people ask of the panel."
)
