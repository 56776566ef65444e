"""The work that was started: runs that failed or lost their process."""

from core.insight.diagnostics.finding import Case, Finding, State
from core.messages import message
from core.operations.runs import RunState

_MOST = 50


def runs(case: Case) -> Finding:
    """Whether a run failed or was interrupted whose work no later run began."""
    found = case.history.unresolved(_MOST) if case.history.path.exists() else []
    if not found:
        return Finding(State.FINE, message("diagnose.runs_none"))
    lost = sum(run.state is RunState.INTERRUPTED for run in found)
    newest = found[0]
    return Finding(
        State.ATTENTION,
        message(
            "diagnose.runs",
            failed=len(found) - lost,
            lost=lost,
            run=newest.id,
            title=newest.title,
            error=newest.error,
        ),
        message("diagnose.runs_advice"),
        "",
        "runs",
    )
