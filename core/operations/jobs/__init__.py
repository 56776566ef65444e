"""The kinds of work that people and schedules start, each as a `Job`.

A kind is a pair of functions: one makes the job (title, parameters as JSON, claims, action) from
valid values, one reads the action from stored parameters, so that a run can be retried by number.
"""

from core.operations.jobs.backfill import backfill
from core.operations.jobs.cleanup import deletion, removal, settlement
from core.operations.jobs.commands import list_commands
from core.operations.jobs.ingest import filling, ingestion, rebuild, reloading
from core.operations.jobs.parameters import dates_of, request_of
from core.operations.jobs.refresh import list_failing_rows, refresh, take_step
from core.operations.jobs.registry import retry
from core.operations.jobs.reporting import describe_unread, log_steps, require_passed
from core.operations.jobs.scenarios import application, describe_released, releasing, withdrawal
from core.operations.jobs.simulate import MAX_PAUSE_S, simulation
from core.operations.jobs.submit import Job, submit, submit_here
from core.operations.jobs.upload import (
    folder_claims,
    generation,
    trial,
    upload,
    upload_shards,
    verification,
)

__all__ = [
    "MAX_PAUSE_S",
    "Job",
    "application",
    "backfill",
    "dates_of",
    "deletion",
    "describe_released",
    "describe_unread",
    "filling",
    "folder_claims",
    "generation",
    "ingestion",
    "list_commands",
    "list_failing_rows",
    "log_steps",
    "rebuild",
    "refresh",
    "releasing",
    "reloading",
    "removal",
    "request_of",
    "require_passed",
    "retry",
    "settlement",
    "simulation",
    "submit",
    "submit_here",
    "take_step",
    "trial",
    "upload",
    "upload_shards",
    "verification",
    "withdrawal",
]
