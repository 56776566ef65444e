"""The parts of Diagnostics: the summary, and each finding with its remedy."""

import functools
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import streamlit as st

from core.generation.catalog import load_catalog
from core.generation.windows import business_date, place_of_tag
from core.insight.diagnostics import checks
from core.insight.diagnostics.checks import NEED_SOMEBODY, CheckContext, Finding, State
from core.operations import jobs
from core.operations.jobs.ingest import reloading
from core.operations.runs import RunHistory
from core.settings import Settings
from core.storage.object_names import parse_sales_name
from core.transform.rebuild import LAYERS
from ui import texts
from ui.shell import actions, run_views, session
from ui.shell.answer_cache import cached, open_platform
from ui.style import format as fmt
from ui.style.plain import plain
from ui.style.sentences import sentence
from ui.style.theme import Colour
from ui.widgets import deletion

DAYS = (1, checks.USUAL_DAYS, 30)
_KEPT_S = 60.0  # the checks list the bucket; the button `Refresh` repeats them
_SHOWN_FOR = timedelta(minutes=2)  # how long the end of a run is shown
_KINDS = ("ingest", "rebuild", "reload", "settle")
_PAGES = ("runs", "schedule", "storage")
_COLOURS: Mapping[State, Colour] = {
    State.BROKEN: "red",
    State.ATTENTION: "orange",
    State.UNKNOWN: "violet",
    State.FINE: "green",
    State.NOT_HERE: "gray",
}


@dataclass(frozen=True, slots=True)
class Findings:
    """When the checks ran and what they found, by their keys, the worst first."""

    at: datetime
    found: list[tuple[str, Finding]]

    def count(self, *states: State) -> int:
        """Count the findings of some states."""
        return sum(finding.state in states for _, finding in self.found)


@cached(_KEPT_S, 8)
def _find_all(settings: Settings, days: int) -> Findings:
    now = session.now()
    platform = open_platform(settings)
    history = RunHistory(settings.runs_file, session.now)
    case = CheckContext(platform, history, now, days, dict(os.environ))
    pairs = checks.worst_first(checks.run_checks(case))
    return Findings(now, [(check.key, finding) for check, finding in pairs])


def look_once(days: int) -> Callable[[], Findings]:
    """Return a function that runs the checks once: an open page does not repeat them."""

    @functools.cache
    def once() -> Findings:
        with st.spinner(texts.DIAG_LOOKING):
            return _find_all(session.settings(), days)

    return once


