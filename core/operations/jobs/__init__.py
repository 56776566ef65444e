"""The kinds of work that somebody starts and that a run does.

Each kind is a pair: a function that turns a valid request into a `NewRun` (its title, its
parameters as JSON, what it claims), and one that does it from those parameters alone, so that a
run of the history can be retried by its number.
"""

from core.operations.jobs.backfill import backfill, do_backfill, parts_of
from core.operations.jobs.checks import trial, verification
from core.operations.jobs.commands import commands
from core.operations.jobs.ingest import filling, reloading
from core.operations.jobs.load import ingestion, rebuild
from core.operations.jobs.parameters import dates_of, request_of
from core.operations.jobs.refresh import failing_rows, refresh, take_step
from core.operations.jobs.registry import retry, run, start, work_of
from core.operations.jobs.remove import deletion, removal, settlement
from core.operations.jobs.reporting import left_sentence, log_steps, require_passed
from core.operations.jobs.simulate import MAX_PAUSE_S, simulation
from core.operations.jobs.upload import folder_claims, generation, upload, upload_task

__all__ = [
    "MAX_PAUSE_S",
    "backfill",
    "commands",
    "dates_of",
    "deletion",
    "do_backfill",
    "failing_rows",
    "filling",
    "folder_claims",
    "generation",
    "ingestion",
    "left_sentence",
    "log_steps",
    "parts_of",
    "rebuild",
    "refresh",
    "reloading",
    "removal",
    "request_of",
    "require_passed",
    "retry",
    "run",
    "settlement",
    "simulation",
    "start",
    "take_step",
    "trial",
    "upload",
    "upload_task",
    "verification",
    "work_of",
]
