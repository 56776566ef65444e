"""Bronze."""

DAYS = "Last N days"
ROWS = "Rows"
TABLES = {"orders": "Orders", "order_items": "Items"}
INGEST = "Ingest what is pending"
INGEST_HELP = "Loads every new or changed file into Bronze."
DEVIATE = "{count:# window needs|# windows need} attention ({verdicts})."
NEVER_MADE = "{count:# of these windows was|# of these windows were} never generated."
OF_ORDERS = "{actual} / {expected} orders"
UNREADABLE = (
    "{count:# entry of the bucket cannot be read, and is not loaded: |# entries of the bucket "
    "cannot be read, and are not loaded, such as }{first}: {reason}."
)
STRANGERS = (
    "{count:# unknown file in the bucket: |# unknown files in the bucket, such as }{first}. "
    "{count:It is|They are} not loaded."
)
PENDING = "{count:# object|# objects} of these days {count:waits|wait} to be ingested."
GROWTH_OF = "{table} of {day}, cumulated over its windows"
DAYS_OF = "{table} by business day"
STATUS_MAP = "Status of windows and days"
STATUS_HINT = "Select a mark, or a day and window below, to see its objects."
LINES_OF = "Objects of {day}, {hours}"
ONLY_DEVIATIONS = "Only what is not in Bronze as expected"

# The map of units, and the selection on it.
DRILL_ALL = "all"
DRILL_UNIT = "{objects}, unit {unit}"
UNIT_MAP = "Units and windows of {day}"
UNIT_MAP_HINT = "Select a mark, or a window and unit above, to see its two objects and their rows."
UNIT_MAP_FINE = "Each unit of this day is in Bronze as expected."
ALT_UNIT_MAP = (
    "Status of each window of units {first} to {last}; {fine} of {count} are in Bronze as expected."
)
CELL_HINT = "Choose a unit to see its files' lines beside their rows in Bronze."
CELL_TABLE = "Lines and rows of"
CELL_FILE, CELL_BRONZE = "Lines of the file", "Rows in Bronze"
CELL_NO_FILE = "The bucket has no such file."
CELL_IN_STORAGE = "The file in Storage"

# What can be done about a window.
MEND_ONE_UNIT, MEND_UNITS = "unit {unit}", "{count:# unit|# units}"
MEND_FILL = "Fill the gap ({units})"
MEND_FILL_HELP = (
    "Makes the missing files again, from each unit's seed in the manifest, and loads them. "
    "Files that are there stay as they are."
)
MEND_REWRITE = "Write again… ({units})"
MEND_REWRITE_HELP = (
    "Makes the files again as the manifest has them and writes them over those that are there: "
    "a new generation, whose rows take the place of the old ones."
)
MEND_REWRITE_TITLE = "Replace {count:# file|# files}?"
MEND_REWRITE_BODY = (
    "What the bucket has under these names is replaced by what the manifest's seed makes. Bronze "
    "then holds the new rows in the place of the old ones, and what the old ones left in "
    "quarantine goes."
)
MEND_RELOAD = "Ingest again ({units})"
MEND_RELOAD_HELP = (
    "Reads the files once more and puts their rows in the place of those that Bronze has. "
    "A file that is in Bronze gets a new generation with the same bytes for that: one write each."
)
MEND_MIXED = (
    "Units with bulk and incremental data of this day: {units}. Nothing here can tell which of "
    "them is right: delete the files of one kind, then ingest again."
)
MEND_PARQUET = (
    "A day in Parquet is put right as a whole: make it again with the command that made it, "
    "`scripts/generate_fake_sales.py --format parquet`, and `--overwrite` where it differs."
)
MEND_NOTHING = (
    "Nothing to do here: no file is there that could be loaded, and none is expected now."
)
MEND_COMMAND = "The same as a command"
MEND_COMMAND_NOTE = (
    "Uploading covers units 1 to the last one named; files that are there already stay as they are."
)
MEND_MORE_COMMANDS = "{count:# more like these is|# more like these are} left out."
NO_LINES = "Everything of this window is in Bronze as expected."
ALL_FINE = "Everything that was generated for these days is in Bronze as expected."
EMPTY_BRONZE = (
    "Bronze has nothing of these days yet. Go to **Generate** to upload a window, "
    "or simulate a day on **Overview**."
)

# Its rhythm.
WEEK_BEFORE = "Against the week before"
WEEK_BEFORE_NONE = "Bronze has no orders of {day} to compare."
WEEK_BEFORE_SUM = (
    "Orders in Bronze: {orders} on {day}, {orders_before} on {before}, so {change}, in the "
    "{count:window|# windows} that both have."
)
WEEK_BEFORE_WHOLE = (
    "Orders in Bronze of the whole day: {orders} on {day}, {orders_before} on {before}, so "
    "{change}. The two days have no window in common."
)
WEEK_BEFORE_APART = (
    "{day} and {before} have no window in common in Bronze, and at least one of them has only some "
    "windows, so they cannot be compared."
)
ALT_WEEK_BEFORE = (
    "Orders in Bronze by window: {orders} on {day}, {orders_before} on {before} ({change})."
)
WEEKDAYS = "Weekdays and windows"
WEEKDAYS_NOTE = (
    "Mean orders in Bronze a window, of the {count:one day|# days} with orders in the eight weeks "
    "up to {last}."
)
WEEKDAYS_WHOLE = "{count:One whole day|# whole days} without windows left out."
WEEKDAY = "Weekday"
ALT_WEEKDAYS = (
    "Mean orders by weekday and window; {weekday} {hours} has the most, {orders} on the mean."
)