def choose_checks() -> tuple[int, bool]:
    """Draw the fields: how many days to check, and whether to show only what needs attention."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        days = st.segmented_control(
            texts.DIAG_DAYS, DAYS, default=checks.USUAL_DAYS, required=True, key="diag_days",
            help=texts.DIAG_DAYS_HELP, bind="query-params",
        )  # fmt: skip
        only = st.toggle(texts.DIAG_ONLY, key="attention", bind="query-params")
        actions.button(texts.DIAG_AGAIN, look_again, "look_again", help=texts.DIAG_AGAIN_HELP)
    return days or checks.USUAL_DAYS, only


def look_again() -> None:
    """Drop the findings."""
    _find_all.clear()


def show_findings(findings: Findings, days: int, *, only: bool, can_start: bool = True) -> None:
    """Show the newest run that a button here starts, the summary, and the findings."""
    if can_start:
        _newest_run()
    _summary(findings)
    worst = [pair for pair in findings.found if pair[1].state in NEED_SOMEBODY]
    for key, finding in worst:
        with st.container(border=True, key=f"finding_{key}", gap="xsmall"):
            _finding(key, finding, can_start=can_start)
    rest = [pair for pair in findings.found if pair[1].state not in NEED_SOMEBODY]
    if only:
        if not worst:
            st.info(texts.DIAG_NOTHING)
    else:
        st.subheader(texts.DIAG_FINE_TITLE, anchor=False)
        for key, finding in rest:
            with st.container(key=f"finding_{key}", gap="xxsmall"):
                _finding(key, finding, can_start=can_start)
    st.caption(texts.DIAG_SAME_AS_COMMAND)
    st.code(_command(days, only=only), language=None, wrap_lines=True)


def show_alone() -> None:
    """Show the findings on a page that could not be drawn, because the history is unusable."""
    st.warning(texts.DIAG_ALONE)
    days = checks.USUAL_DAYS
    show_findings(look_once(days)(), days, only=False, can_start=False)


def _newest_run() -> None:
    run = next(iter(session.history().list_recent(1, _KINDS)), None)
    if run and (run.finished_at is None or session.now() - run.finished_at < _SHOWN_FOR):
        run_views.draw_run(run)


def _summary(findings: Findings) -> None:
    attention = findings.count(*NEED_SOMEBODY)
    counts = {
        "fine": fmt.number(findings.count(State.FINE)),
        "not_here": fmt.number(findings.count(State.NOT_HERE)),
    }
    if not attention:
        st.success(texts.DIAG_ALL_FINE.format(**counts))
    else:
        tell = st.error if findings.count(State.BROKEN) else st.warning
        tell(texts.DIAG_SUMMARY.format(attention=fmt.number(attention), **counts))
    st.caption(texts.DIAG_LOOKED_AT.format(time=fmt.clock(findings.at)))


def _finding(key: str, finding: Finding, *, can_start: bool) -> None:
    needy, looks = finding.state in NEED_SOMEBODY, texts.DIAG_LOOKS[key]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.badge(
            f"{texts.DIAG_SIGNS[finding.state]} {texts.DIAG_STATES[finding.state]}",
            color=_COLOURS[finding.state],
        )
        st.markdown(
            f"**{texts.DIAG_SUBJECTS[key]}**", width="content", help=None if needy else looks
        )
        st.caption(plain(key), width="content")
    if needy:
        st.caption(looks)
    st.text(sentence(finding.found))
    if finding.advice:
        st.text(sentence(finding.advice))
    if finding.command:
        st.code(finding.command, language=None, wrap_lines=True)
    if finding.action and can_start:
        _button(key, finding)


def _button(key: str, finding: Finding) -> None:
    """Draw a button that starts a run, or a link to the page where a person decides."""
    label = texts.DIAG_ACTIONS[finding.action]
    if finding.action in _PAGES:
        st.page_link(f"pages/{finding.action}.py", label=f"{plain(label)} →")
        return
    if finding.action == "settle":
        count = fmt.number(len(finding.objects))
        with st.expander(texts.DIAG_SETTLED.format(count=count)):
            st.code("\n".join(finding.objects), language=None)
        dates = checks.span(finding.objects, business_date(session.now()))
        actions.button(
            label.format(count=count), deletion.settle, f"act_{key}", of=" ".join(map(str, dates))
        )
    elif finding.action == "reload":
        object_name = finding.objects[0]
        label = label.format(object=object_name.rpartition("csv_sales/")[2])
        actions.button(label, reload, f"act_{key}", of=object_name)
    else:
        actions.button(label, _ACTS[finding.action], f"act_{key}")


def ingest() -> None:
    """Load every new or changed object into Bronze."""
    session.submit(jobs.ingestion())


def rebuild() -> None:
    """Rebuild all layers."""
    session.submit(jobs.rebuild(LAYERS))


def reload(object_name: str) -> None:
    """Load an object again, with the other object of its cell."""
    name = parse_sales_name(object_name)
    assert name is not None  # noqa: S101 - a check of sales objects named it
    session.submit(
        reloading(place_of_tag(name.day, name.window_tag, load_catalog()), [name.unit_id])
    )


_ACTS: Mapping[str, Callable[[], None]] = {"ingest": ingest, "rebuild": rebuild}


def _command(days: int, *, only: bool) -> str:
    flags = [f"--days {days}"] if days != checks.USUAL_DAYS else []
    flags += ["--attention"] if only else []
    return " ".join(["python scripts/diagnose.py", *flags])
