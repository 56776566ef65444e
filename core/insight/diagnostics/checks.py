"""The checks for known problems, explained by key in `docs/troubleshooting.md`.

A check changes nothing, except that it briefly creates a file in a local bucket.
"""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from core.errors import InputError
from core.insight.anomalies import checks as anomalies
from core.insight.diagnostics import (
    arrivals,
    back_ends,
    doubled,
    install,
    leftovers,
    machine,
    schedule,
    services,
    tables,
)
from core.insight.diagnostics.finding import (
    NEED_SOMEBODY,
    USUAL_DAYS,
    Check,
    CheckContext,
    Finding,
    State,
)
from core.insight.diagnostics.install import configuration
from core.insight.diagnostics.leftovers import span
from core.messages import message
from core.progress import Progress, silent
from core.storage.object_store.listed import ListedOnce

__all__ = [
    "CHECKS",
    "MAX_DAYS",
    "NEED_SOMEBODY",
    "USUAL_DAYS",
    "Check",
    "CheckContext",
    "Finding",
    "State",
    "check_days",
    "configuration",
    "run_checks",
    "span",
    "worst_first",
]

MAX_DAYS = 366
_THREADS = 4  # checks mostly wait for the disk or the network

CHECKS = (
    Check("configuration", "Settings", install.settings),
    Check("project", "Files of the project", install.project),
    Check("packages", "Python and packages", install.packages),
    Check("time_zone", "Time zone database", install.time_zone),
    Check("credentials", "Credentials", back_ends.credentials),
    Check("apis", "Google's services", services.apis),
    Check("bucket", "Bucket", back_ends.bucket),
    Check("warehouse", "Warehouse", back_ends.warehouse),
    Check("disk", "Room on the disk", machine.disk),
    Check("clock", "Clocks", machine.clock),
    Check("history_file", "History of runs, its file", machine.history_file),
    Check("warehouse_file", "Warehouse, its file", machine.warehouse_file),
    Check("hours", "Business hours", schedule.hours),
    Check("schedule", "Schedule", schedule.schedule),
    Check("trigger", "Calls of csv-processor", services.trigger),
    Check("pending", "Objects that wait for Bronze", arrivals.pending),
    Check("unreadable", "Entries that cannot be read", arrivals.unreadable),
    Check("quarantine", "Quarantine", arrivals.quarantine),
    Check("left_overs", "Left-overs of deleted objects", leftovers.left_overs),
    Check("ledger", "Ledger of Bronze", tables.ledger),
    Check("duplicates", "Duplicates in Bronze", doubled.duplicates),
    Check("mixed", "Bulk beside incremental data", doubled.mixed),
    Check("volume", "Numbers of orders", anomalies.volume),
    Check("content", "Content of sales", anomalies.content),
    Check("layers", "Silver, Gold and aggregations", tables.layers),
    Check("runs", "Runs that failed", schedule.runs),
)


def run_checks(
    case: CheckContext, checks: Sequence[Check] = CHECKS, progress: Progress = silent
) -> list[tuple[Check, Finding]]:
    """Run the checks, several at a time, and return their findings in order."""
    found = []
    once = replace(case.platform, store=ListedOnce(case.platform.store))
    case = replace(case, platform=once)
    with ThreadPoolExecutor(_THREADS, thread_name_prefix="diagnose") as threads:
        for check, finding in zip(
            checks, threads.map(lambda check: check.look(case), checks), strict=True
        ):
            found.append((check, finding))
            progress(len(found), len(checks), check.subject)
    return found


def worst_first(found: Iterable[tuple[Check, Finding]]) -> list[tuple[Check, Finding]]:
    """The findings that need action first, otherwise in order."""
    places_of = {state: place for place, state in enumerate(State)}
    return sorted(found, key=lambda pair: places_of[pair[1].state])


def check_days(days: int) -> int:
    """Return the number of days; raise `InputError` unless it is from 1 to `MAX_DAYS`."""
    if not 1 <= days <= MAX_DAYS:
        raise InputError(message("request.days", days=days, most=MAX_DAYS))
    return days
