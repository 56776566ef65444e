"""What every page has, tables' columns, and descriptions of charts."""

from core.reconcile.compare import Verdict

APP = "MR. Health"

# The pages, by their names.
TITLES = {
    "overview": "Overview",
    "generate": "Generate",
    "bronze": "Bronze",
    "rebuild": "Rebuild",
    "schedule": "Schedule",
    "storage": "Storage",
    "runs": "Runs",
    "scenarios": "Scenarios",
    "usage": "Usage",
    "diagnostics": "Diagnostics",
}
SUBTITLES = {
    "overview": "A business day, from orders to Gold, at a glance.",
    "generate": "Sales of a date's windows: look first, then write files or upload.",
    "bronze": "What arrived, against what should have.",
    "rebuild": "Silver, Gold and aggregations, built anew from Bronze, with their checks.",
    "schedule": "When the next windows are generated, by whom, and what became of it.",
    "storage": "The bucket's objects, manifests and quarantine, down to the line.",
    "runs": "Everything that was started, by whom, and what became of it.",
    "scenarios": "Plan faults, publish them, and grade a pipeline against the answer key.",
    "usage": "What the platform takes of Google's free tier, and what it costs beyond it.",
    "diagnostics": "Health checks, and how to fix what fails.",
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
FIELD_WHOLE = "{label}: {value} is not possible. Give a whole number from {least} to {most}."
FIELD_DAY = "{label}: {value} is not possible. Give a date from {first} to {last}."
SEED_HELP = "The same seed gives the same data, whoever asks for it and however often."
SWITCH_HELP = "Show the panel in English"
BELL = "{count:# incident|# incidents}"
BELL_SINCE = "Since {moment}, {age}"
BELL_MORE = "And {count} more: `python scripts/alerts.py list` names all."
BELL_NONE = "No incident is open."

# Moments as seen from now.
TIME_JUST_NOW, TIME_NOW = "just now", "now"
TIME_AGO, TIME_IN = "{length} ago", "in {length}"
TIME_DAYS = "{count:# day|# days}"

# Tables' columns.
DAY, WINDOW, HOURS, NAME, STATE = "Day", "Window", "Hours", "Name", "State"
ORDERS, ITEMS = "Orders", "Items"
EXPECTED, IN_BRONZE, DIFFERENCE = "Expected", "In Bronze", "Difference"
TABLE, UNIT, REJECTED, DETAIL = "Table", "Unit", "Rejected", "Detail"
ORDERS_PER_UNIT = "Orders per unit"

# Windows, by their tags; the catalog's own names, in English, where none is here.
WINDOW_NAMES: dict[str, str] = {}
BULK_WINDOW = "whole day"
PARQUET_WINDOW = "all units (Parquet)"
PARQUET_UNITS = "all"
VERDICTS = {verdict: verdict.value for verdict in Verdict}
NEVER_GENERATED, COMING = "never generated", "coming"
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

# Descriptions of charts for people who cannot see them, and what is shown on a mark.
MARK_ORDERS = "{actual} of {expected} orders"
ALT_GROWTH = "{table} in Bronze cumulated over the windows of {day}: {actual} of {expected}."
ALT_DAYS = "{table} in Bronze beside those expected, for {count:# business day|# business days}."
ALT_MAP = (
    "Status of each window of {count:# business day|# business days}; {fine:# is|# are} in Bronze "
    "as expected."
)
ALT_PREVIEW = (
    "Expected orders and items of {count:# window|# windows}: {orders:# order|# orders}, {items:# "
    "item|# items}."
)
ALT_GOLD = "Revenue of {count:# business day|# business days} in Gold, online and in store."
PAGE_OF = "{first} to {last} of {count}: {per_page} a page."
