"""Every text of the panel, by page. Sentences of the work itself come from `core`."""

from core.reconcile import Verdict

APP = "MR. Health"

OVERVIEW, GENERATE, BRONZE, REBUILD = "Overview", "Generate", "Bronze", "Rebuild"
SCHEDULE = "Schedule"
SUBTITLES = {
    OVERVIEW: "A business day, from orders to Gold, at a glance.",
    GENERATE: "Sales of a date's windows: look first, then write files or upload.",
    BRONZE: "What arrived, against what should have.",
    REBUILD: "Silver, Gold and aggregations, built anew from Bronze, with their checks.",
    SCHEDULE: "When the next windows are generated, by whom, and what became of it.",
}

# What every page has.
LOCAL = "Local: {folder}"
LOCAL_HELP = "Objects, tables and runs are in this folder. Deleting it resets everything."
CLOUD = "{project} / {bucket} / {prefix}"
EMULATED = "{place} (emulated)"
CLOUD_HELP = (
    "{place}: objects are in this project's bucket, tables in the datasets with this prefix. "
    "The history of runs is in {folder} on this server."
)
UNEXPECTED = (
    "Something unexpected happened, and the server's log has the details. "
    "Reload the page; if it stays, report it with the time: {time}."
)
TRY_AGAIN = "Try again"
AS_TABLE = "The chart as a table"
BUSINESS_DAY = "Business day"
UNITS = "Units"
SEED = "Seed"
SEED_HELP = "The same seed gives the same data, whoever asks for it and however often."

# Tables' columns.
DAY, WINDOW, HOURS, NAME, STATE = "Day", "Window", "Hours", "Name", "State"
ORDERS, ITEMS = "Orders", "Items"
EXPECTED, IN_BRONZE, DIFFERENCE = "Expected", "In Bronze", "Difference"
TABLE, UNIT, REJECTED, DETAIL = "Table", "Unit", "Rejected", "Detail"
ORDERS_PER_UNIT = "Orders per unit"

BULK_WINDOW = "whole day"
SIGNS = {
    Verdict.IN_BRONZE: "✓",
    Verdict.NOT_DUE: "·",
    Verdict.UPLOADED: "↑",
    Verdict.GENERATED: "□",
    Verdict.MISSING: "○",
    Verdict.QUARANTINED: "!",
    Verdict.MISMATCH: "≠",
    Verdict.DUPLICATED: "2x",
    Verdict.MIXED: "⚠",
}

# Runs.
RUN_STATES = {
    "queued": "queued",
    "running": "running",
    "succeeded": "done",
    "failed": "failed",
    "interrupted": "interrupted",
}
RETRY = "Retry"
OVERWRITE = "Overwrite…"
OVERWRITE_TITLE = "Overwrite what is there?"
OVERWRITE_BODY = (
    "Objects of these windows exist with other content. Overwriting replaces them in "
    "{place}; {consequence}"
)
OVERWRITE_BUCKET = ("the bucket", "Bronze then holds the new rows in the place of the old ones.")
OVERWRITE_FOLDER = ("the output folder", "the bucket is not touched.")
OVERWRITE_CONFIRM = "Overwrite"
CANCEL = "Cancel"
RUN_LINE = "Run {run} · {state} · {when} · {took} · log"
RUN_WAITING = "Waiting for its turn"
RECENT_RUNS = "Recent runs"
NO_RUNS = "No run yet. Everything started from this panel is listed here, with its result."
RUN_COLUMNS = ("Run", "What", "State", "Started", "Took", "Result")
FAILED_TITLE = "**{title}** {state}. {error}"

