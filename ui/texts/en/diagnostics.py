"""Diagnostics."""

from core.insight.diagnostics.checks import State

DIAG_STATES = {
    State.BROKEN: "broken",
    State.ATTENTION: "needs attention",
    State.UNKNOWN: "could not be checked",
    State.FINE: "fine",
    State.NOT_HERE: "not applicable here",
}
DIAG_SIGNS = {
    State.BROKEN: "✗",
    State.ATTENTION: "!",
    State.UNKNOWN: "?",
    State.FINE: "✓",
    State.NOT_HERE: "·",
}
DIAG_DAYS = "Last N business days"
DIAG_DAYS_HELP = (
    "For what would cost much over all dates: pending objects, bulk beside incremental data, "
    "dates in the future."
)
DIAG_ONLY = "Only what needs attention"
DIAG_AGAIN = "Refresh"
DIAG_AGAIN_HELP = "Checks everything again; otherwise the findings are kept for a minute."
DIAG_LOOKING = "Checking everything that could be wrong"
DIAG_ALL_FINE = (
    "Nothing needs attention: {fine:# check passed|# checks passed}, {not_here:# is|# are} not "
    "applicable here."
)
DIAG_SUMMARY = (
    "{attention:# check needs|# checks need} attention; {fine:# passed|# passed}, {not_here:# is|# "
    "are} not applicable here."
)
DIAG_LOOKED_AT = "Checked at {time} · docs/troubleshooting.md explains each check"
DIAG_FINE_TITLE = "Passed checks"
DIAG_NOTHING = "Nothing needs attention. Switch the filter off to see every check."
DIAG_SAME_AS_COMMAND = "The same as a command"
DIAG_ALONE = (
    "The history of runs cannot be used, so no run can be started here; the commands below can."
)
DIAG_SETTLED = "The objects that are gone ({count})"
DIAG_ACTIONS = {
    "ingest": "Ingest what is pending",
    "rebuild": "Rebuild what is behind",
    "reload": "Load {object} once more",
    "settle": "Settle what is left of {count}",
    "runs": "Go to Runs",
    "schedule": "Go to Schedule",
    "storage": "Go to Storage",
}

# By the checks' keys: their names, and what each examines.
DIAG_SUBJECTS = {
    "configuration": "Settings",
    "project": "Files of the project",
    "packages": "Python and packages",
    "time_zone": "Time zone database",
    "credentials": "Credentials",
    "apis": "Google's services",
    "bucket": "Bucket",
    "warehouse": "Warehouse",
    "disk": "Room on the disk",
    "clock": "Clocks",
    "history_file": "File of the history of runs",
    "warehouse_file": "File of the warehouse",
    "hours": "Business hours",
    "schedule": "Schedule",
    "trigger": "Calls of csv-processor",
    "pending": "Objects that wait for Bronze",
    "unreadable": "Entries that cannot be read",
    "quarantine": "Quarantine",
    "left_overs": "Left-overs of deleted objects",
    "ledger": "Ledger of Bronze",
    "duplicates": "Duplicates in Bronze",
    "mixed": "Bulk beside incremental data",
    "volume": "Numbers of orders",
    "content": "Content of sales",
    "layers": "Silver, Gold and aggregations",
    "runs": "Runs that failed",
}
DIAG_LOOKS = {
    "configuration": "Whether the settings are valid, and both Google names are set or none.",
    "project": "Whether the files that the commands need stand together.",
    "packages": "Python, and each package against its pin in requirements.txt.",
    "time_zone": "Whether São Paulo's hours are right, with and without summer time.",
    "credentials": "Whether Google's own rules find credentials.",
    "apis": "Whether the project uses the four services that this needs.",
    "bucket": "Whether it can be listed, and the folder written to.",
    "warehouse": "Whether it answers, and who keeps it where it does not.",
    "disk": "Free space against the size of the data.",
    "clock": "Whether the clocks agree, and no object is dated in the future.",
    "history_file": "Whether the SQLite file is whole.",
    "warehouse_file": "Whether every row of the DuckDB file can be read.",
    "hours": "What a call of the generator is answered with at present.",
    "schedule": "Whether it is there, enabled and at the right times.",
    "trigger": "Whether new objects lead to calls, by what becomes of them.",
    "pending": "Objects older than a minute that are not in Bronze.",
    "unreadable": "Links to nothing, closed files and names that are not UTF-8.",
    "quarantine": "Files with rejected rows.",
    "left_overs": "Rows, lines of the ledger and reports of objects that are gone from the bucket.",
    "ledger": "Whether the object of every row is known; else it would be loaded twice.",
    "duplicates": "Ids of orders and items that stand in more than one row.",
    "mixed": "Units with both kinds of data on the same date, whose sales count twice.",
    "volume": "Cells out of their range; units and the chain, by the kind of day; silent units.",
    "content": "Copies of rows, orders and items that do not fit each other, other prices.",
    "layers": "Whether they show what Bronze has.",
    "runs": "Runs that failed or lost their process, and were not started again.",
}
