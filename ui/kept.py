"""Answers that are kept for a moment, so that many viewers cost one question.

On Google Cloud a question costs operations and perhaps bytes, so answers are kept for longer there.
Of the warehouse in a file it is known whether it has been written to since: an answer that follows
from it alone is asked anew then, and only then.
"""

import functools
import time
from collections.abc import Callable
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

import streamlit as st

from core.settings import Settings
from core.warehouse.duckdb_look import State, state

CLOUD_S = 20.0
_QUESTIONS: "list[Kept[..., Any]]" = []
_LONGEST_S = 60.0

_Asked = ParamSpec("_Asked")
_Answer = TypeVar("_Answer")


class Kept(Generic[_Asked, _Answer]):
    """A question whose first argument is the settings, with its answers of a moment."""

    def __init__(
        self,
        question: Callable[Concatenate[Settings, _Asked], _Answer],
        seconds: float,
        entries: int,
        *,
        of_warehouse: bool,
    ) -> None:
        @functools.wraps(question)  # the cache tells questions apart by name and source
        def ask(_: int | State, *args: Any, **more: Any) -> _Answer:  # noqa: ANN401 - those of the question
            return question(*args, **more)

        self._seconds = seconds
        self._of_warehouse = of_warehouse
        _QUESTIONS.append(self)
        self._ask = st.cache_data(ttl=_LONGEST_S, max_entries=entries, show_spinner=False)(ask)

    def __call__(
        self, settings: Settings, *args: _Asked.args, **more: _Asked.kwargs
    ) -> _Answer:  # fmt: skip
        """The answer, or the one that was given a moment ago."""
        return self._ask(self._since(settings), settings, *args, **more)

    def _since(self, settings: Settings) -> int | State:
        """What is another as soon as an answer is too old."""
        if settings.cloud is None and self._of_warehouse:
            return state(settings.warehouse_file)
        seconds = max(self._seconds, CLOUD_S) if settings.cloud else self._seconds
        return int(time.monotonic() / seconds)

    def clear(self) -> None:
        """Forget all answers."""
        self._ask.clear()


def forget() -> None:
    """Forget the answers to all questions, since something was written."""
    for question in _QUESTIONS:
        question.clear()


def kept(
    seconds: float, entries: int, *, of_warehouse: bool = False
) -> Callable[[Callable[Concatenate[Settings, _Asked], _Answer]], Kept[_Asked, _Answer]]:
    """Keep the answers of a question for that many seconds, in the folder's case, at most.

    Args:
        of_warehouse: Whether they follow from the warehouse alone; where that is a file they are
            kept until it is written to.
    """
    return lambda question: Kept(question, seconds, entries, of_warehouse=of_warehouse)
