"""Which units should have sales on a business date, in windows without a manifest.

The reconciliation and the backfill share this rule: the units of the request; without a number,
those that the date's other manifests name; without any manifest, the usual ones. The usual ones are
a guess, so nothing is ever generated for them.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ExpectedUnits:
    """What is known about the units before a date is read.

    Attributes:
        asked: The requested number, from unit 1; None without one.
        usual: The units of a date without a number and without manifests.
    """

    asked: int | None = None
    usual: Sequence[int] = ()

    def of_date(self, published: Collection[int]) -> Sequence[int]:
        """The units of a date, ascending.

        Args:
            published: Units that any manifest of the date names.
        """
        if self.asked is not None:
            return range(1, self.asked + 1)
        return sorted(published) or self.usual
