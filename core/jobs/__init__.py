"""The kinds of work that somebody starts and that a run does.

Each kind is a pair: a function that turns a valid request into a `NewRun` (its title, its
parameters as JSON, what it claims), and one that does it from those parameters alone, so that a
run of the history can be retried by its number.
"""

from core.jobs.backfilling import backfill, do_backfill, parts_of
from core.jobs.begin import retry, run, start, work_of
from core.jobs.checking import verification
from core.jobs.commands import commands
from core.jobs.deleting import deletion
from core.jobs.loading import ingestion, rebuild
from core.jobs.publishing import folder_claims, generation, upload, upload_task
from core.jobs.refreshing import failing_rows, refresh, take_step
from core.jobs.removing import removal
from core.jobs.repairing import filling, reloading
from core.jobs.requests import dates_of, request_of
from core.jobs.settling import settlement
from core.jobs.simulate import MAX_PAUSE_S, simulation
from core.jobs.telling import judged, left_sentence, logged
from core.jobs.trying import trial

__all__ = [
    "MAX_PAUSE_S", "backfill", "commands", "dates_of", "deletion", "do_backfill",
    "failing_rows",
    "filling", "folder_claims",
    "generation", "ingestion", "judged", "left_sentence", "logged", "parts_of", "rebuild",
    "refresh", "reloading", "removal", "request_of", "retry", "run", "settlement", "simulation",
    "start", "take_step", "trial", "upload", "upload_task", "verification", "work_of",
]  # fmt: skip
