"""Runs."""

from core.operations.backfill_plan import Mode, Reason

RUN_STATES = {
    "queued": "queued",
    "running": "running",
    "cancelling": "cancelling",
    "succeeded": "done",
    "failed": "failed",
    "interrupted": "interrupted",
    "cancelled": "cancelled",
}
RETRY = "Retry"
DISMISS = "Dismiss"
NOTHING_TO_DISMISS = "Run {run} has no failure to dismiss."
NOTHING_TO_CANCEL = "Run {run} has ended already: there is nothing to cancel."
DISMISSED_BY = "Dismissed by {who}"
CONFLICT = (
    "**{title}**: nothing was written, for other data is there: {count:# order|# orders}, made "
    "with seed {seeds}."
)
CONFLICT_REPLACE = "Replace {count:# order|# orders} by {instead}…"
OVERWRITE = "Replace what is there…"
OVERWRITE_TITLE = "Replace what is there?"
OVERWRITE_BODY = (
    "Objects of these windows exist with other content. This replaces them in {place}; "
    "{consequence}"
)
OVERWRITE_BUCKET = ("the bucket", "Bronze then holds the new rows in the place of the old ones.")
OVERWRITE_FOLDER = ("the output folder", "the bucket is not touched.")
OVERWRITE_CONFIRM = "Replace"
CANCEL = "Cancel"
RUN_LINE = "Run {run} · {when} · log"
RUN_WAITING = "Waiting for its turn"
RUN_LEFT = "{doing} · {done} of {total} · about {left} left"
RECENT_RUNS = "Recent runs"
NO_RUNS = "No run yet. Everything started from this panel is listed here, with its result."
RUN_COLUMNS = ("Run", "What", "State", "Started", "Took", "Result")
FAILED_TITLE = "**{title}** {state}. {error}"
RUN_CANCEL = "Cancel run {run}"
RUN_CANCEL_TITLE = "Cancel this run?"
RUN_CANCEL_BODY = (
    "It stops at its next step; until then no other run works on the same. What it has done "
    "counts, nothing is left half-written, and it can be retried."
)
RUN_GO_ON = "Let it go on"
RUN_CANCELLED = "It was cancelled. What it had done until then counts; retry it to do the rest."

# The page: history and backfill.
RUN_VIEW = "Show"
RUN_VIEWS = {"history": "History", "backfill": "Backfill"}
RUN_ACTIVE = "Running now"
RUN_HISTORY = "History"
RUN_FILTER_STATE, RUN_FILTER_KIND, RUN_FILTER_WHO = "States", "Kinds", "Started by"
RUN_FILTER_TEXT = "Search"
RUN_FILTER_TEXT_HELP = "Part of what it did or of its result, or a run's number."
RUN_ALL = "All"
RUN_KINDS = {
    "generate": "generate",
    "upload": "upload",
    "verify": "verify",
    "ingest": "ingest",
    "rebuild": "rebuild",
    "simulate": "simulate",
    "backfill": "backfill",
    "fill": "fill the gap",
    "reload": "ingest again",
    "remove": "remove",
    "settle": "settle left-overs",
    "delete": "delete files",
    "try": "dry run",
    "scenario": "apply a scenario",
    "release": "release held objects",
    "withdraw": "withdraw a scenario",
    "refresh": "refresh",
}
RUN_WHO = {
    "panel": "panel",
    "script": "command line",
    "scheduler": "schedule",
    "function": "function",
    "airflow": "Airflow",
}
RUN_LIST_COLUMNS = ("Run", "What", "Kind", "State", "By", "Started", "Took", "Result")
RUN_MORE = "Show older runs"
RUN_NONE_SUCH = "No runs match these filters."
RUN_EMPTY = (
    "No run yet. Start with **Generate**, or simulate a day on **Overview**: whatever the panel, a "
    "command line or the schedule starts is kept here."
)
RUN_NUMBER = "Run"
RUN_NUMBER_HELP = "Select a row, or write a run's number; it stands in the page's address."
RUN_SELECT = "Select a row of the table to see a run's parameters, log and command line."
RUN_UNKNOWN = "There is no run {run}: select one of the table."
RUN_TITLE = "Run {run}"
RUN_STATE, RUN_BY, RUN_STARTED, RUN_TOOK = "State", "Started by", "Started", "Took"
RUN_STEPS = "Steps"
RUN_STEPS_OF = "{done} of {total}"
RUN_PARAMETERS = "Parameters"
RUN_PARAMETER_COLUMNS = ("Parameter", "Value")
RUN_WINDOWS = "Windows"
RUN_WINDOW_COLUMNS = ("Window", "Orders", "State", "Why")
RUN_WINDOW_DONE, RUN_WINDOW_FAILED = "✓ done", "✗ failed"
RUN_LOG = "Log"
RUN_LOG_WHOLE = "The whole log, not only its newest {count} lines"
RUN_NO_LOG = "It wrote no log."
RUN_COMMAND = "The same from the command line"
RUN_NO_COMMAND = "This kind of work has no command line; retry it here."

