"""One size of a case: what each measurement is given."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Job:
    """One size of a case: how large, how often to measure, and where there is room.

    Attributes:
        scale: Times all sizes, for a case whose factors are its parts.
    """

    factor: float
    repeats: int
    folder: Path
    scale: float = 1.0

    @property
    def held(self) -> bool:
        """Whether the goal is about this size."""
        return self.factor == 1

    def fresh(self, name: str) -> str:
        """A folder that does not exist yet."""
        return str(self.folder / name)

    def times(self, measure: Callable[[int], dict[str, Any]]) -> list[dict[str, Any]]:
        """What each repetition found; it is given its number."""
        return [measure(number) for number in range(self.repeats)]
