"""The work that was started: runs that failed or lost their process."""

from core.diagnostics.base import Case, Finding, State
from core.runs import RunState

_MOST = 50


def runs(case: Case) -> Finding:
    """Whether a run failed or was interrupted whose work no later run began."""
    found = case.history.unresolved(_MOST) if case.history.path.exists() else []
    if not found:
        return Finding(State.FINE, "No run failed that was not started again since.")
    lost = sum(run.state is RunState.INTERRUPTED for run in found)
    newest = found[0]
    error = newest.error.rstrip(".")
    return Finding(
        State.ATTENTION,
        f"Failed: {len(found) - lost}, interrupted: {lost}. The newest is run "
        f"{newest.id}, {newest.title}: {error}.",
        "Retry them on Runs once their cause is gone: what is done already is not done twice.",
        "", "runs",
    )  # fmt: skip
