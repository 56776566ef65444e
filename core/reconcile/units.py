"""Which units a business date is expected to have sales of, where a window has no manifest.

The rule has this one home, for whoever compares and whoever generates what is missing: the units
that were asked for; without a number, those that the date's own manifests name; and where there is
no manifest, the usual ones. Nothing is ever generated for the usual ones: they are a guess.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ExpectedUnits:
    """What is known of the units before a date is read.

    Attributes:
        asked: How many were asked for, from unit 1; None without a number.
        usual: Those to expect of a date without a number and without manifests.
    """

    asked: int | None = None
    usual: Sequence[int] = ()

    def of_date(self, published: Collection[int]) -> Sequence[int]:
        """The units of a date, ascending.

        Args:
            published: Units that the date's manifests name, those of all windows together.
        """
        if self.asked is not None:
            return range(1, self.asked + 1)
        return sorted(published) or self.usual
