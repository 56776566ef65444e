"""Buttons and downloads; what they do reads the page's fields at the moment of the press.

A browser sends a field's new value together with a press, and Streamlit then calls the function
from the last drawing. Values that it captured would be older than the screen, so it is a function
of a module and reads `st.session_state`.
"""

import functools
import queue
import time
from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar

import streamlit as st

from core.errors import PlatformError
from ui.shell import session
from ui.style.plain import plain

_HANDED_S = 30.0  # from the press of a download to the request for its file

_Read = TypeVar("_Read")
_Named: TypeAlias = int | str | None


def button(
    label: str, act: Callable[..., object], key: str, *,
    of: _Named = None, **look: Any,  # noqa: ANN401 - arguments of Streamlit
) -> bool:  # fmt: skip
    """Draw a button; return whether it was pressed just now.

    Args:
        act: A function of a module. `session.take_done` returns the sentence that it returns,
            `session.take_notice` that of an error that it raises.
        of: The number or name of what the button acts on, given to `act`; never a field's value.
    """
    return st.button(
        plain(label), key=key, on_click=_press, args=(_of_module(act), *_given(of)), **look
    )


def submit(label: str, act: Callable[[], object], key: str) -> None:
    """Draw the button that sends a form."""
    st.form_submit_button(plain(label), key=key, on_click=_press, args=(_of_module(act),))


def download(
    label: str, read: Callable[..., _Read], make: Callable[[_Read], bytes], key: str, *,
    of: _Named = None, **look: Any,  # noqa: ANN401 - arguments of Streamlit
) -> None:  # fmt: skip
    """Draw a button that gives a file, which is made when it is pressed.

    The browser reports the press, with the fields' values, before it requests the file: the press
    decides who gets what, and without a permitted press no file is made.

    Args:
        read: A function of a module that reads the fields, and gets `of` if given.
        make: A function of a module that makes the file of what was read.
    """
    presses = st.session_state.setdefault(f"_presses_{key}", Presses())
    made = functools.partial(presses.file, _of_module(make))
    st.download_button(
        plain(label), made, key=key, on_click=_hand_over,
        args=(presses, _of_module(read), *_given(of)), **look,
    )  # fmt: skip


class Presses:
    """What the presses of a download read, until each gets its file."""

    def __init__(self) -> None:
        self._read: queue.SimpleQueue[tuple[float, object]] = queue.SimpleQueue()

    def put(self, read: object) -> None:
        """Keep what a press read; None if the press was refused."""
        self._read.put((time.monotonic(), read))

    def file(self, make: Callable[[Any], bytes]) -> bytes:
        """Make the last press's file; raises `PlatformError` if refused or without a press."""
        begun = time.monotonic()
        try:
            pressed_at, read = self._read.get(timeout=_HANDED_S)
            while pressed_at < begun - _HANDED_S:  # its file was never requested
                pressed_at, read = self._read.get(timeout=_HANDED_S)
        except queue.Empty:
            raise PlatformError("A file was requested, but no button pressed.") from None
        if read is None:
            raise PlatformError("The press of the button was refused.")
        return make(read)


def _press(act: Callable[..., object], *of: object) -> None:
    session.run_action(lambda: act(*of))


def _hand_over(presses: Presses, read: Callable[..., object], *of: object) -> None:
    found: list[object] = []
    session.run_action(lambda: found.append(read(*of)))
    presses.put(found[0] if found else None)


def _given(of: object) -> tuple[object, ...]:
    return () if of is None else (of,)


def _of_module(function: Callable[..., Any]) -> Callable[..., Any]:
    name = getattr(function, "__qualname__", "<partial>")
    if "<" in name:  # such as `page.<locals>.start` and `<lambda>`
        raise TypeError(f"{name} takes values of a drawing along.")
    return function