# Overview.
WINDOWS_OF = "Windows of {day}"
GROWTH = "Bronze over the day"
FIGURE_ORDERS, FIGURE_ITEMS, FIGURE_REVENUE = "Orders", "Items", "Revenue"
FIGURE_FRESH = "Last ingestion"
OF_EXPECTED = "of {expected} expected"
PER_ORDER = "{value} an order"
NEVER = "never"
LAYERS_CURRENT = "Silver and Gold are up to date"
LAYERS_BEHIND = "{layers} behind Bronze"
NO_LAYERS = "Silver and Gold are not built yet"
EMPTY_DAY = (
    "Nothing of this day is in Bronze yet. **Simulate this business day** above "
    "to watch it fill, or go to **Generate** for single windows."
)
SIMULATE = "Simulate this business day"
SIMULATE_HELP = (
    "Uploads the seven windows one after the other, takes each to Bronze, then rebuilds Silver, "
    "Gold and the aggregations. What is there already with the same content stays; where other "
    "content is, nothing is written until you confirm to overwrite it."
)
PAUSE = "Seconds between windows"

# Generate.
CHOOSE = "What to generate"
WINDOWS = "Windows (BRT)"
NO_WINDOW = "Choose at least one window."
PREVIEW = "Preview"
FILES = "Files"
EXPECTED_ORDERS, EXPECTED_ITEMS = "Orders", "Items"
FIRST_ROWS = "First rows of unit 001, {hours}"
TO_FOLDER = "Generate files"
TO_FOLDER_HELP = "Writes to the folder output/ only; the bucket is not touched."
TO_BUCKET = "Upload to the bucket"
TO_BUCKET_HELP = "Publishes to the bucket; the objects go to Bronze right away."
TO_BUCKET_HELP_CLOUD = (
    "Publishes to the bucket. csv-processor takes each object to Bronze; a large request is "
    "loaded by the run itself."
)
VERIFY = "Verify upload"
VERIFY_HELP = (
    "Compares the bucket and Bronze with what was to arrive. On Google Cloud it waits a minute for "
    "csv-processor, and keeps the lines of its log with the run."
)
COMMAND = "The same as commands"
COMMAND_NOTE = "With --upload the files go to the bucket too; without it to the output folder only."

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

# Schedule.
PAUSE_IT, RESUME_IT, RUN_NOW = "Pause", "Resume", "Run now"
PAUSE_HELP = "No window is generated by itself until the schedule is resumed."
RESUME_HELP = "The schedule calls again at the start of each window, from the next one on."
RUN_HELP = "Calls data-generator once, now. What is there already stays as it is."
RUN_SERVES = "**Run now** serves {day} {hours} {name}."
RUN_OUTSIDE = (
    "It is outside business hours (10:00 to 24:00 in São Paulo): **Run now** would be answered "
    'with "skipped", and nothing would be generated.'
)
RAN = "data-generator was called for {day} {hours} {name}. Its answer is in the log below."
RAN_OUTSIDE = "data-generator was called outside business hours: it answers with skipped."
PAUSED_IT = "The schedule is paused."
RESUMED_IT = "The schedule is enabled."
SCHEDULE_STATE, NEXT_RUN, LAST_RUN = "State", "Next run", "Last run"
NO_NEXT_RUN = "none"
NO_NEXT_NOTE = "until it is resumed"
OTHER_SCHEDULE = (
    "The job's own schedule is `{schedule}` in {zone}, not that of the seven windows (`{usual}` in "
    "America/Sao_Paulo): deploy it again."
)
NEXT_TICKS = "Next ticks"
TODAYS_TICKS = "Ticks of today"
TICK_COLUMNS = ("Tick (BRT)", "Window", "Name", "Orders per unit", "When")
NO_SCHEDULE = (
    "On this machine nothing calls by itself yet: generate windows on **Generate**, or play the "
    "day on **Overview**. On Google Cloud the schedule calls at these ticks."
)
LOG_OF = "Log of {function}"
LOG_LINES = "Lines of each log"
LOG_COLUMNS = ("Time (BRT)", "Severity", "Text", "Details")
NO_LOG = "{function} wrote nothing in the last 7 days."

# Descriptions of charts for people who cannot see them.
ALT_GROWTH = "{table} in Bronze cumulated over the windows of {day}: {actual} of {expected}."
ALT_DAYS = "{table} in Bronze beside those expected, for {count} business days."
ALT_MAP = "Status of each window of {count} business days; {fine} are in Bronze as expected."
ALT_PREVIEW = "Expected orders and items of {count} windows: {orders} orders, {items} items."
ALT_GOLD = "Revenue of {count} business days in Gold, online and in store."
