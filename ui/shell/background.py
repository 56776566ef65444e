"""What the panel's server does without any visitor: it checks for alerts."""

import contextlib
import os
from collections.abc import AsyncIterator

import streamlit as st

from core.alerts.watch import Watch
from core.errors import SettingsError
from core.settings import Settings
from ui.shell import session


@contextlib.asynccontextmanager
async def run(_: st.App) -> AsyncIterator[None]:
    """Check from the server's start to its end; with settings that are not valid, never."""
    watch = _start_watch()
    yield
    if watch:
        watch.stop(wait=False)


def _start_watch() -> Watch | None:
    try:
        watch = Watch(Settings.from_mapping(os.environ), session.now)
    except SettingsError:  # the pages say so
        return None
    watch.start()
    return watch
