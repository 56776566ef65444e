"""Runs that a test waits for."""

from core.operations import jobs
from core.operations.jobs import Job
from core.operations.runs import Run, RunHistory, runner
from core.platform import Platform

_LONGEST_S = 120.0


def run_job(platform: Platform, history: RunHistory, job: Job) -> Run:
    """Do a job; the run as it ended, whether it succeeded or not."""
    run = jobs.submit(platform, history, job)
    assert runner.wait(history, run.id, _LONGEST_S)
    ended = history.find(run.id)
    assert ended is not None
    return ended
