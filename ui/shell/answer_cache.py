"""Answers to queries, kept for some seconds, so that many viewers cost one query.

On Google Cloud, where a query costs, they are kept longer; those `of_warehouse`, if it is a file,
until it is written to. All others are dropped when a run begins or ends, in any process.
"""

import functools
import threading
import time
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

import streamlit as st

from core.platform import Platform
from core.settings import Settings
from core.storage.object_store import ObjectStore
from core.warehouse import Warehouse
from core.warehouse.duckdb.answer_cache import State, state
from ui.shell import session

CLOUD_S = 20.0
_QUESTIONS: "list[Kept[..., Any]]" = []
_LONGEST_S = 60.0
_LOCK = threading.Lock()
_RUNS: dict[Path, tuple[Hashable, int]] = {}  # by home: the newest state of its runs, and a counter

_Asked = ParamSpec("_Asked")
_Answer = TypeVar("_Answer")


class Kept(Generic[_Asked, _Answer]):
    """A query whose first argument is the settings, with its kept answers."""

    def __init__(
        self,
        question: Callable[Concatenate[Settings, _Asked], _Answer],
        seconds: float,
        entries: int,
        *,
        of_warehouse: bool,
    ) -> None:
        @functools.wraps(question)  # the cache identifies a query by name and source
        def ask(_: Hashable, *args: Any, **more: Any) -> _Answer:  # noqa: ANN401 - those of the question
            return question(*args, **more)

        self._seconds = seconds
        self._of_warehouse = of_warehouse
        _QUESTIONS.append(self)
        self._ask = st.cache_data(ttl=_LONGEST_S, max_entries=entries, show_spinner=False)(ask)

    def __call__(
        self, settings: Settings, *args: _Asked.args, **more: _Asked.kwargs
    ) -> _Answer:  # fmt: skip
        """Return the kept answer, or a new one."""
        return self._ask(self._since(settings), settings, *args, **more)

    def _since(self, settings: Settings) -> State | tuple[int, int]:
        """Return the part of the key that changes when answers are too old."""
        if settings.cloud is None and self._of_warehouse:
            return state(settings.warehouse_file)
        seconds = max(self._seconds, CLOUD_S) if settings.cloud else self._seconds
        with _LOCK:
            _, number = _RUNS.get(settings.home, (None, 0))
        return number, int(time.monotonic() / seconds)

    def clear(self) -> None:
        """Drop all answers."""
        self._ask.clear()


def renew(settings: Settings, runs: Hashable) -> None:
    """Drop the answers if `runs`, which changes when a run begins or ends, is a new value."""
    with _LOCK:
        before, number = _RUNS.get(settings.home, (None, 0))
        if before != runs:
            _RUNS[settings.home] = runs, number + 1


def forget() -> None:
    """Drop the answers to all queries, after a write that is no run."""
    for question in _QUESTIONS:
        question.clear()


def cached(
    seconds: float, entries: int, *, of_warehouse: bool = False
) -> Callable[[Callable[Concatenate[Settings, _Asked], _Answer]], Kept[_Asked, _Answer]]:
    """Keep the answers of a query for so many seconds; on Google Cloud for `CLOUD_S` or longer."""
    return lambda question: Kept(question, seconds, entries, of_warehouse=of_warehouse)


def ask_warehouse(
    question: Callable[Concatenate[Warehouse, _Asked], _Answer], seconds: float, entries: int
) -> Kept[_Asked, _Answer]:
    """`cached` for a function of `core` that reads the warehouse alone."""

    @functools.wraps(question)
    def ask(settings: Settings, /, *args: _Asked.args, **more: _Asked.kwargs) -> _Answer:
        return question(open_platform(settings).warehouse, *args, **more)

    return Kept(ask, seconds, entries, of_warehouse=True)


def ask_store(
    question: Callable[Concatenate[ObjectStore, _Asked], _Answer], seconds: float, entries: int
) -> Kept[_Asked, _Answer]:
    """`cached` for a function of `core` that reads the bucket alone."""

    @functools.wraps(question)
    def ask(settings: Settings, /, *args: _Asked.args, **more: _Asked.kwargs) -> _Answer:
        return question(open_platform(settings).store, *args, **more)

    return Kept(ask, seconds, entries, of_warehouse=False)


def open_platform(settings: Settings) -> Platform:
    """Return the back ends for a page that reads, which waits only briefly for the warehouse."""
    return session.platform(session.shorten_wait(settings))
