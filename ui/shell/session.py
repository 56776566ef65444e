"""What a session works with: settings, back ends, clock; and where it submits a run."""

import functools
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import streamlit as st

from core.access import Entry
from core.errors import InputError, PlatformError
from core.generation.windows import business_date
from core.operations import jobs
from core.operations.runs import RunHistory
from core.platform import Platform
from core.settings import Settings
from ui import texts
from ui.shell import signin
from ui.style.sentences import sentence

OUTPUT_FOLDER = "output"
EVENT_WAIT_S = 60.0  # how long a run waits for csv-processor
_SETTINGS = "_settings"
_NOTICE = "_notice"
_DONE = "_done"
_LOOK_WAIT_S = 5.0  # after this wait for the warehouse a page shows that it is busy


def now() -> datetime:
    """Return the present, aware."""
    return datetime.now(UTC)


def today() -> date:
    """Return the present business date."""
    return business_date(now())


def settings() -> Settings:
    """The settings of the environment, read once a session.

    Raises:
        SettingsError: They are not valid.
    """
    if _SETTINGS not in st.session_state:
        st.session_state[_SETTINGS] = Settings.from_mapping(os.environ)
    found: Settings = st.session_state[_SETTINGS]
    return found


def shorten_wait(configured: Settings) -> Settings:
    """Return the settings for a page that only reads: it waits a few seconds for the warehouse."""
    return replace(configured, wait_s=min(configured.wait_s, _LOOK_WAIT_S))


def is_on_cloud() -> bool:
    """Whether objects and tables are on Google Cloud."""
    return settings().cloud is not None


def platform(configured: Settings) -> Platform:
    """Return the back ends; all sessions share the clients of Google Cloud, which sign in once."""
    return _opened(configured) if configured.cloud else Platform.of(configured)


_opened = functools.lru_cache(maxsize=8)(Platform.of)


def history() -> RunHistory:
    """Return the history of runs."""
    return RunHistory(settings().runs_file, now)


def table_name(table: str) -> str:
    """Return the name in queries of a table such as `bronze.orders`, with its dataset's prefix."""
    return f"{settings().dataset_prefix}_{table}"


def home_text() -> str:
    """Return this machine's folder, as short as it can be written."""
    home = settings().home
    for base, sign in ((Path.cwd(), ""), (Path.home(), "~/")):
        if home.is_relative_to(base) and home != base:
            return f"{sign}{home.relative_to(base)}"
    return str(home)


def is_permitted() -> bool:
    """Whether the session may act; raises as `settings` does.

    Each action checks it, too, because a button's `on_click` runs before the page does.
    """
    return signin.entry(settings().access, now()) is Entry.ALLOWED


def submit(job: jobs.Job) -> None:
    """Start a run in the background, with the address of the person who is signed in."""
    jobs.submit(platform(settings()), history(), replace(job, who=_who(job.who)))


def _who(what: str) -> str:
    email = signin.email()
    return f"{what} {email}" if email else what


def retry(run_id: int, *, overwrite: bool = False) -> None:
    """Do an earlier run's work again."""
    jobs.retry(platform(settings()), history(), run_id, overwrite=overwrite, who=_who("panel"))


def dismiss(run_id: int) -> None:
    """Dismiss a failure, which then needs no person.

    Raises:
        InputError: It did not fail, or was dismissed before.
    """
    if not history().dismiss(run_id, _who("panel")):
        raise InputError(texts.NOTHING_TO_DISMISS.format(run=run_id))


def cancel(run_id: int) -> None:
    """End an active run.

    Raises:
        InputError: It has ended already.
    """
    if not history().cancel(run_id):
        raise InputError(texts.NOTHING_TO_CANCEL.format(run=run_id))


def take_notice() -> str:
    """Return, once, why the last button did nothing; empty if it did something."""
    return str(st.session_state.pop(_NOTICE, ""))


def run_action(work: Callable[[], object]) -> None:
    """Do what a button says, if the session may; `take_done` returns the sentence it returns."""
    try:
        if is_permitted():
            result = work()
            if isinstance(result, str):
                st.session_state[_DONE] = result
    except PlatformError as error:
        st.session_state[_NOTICE] = sentence(error.sentence)


def take_done() -> str:
    """Return, once, what the last short action did."""
    return str(st.session_state.pop(_DONE, ""))
