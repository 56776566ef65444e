"""`schedule.py` on this machine: it says how the schedule is, and steers it."""

import re
from datetime import UTC, datetime
from pathlib import Path

from core.generation.catalog import load_catalog
from core.generation.windows import window_at
from core.operations.runs import RunState
from tests.support.scenes import script
from tests.support.schedule_scenes import missed_at, off_since, schedule_at


def told(home: Path, *arguments: str) -> str:
    """What the command line prints, when it succeeds."""
    home.mkdir(exist_ok=True)
    done = script("schedule.py", *arguments, env={"MRHEALTH_HOME": str(home)})
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_the_command_line_steers_it(home: Path) -> None:
    assert told(home).startswith("embedded-scheduler is not running: 0 10,12,14,16,18,20,22")
    assert "makes     2 units, seed 42" in told(home, "set", "--units", "2", "--seed", "42")
    assert "makes     2 units, seed 7" in told(home, "set", "--seed", "7")
    assert told(home, "pause").startswith("embedded-scheduler is paused: ")
    assert told(home, "resume").startswith("embedded-scheduler is not running: ")


def test_the_command_line_runs_the_window_of_the_present(home: Path) -> None:
    told(home, "set", "--units", "1")
    before, shown, after = datetime.now(UTC), told(home, "run"), datetime.now(UTC)
    attempts = schedule_at(home).attempts(5)
    served = {window_at(moment, load_catalog()) for moment in (before, after)}
    if served == {None}:
        assert shown.startswith("Nothing is done outside business hours")
        assert attempts == []
    elif None not in served:
        (run,) = attempts
        assert run.claims[0] in shown.splitlines()[0]
        assert run.state is RunState.SUCCEEDED


def test_the_command_line_catches_up_or_leaves(home: Path) -> None:
    before = off_since(home, 24, datetime.now(UTC))
    shown = len(re.findall("^missed  ", told(home), re.MULTILINE))
    assert len(before) <= shown <= len(missed_at(home, datetime.now(UTC)))  # a tick may pass
    assert "missed  " not in told(home, "catch-up")
    assert len(schedule_at(home).attempts(9)) > 0


def test_the_command_line_leaves_what_was_missed(home: Path) -> None:
    assert off_since(home, 24, datetime.now(UTC))
    assert "missed  " not in told(home, "leave")
    assert schedule_at(home).attempts(9) == []