# Calls of data-generator.
RUN_CALLS = "Calls of data-generator"
RUN_CALLS_NOTE = (
    "Made on Google Cloud and read from the function's log of the last days. The log does not say "
    "who called: a call in the five minutes after a tick counts as the schedule's."
)
RUN_NO_CALLS = "data-generator was not called in the last days. The page **Schedule** calls it."
RUN_CALL_COLUMNS = (
    "Called", "By", "Window", "Status", "Units", "Orders", "Items", "New objects", "Took",
)  # fmt: skip

# Backfill.
BACKFILL_HEADING = "Backfill a range of dates"
BACKFILL_FROM, BACKFILL_TO = "First date", "Last date"
BACKFILL_MODE = "Which windows"
BACKFILL_MODES = {Mode.MISSING: "Missing", Mode.FAILED: "Missing and failed", Mode.ALL: "All"}
BACKFILL_MODE_HELP = (
    "Missing: objects that are not in the bucket, or not in Bronze. Failed: objects that are in "
    "quarantine, twice in Bronze or not as expected, or windows whose last run failed."
)
BACKFILL_SEED_HELP = (
    "Empty: each window keeps the seed that it was published with, and a new one gets the "
    "project's own."
)
BACKFILL_SEED_PUBLISHED = "as published"
BACKFILL_OVERWRITE = "Replace objects with other content"
BACKFILL_OVERWRITE_HELP = (
    "Off: a window whose objects were made otherwise fails, and stays as it is."
)
BACKFILL_NO_WINDOW = "Choose at least one window."
BACKFILL_LONG = "These are {count} dates: choose {most} at most, and go on from there."
BACKFILL_PLAN = "The plan"
BACKFILL_TOTAL = (
    "{chosen} of {total:# window|# windows} would be generated: {objects:# object|# objects}, "
    "{orders:# order|# orders}, {items:# item|# items}."
)
BACKFILL_COMPLETE = "Nothing to backfill: {total:the one window is|all # windows are} complete."
BACKFILL_NOTHING = (
    "Nothing to backfill: this choice takes {total:not the one window|none of the # windows}; the "
    "plan says why."
)
BACKFILL_NOT_DUE = "None of these windows is due yet: choose earlier dates."
BACKFILL_COLUMNS = ("Date", "Window", "State", "What is done", "Why", "Objects", "Orders", "Items")
BACKFILL_GENERATE, BACKFILL_LEAVE = "generate", "leave"
BACKFILL_WHY = {
    Reason.BULK: "{count:# unit has|# units have} bulk data, which would count twice",
    Reason.FAULTY: "{count:# object is|# objects are} not as expected",
    Reason.MISSING: "{count:# object is|# objects are} missing",
    Reason.NEVER: "{count:# unit was|# units were} never generated",
    Reason.UNKNOWN: "no manifest says for which units",
    Reason.PENDING: "{count:# object is|# objects are} not in Bronze yet",
    Reason.LAST_FAILED: "its last run failed",
    Reason.FINE: "as expected",
}
BACKFILL_START = "Backfill {count:# window|# windows}"
BACKFILL_CONFIRM_TITLE = "Replace what is there?"
BACKFILL_CONFIRM_BODY = (
    "Objects of {count:the window|the # windows} of this plan that were made otherwise are "
    "replaced in the "
    "bucket; Bronze then holds the new rows in the place of the old ones."
)
BACKFILL_LAST = "The newest backfill"
