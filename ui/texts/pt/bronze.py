"""Bronze."""

# Bronze.
DAYS = "Days up to it"
ROWS = "Rows"
TABLES = {"orders": "Orders", "order_items": "Items"}
INGEST = "Ingest what is pending"
INGEST_HELP = "Takes every object to Bronze whose present generation is not there yet."
DEVIATE = "Windows that are not in Bronze as expected: {count} of {total} ({verdicts})."
OF_ORDERS = "{actual} / {expected} orders"
STRANGERS = "Objects that belong to no window, and so go to quarantine: {count}, such as {first}."
PENDING = "{count} objects of these days wait to be ingested."
GROWTH_OF = "{table} of {day}, cumulated over its windows"
DAYS_OF = "{table} by business day"
STATUS_MAP = "Status of windows and days"
STATUS_HINT = "Select a mark, or a day and window below, to see its objects."
LINES_OF = "Objects of {day}, {hours}"
ONLY_DEVIATIONS = "Only what is not in Bronze as expected"
NO_LINES = "Everything of this window is in Bronze as expected."
ALL_FINE = "Everything that is due in these days is in Bronze as expected."
EMPTY_BRONZE = (
    "Bronze has nothing of these days yet. Go to **Generate** to upload a window, "
    "or simulate a day on **Overview**."
)
