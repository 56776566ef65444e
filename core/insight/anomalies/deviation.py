"""How far a number of orders may be from what the level of its kind of day explains.

A cell has its least number of orders for certain. Each order beyond that is a trial of a binomial
draw, which succeeds with the cell's level as its chance (`core.generation.rhythm.level`). Take the
sum S of n independent trials with the mean chance p. Hoeffding ("Probability Inequalities for Sums
of Bounded Random Variables", 1963, theorem 1) gives, for q > p and likewise for q < p,

    P(S / n >= q) <= exp(-n D(q, p)),  D(q, p) = q ln(q / p) + (1 - q) ln((1 - q) / (1 - p)).

The deviation is z = sqrt(2 n D), negative below the mean. Near the mean it is (S - n p) / sqrt(n p
(1 - p)), the usual z, whose variance is at least that of the draws. So a sum passes a bound b on
one side with a probability of at most exp(-b^2 / 2), however small n is.

The sums that are judged are those of every range of dates, for each unit and for the chain. A range
of one date asks whether the date is explained, one of a week whether the week is; ranges of all
lengths are the cumulative test, which finds a slow leak whenever it began. A year of 366 dates has
366 * 367 / 2 = 67,161 ranges. With u units that is 67,161 (u + 1) sums and two sides, so by the
union bound a clean year has a false alarm with a probability of at most

    2 * 67,161 (u + 1) exp(-b^2 / 2),

which is `FALSE_ALARM` for the b of `bound_of`: 6.38 for 50 units. It holds for all sums together,
however often and over however many of the year's dates they are judged.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

FALSE_ALARM = 0.01  # probability of any false alarm in a clean year
_RANGES = 366 * 367 // 2  # of dates, in a year

Floats = NDArray[np.float64]


class Extreme(NamedTuple):
    """The range of dates (positions, both included) with the greatest deviation on one side."""

    first: int
    last: int
    deviation: float


def bound_of(units: int) -> float:
    """The deviation beyond which a sum of a chain of so many units is not explained."""
    return math.sqrt(2 * math.log(2 * _RANGES * (units + 1) / FALSE_ALARM))


def deviations(trials: Floats, mean: Floats, successes: Floats) -> Floats:
    """The deviation of each sum; `mean` is the number of successes that is expected.

    The number of successes may be out of 0 to `trials`, which counts as the end that it passed.
    """
    n = np.maximum(trials, 1)
    chance = np.clip(mean / n, 1e-9, 1 - 1e-9)
    share = np.clip(successes / n, 0, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        won = np.where(share > 0, share * np.log(share / chance), 0)
        lost = np.where(share < 1, (1 - share) * np.log((1 - share) / (1 - chance)), 0)
    size = np.sqrt(2 * n * np.maximum(won + lost, 0))
    found: Floats = np.where(trials > 0, np.sign(share - chance) * size, 0.0)
    return found


def find_extremes(trials: Floats, mean: Floats, low: Floats, high: Floats) -> tuple[Extreme, ...]:
    """The lowest and the highest deviation over all ranges of dates, from sums by date.

    Args:
        low, high: Successes by date, for the lowest and the highest deviation: they differ where it
            is not certain how many orders there were.
    """
    sums, means = _over_ranges(trials), _over_ranges(mean)
    below = deviations(sums, means, _over_ranges(low))
    above = deviations(sums, means, _over_ranges(high))
    return _extreme(below, int(below.argmin())), _extreme(above, int(above.argmax()))


def _over_ranges(by_date: Floats) -> Floats:
    """Sums over each range of dates, shape (first, last); 0 where the range runs backwards."""
    total = np.concatenate([[0.0], np.cumsum(by_date)])
    sums: Floats = np.triu(total[None, 1:] - total[:-1, None])
    return sums


def _extreme(found: Floats, place: int) -> Extreme:
    first, last = np.unravel_index(place, found.shape)
    return Extreme(int(first), int(last), float(found[first, last]))
