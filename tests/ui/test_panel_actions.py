"""A button's action, and a download's file, at the moment of the press."""

import threading
import time

import pytest

from core.errors import PlatformError
from ui.shell import actions

pytestmark = pytest.mark.thorough


def test_a_function_with_values_of_a_drawing_is_refused() -> None:
    units = 40
    with pytest.raises(TypeError, match="takes values of a drawing along"):
        actions.button("Go", lambda: units, "go")


def _make(read: str) -> bytes:
    return read.encode()


def test_a_file_is_made_of_what_its_press_read_however_late_that_comes() -> None:
    presses = actions.Presses()
    late = threading.Timer(0.2, presses.put, ["3 units"])
    late.start()
    assert presses.file(_make) == b"3 units"
    late.join()


def test_a_file_whose_press_was_refused_or_never_came_is_not_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    presses = actions.Presses()
    presses.put(None)
    with pytest.raises(PlatformError, match="refused"):
        presses.file(_make)
    monkeypatch.setattr(actions, "_HANDED_S", 0.05)
    with pytest.raises(PlatformError, match="no button pressed"):
        presses.file(_make)
    presses.put("an hour ago")
    time.sleep(0.1)
    presses.put("now")
    assert presses.file(_make) == b"now"
