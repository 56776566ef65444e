"""Which units should have sales on a business date, in windows without a manifest.

The reconciliation and the backfill share this rule: the units of the request; without a number,
those of the date's other manifests; without any manifest, the usual ones, which are a guess, so
nothing is ever generated for them.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ExpectedUnits:
    """What is known about the units before a date is read.

    `asked` is the requested number, from unit 1; `usual` are the units of a date that has neither a
    number nor manifests.
    """

    asked: int | None = None
    usual: Sequence[int] = ()

    def of_date(self, published: Collection[int]) -> Sequence[int]:
        """The units of a date, ascending; `published` are those that its manifests name."""
        if self.asked is not None:
            return range(1, self.asked + 1)
        return sorted(published) or self.usual
