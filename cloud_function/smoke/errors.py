"""How a check ends where it does not hold: it failed, or it could not be made."""

from core.errors import PlatformError


class NotHeldError(PlatformError):
    """What a check looked for is not so."""


class NotCheckedError(PlatformError):
    """A check could not look, which says nothing about what it would have seen."""


def require(condition: bool, sentence: str) -> None:  # noqa: FBT001 - reads like an assertion
    """Go on only where a condition holds.

    Raises:
        NotHeldError: It does not; the sentence says what was found instead.
    """
    if not condition:
        raise NotHeldError(sentence)
