"""Buttons and downloads; what they do reads the page's fields at the moment of the press.

A browser sends a field's new value and the press of a button together, and Streamlit calls the
function that the last complete drawing gave to the button. Values that such a function captured are
older than what the screen shows. So a button gets a function of a module, which captures nothing
and reads the new values from `st.session_state`.
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
    """A button; whether it was pressed just now.

    Args:
        act: A function of a module. A sentence that it returns is shown by `session.take_done`, the
            sentence of an error that it raises by `session.take_notice`.
        of: The number or name of what the button acts on, given to `act`; never the value of a
            field.
        look: Other arguments of `st.button`.
    """
    return st.button(
        plain(label), key=key, on_click=_press, args=(_of_module(act), *_given(of)), **look
    )


def submit(label: str, act: Callable[[], object], key: str) -> None:
    """The button that sends a form."""
    st.form_submit_button(plain(label), key=key, on_click=_press, args=(_of_module(act),))


def download(
    label: str, read: Callable[..., _Read], make: Callable[[_Read], bytes], key: str, *,
    of: _Named = None, **look: Any,  # noqa: ANN401 - arguments of Streamlit
) -> None:  # fmt: skip
    """A button that gives a file, which is made when it is pressed.

    The browser first reports the press, with the fields' values, and then asks for the file. So the
    press decides who gets what, and no file is made for a request that no permitted press precedes.

    Args:
        read: A function of a module that reads the fields.
        make: A function of a module that makes the file of what was read.
        of: The name of what the button acts on, given to `read`.
        look: Other arguments of `st.download_button`.
    """
    presses = st.session_state.setdefault(f"_presses_{key}", Presses())
    made = functools.partial(presses.file, _of_module(make))
    st.download_button(
        plain(label), made, key=key, on_click=_hand_over,
        args=(presses, _of_module(read), *_given(of)), **look,
    )  # fmt: skip


class Presses:
    """What was read at the presses of a download that have not got their file yet."""

    def __init__(self) -> None:
        self._read: queue.SimpleQueue[tuple[float, object]] = queue.SimpleQueue()

    def put(self, read: object) -> None:
        """Note what was read at a press, or None where it was refused."""
        self._read.put((time.monotonic(), read))

    def file(self, make: Callable[[Any], bytes]) -> bytes:
        """The file of the press that came last.

        Raises:
            PlatformError: The press was refused, or there was none.
        """
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
