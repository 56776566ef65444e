"""The one way to start a run: the panel, the scheduler, the scripts and the DAG submit a `Job`."""

import functools
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TypeAlias

from core.operations.runs import NewRun, Run, RunHistory, runner
from core.operations.runs.runner import Context
from core.platform import Platform

Action: TypeAlias = Callable[[Platform, Context], str]  # returns what it did, in one sentence


@dataclass(frozen=True)
class Job(NewRun):
    """A run to be started, with the action that does its work."""

    action: Action = field(kw_only=True)


def submit(platform: Platform, history: RunHistory, job: Job) -> Run:
    """Do a job in the background.

    Raises:
        AlreadyRunningError: An active run works on the same.
    """
    return runner.run_in_background(history, job, functools.partial(job.action, platform))


def submit_here(history: RunHistory, job: NewRun) -> AbstractContextManager[Context]:
    """Do a job in a `with` block, which sets `result` of its context; errors go to the caller.

    Raises:
        AlreadyRunningError: An active run works on the same.
        TransientError: The run was cancelled.
    """
    return runner.run_here(history, job)
