"""A platform that dies: after a number of changes, every further call fails as in a killed process.

What a killed process would not do any more, cleaning up included, does not happen here either.
"""

import dataclasses
from typing import Any

from core.platform import Platform

_CHANGES = frozenset({
    "create", "replace", "delete", "delete_generation", "delete_generations", "load", "remove",
})  # fmt: skip


class Death(BaseException):
    """The process was killed."""


class _Life:
    def __init__(self, changes: int) -> None:
        self.left = changes

    def spend(self, name: str) -> None:
        if self.left <= 0:
            raise Death
        self.left -= name in _CHANGES


class _Mortal:
    """Another object, until its life ends."""

    def __init__(self, inner: Any, life: _Life) -> None:
        self._inner, self._life = inner, life

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if not callable(found):
            return found

        def call(*given: Any, **named: Any) -> Any:
            self._life.spend(name)
            return found(*given, **named)

        return call


def dying(platform: Platform, changes: int) -> Platform:
    """A platform on the same back ends that dies after a number of changes to bucket or Bronze."""
    life = _Life(changes)
    return dataclasses.replace(
        platform, store=_Mortal(platform.store, life), warehouse=_Mortal(platform.warehouse, life)
    )
