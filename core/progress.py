"""How long work tells how far it is, without knowing who listens."""

from collections.abc import Callable
from typing import TypeAlias

Progress: TypeAlias = Callable[[int, int, str], None]  # done, total, what is being done


def silent(done: int, total: int, doing: str) -> None:
    """Progress that nobody listens to."""


class Remembered:
    """Progress that can be told once more while nothing new is done."""

    def __init__(self, tell: Progress) -> None:
        self._tell = tell
        self._last: tuple[int, int, str] | None = None

    def __call__(self, done: int, total: int, doing: str) -> None:
        """Tell, and remember it."""
        self._last = (done, total, doing)
        self._tell(done, total, doing)

    def again(self) -> None:
        """Tell the same again: whoever listens may say that the work is not wanted any more."""
        if self._last:
            self._tell(*self._last)
