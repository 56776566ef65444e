"""How long work tells how far it is, without knowing who listens."""

from collections.abc import Callable
from typing import TypeAlias

Progress: TypeAlias = Callable[[int, int, str], None]  # done, total, what is being done


def silent(done: int, total: int, doing: str) -> None:
    """Progress that nobody listens to."""
