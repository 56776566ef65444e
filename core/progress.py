"""How work reports its progress, independent of the listener."""

from collections.abc import Callable
from typing import TypeAlias

Progress: TypeAlias = Callable[[int, int, str], None]  # done, total, what is being done


def silent(done: int, total: int, doing: str) -> None:
    """Ignore the progress."""


class Remembered:
    """Progress whose last report can be repeated."""

    def __init__(self, tell: Progress) -> None:
        self._tell = tell
        self._last: tuple[int, int, str] | None = None

    def __call__(self, done: int, total: int, doing: str) -> None:
        """Report progress, and remember the report."""
        self._last = (done, total, doing)
        self._tell(done, total, doing)

    def again(self) -> None:
        """Repeat the last report: the listener may raise an error to cancel the work."""
        if self._last:
            self._tell(*self._last)
