"""Runs."""

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
