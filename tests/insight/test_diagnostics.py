"""What a look gives: findings, worst first, errors among them, and its bounds."""

import logging
from datetime import UTC, datetime

import pytest

from core import pipeline
from core.errors import InputError, StoreError
from core.insight.diagnostics.checks import (
    CHECKS,
    NEED_SOMEBODY,
    Check,
    CheckContext,
    Finding,
    State,
    check_days,
    run_checks,
    worst_first,
)
from core.operations import jobs
from core.operations.runs import RunHistory, runner
from core.platform import Platform
from tests.support.diagnosed import BY_KEY, case_of, found, uploaded
from tests.support.scenes import ROOT


def test_a_fresh_folder_needs_nobody_and_stays_as_it_is(platform: Platform) -> None:
    looked = run_checks(case_of(platform))
    assert [check.key for check, _ in looked] == list(BY_KEY)
    bad = {check.key for check, finding in looked if finding.state in NEED_SOMEBODY}
    assert bad <= {"packages"}  # the tests run with those of requirements-dev.txt
    assert not platform.settings.home.exists()


def test_a_filled_folder_needs_nobody(platform: Platform) -> None:
    uploaded(platform, "window_1012", "window_1214")
    pipeline.rebuild(platform)
    looked = {check.key: finding for check, finding in run_checks(case_of(platform))}
    del looked["packages"]
    assert {k: f for k, f in looked.items() if f.state in NEED_SOMEBODY} == {}
    assert looked["bucket"].state is State.FINE
    assert f"{len(platform.warehouse.tables())} tables" in looked["warehouse"].found


def test_what_needs_somebody_says_what_to_do_and_comes_first() -> None:
    fine, broken = Finding(State.FINE, "f"), Finding(State.BROKEN, "b")
    unknown, attention = Finding(State.UNKNOWN, "u"), Finding(State.ATTENTION, "a")
    pairs = [(CHECKS[n], f) for n, f in enumerate([fine, attention, unknown, fine, broken])]
    ordered = [finding for _, finding in worst_first(pairs)]
    assert ordered == [broken, attention, unknown, fine, fine]


def test_an_error_is_a_finding_that_hides_no_other(
    platform: Platform, caplog: pytest.LogCaptureFixture
) -> None:
    def refused(_: CheckContext) -> Finding:
        raise StoreError("Cannot read x: I/O error.")

    def wrong(_: CheckContext) -> Finding:
        raise RuntimeError("secret detail")

    checks = [Check("a", "A", refused), Check("b", "B", wrong), BY_KEY["time_zone"]]
    steps: list[tuple[int, int]] = []
    with caplog.at_level(logging.ERROR):
        looked = run_checks(
            case_of(platform), checks, lambda done, total, _: steps.append((done, total))
        )
    told = [finding for _, finding in looked]
    assert [finding.state for finding in told] == [State.UNKNOWN, State.UNKNOWN, State.FINE]
    assert "Cannot read x: I/O error." in told[0].found
    assert "RuntimeError" in told[1].found
    assert "secret detail" not in str(told)
    assert [record.exc_info is not None for record in caplog.records] == [True]
    assert steps == [(1, 3), (2, 3), (3, 3)]


def test_runs_that_failed_or_lost_their_process(platform: Platform) -> None:
    history = case_of(platform).history
    long_ago = RunHistory(history.path, lambda: datetime(2026, 2, 1, tzinfo=UTC))
    assert found(platform, "runs").state is State.FINE
    lost = long_ago.enqueue(jobs.rebuild(["silver"]))
    long_ago.mark_running(lost.id)
    long_ago.let_go(lost.id)
    finding = found(platform, "runs")
    assert (finding.state, finding.action) == (State.ATTENTION, "runs")
    assert "Failed: 0, interrupted: 1." in finding.found
    again = jobs.retry(platform, history, lost.id)
    assert runner.wait(history, again.id, 60)
    assert "interrupted" not in found(platform, "runs").found


@pytest.mark.parametrize("days", [0, -1, 367])
def test_days_that_cannot_be_looked_at(days: int) -> None:
    with pytest.raises(InputError, match=f"^{days} days are not possible"):
        check_days(days)


def test_the_first_date_of_the_platform_bounds_the_days(platform: Platform) -> None:
    early = case_of(platform, datetime(2010, 1, 2, 12, tzinfo=UTC))
    assert early.dates_text == "of 2010-01-01 to 2010-01-02"
    assert found(platform, "pending", early.now).state is State.FINE


def test_the_troubleshooting_page_explains_the_checks() -> None:
    page = (ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
    table = page[page.index("| Check |") :].split("\n\n")[0].splitlines()[2:]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in table]
    assert [cell[0].strip("`") for cell in cells] == list(BY_KEY)
    assert all(len(cell) == 3 and all(cell) for cell in cells)
