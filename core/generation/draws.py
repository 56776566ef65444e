"""Deterministic random numbers by coordinate, for whole arrays at once.

A value is a hash of its coordinates (date, window, unit, order, item) and never depends on earlier
draws. So any part can be generated alone, in any order, in any process, with the same result.

The hash is the finaliser of SplitMix64 (Steele, Lea, Flood, "Fast Splittable Pseudorandom Number
Generators", OOPSLA 2014), a bijection in 64-bit integer arithmetic. No result depends on floating
point, on numpy's random streams or on its version.
"""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Words: TypeAlias = NDArray[np.uint64]
Integers: TypeAlias = NDArray[np.int64]

_MASK = 2**64 - 1
_GOLDEN = 0x9E3779B97F4A7C15
_MIX = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB), (31, None))

# Widths of a cell's coordinates, from high to low; together 64 bits.
DAY_BITS, HOUR_BITS, UNIT_BITS, ORDER_BITS, ITEM_BITS = 16, 5, 20, 15, 8
DRAW_BITS = 21  # three draws fit a word; a share is off by at most one part in two million
_DRAWS, _PER_MILLE = 3, 1000


def mix(words: Words) -> Words:
    """The hash of each word; distinct words have distinct hashes."""
    mixed = words.copy()
    for shift, factor in _MIX:
        mixed ^= mixed >> np.uint64(shift)
        if factor is not None:
            mixed *= np.uint64(factor)
    return mixed


def key(seed: int, domain: int) -> np.uint64:
    """The key of one subject (its domain) under a seed; a new subject changes no other values."""
    return np.uint64(_mix_one(_mix_one((seed + _GOLDEN) & _MASK) + domain * _GOLDEN & _MASK))


def pack(day: Words, hour: Words, unit: Words) -> Words:
    """The coordinates of cells in one word each, with order and item 0; injective."""
    packed = (day << np.uint64(HOUR_BITS)) | hour
    packed = (packed << np.uint64(UNIT_BITS)) | unit
    return packed << np.uint64(ORDER_BITS + ITEM_BITS)


def word(base: Words, position: int) -> Words:
    """The word at a position of the stream that starts at each base."""
    return mix(base + np.uint64(position * _GOLDEN & _MASK))


def split(words: Words) -> tuple[Words, Words, Words]:
    """Three draws of `DRAW_BITS` bits from each word."""
    low = np.uint64(2**DRAW_BITS - 1)
    return (
        words & low,
        (words >> np.uint64(DRAW_BITS)) & low,
        (words >> np.uint64(2 * DRAW_BITS)) & low,
    )


def below(draws: Words, limit: int | Words) -> Words:
    """Draws as whole numbers from 0 to `limit - 1`, equally likely."""
    return (draws * np.uint64(limit)) >> np.uint64(DRAW_BITS)


def count_up(counts: Integers) -> Words:
    """The numbers from 1 up to each count, concatenated."""
    before = (np.cumsum(counts) - counts).astype(np.uint64)
    return np.arange(1, counts.sum() + 1, dtype=np.uint64) - np.repeat(before, counts)


def binomial(base: Words, trials: Integers, chance: Integers) -> Integers:
    """How many of `trials` succeed, each with a chance given per mille, for each stream.

    A trial takes a draw of the words 1, 2 and so on of the stream that starts at `base`.
    """
    words = -(-trials // _DRAWS)
    stream = np.repeat(np.arange(len(base)), words)
    position = count_up(words)
    draws = np.stack(split(mix(base[stream] + position * np.uint64(_GOLDEN))))
    trial = (position.astype(np.int64) - 1) * _DRAWS + np.arange(_DRAWS)[:, None]
    succeeds = draws.astype(np.int64) * _PER_MILLE < (chance << DRAW_BITS)[stream]
    hits = (succeeds & (trial < trials[stream])).sum(axis=0)
    return np.bincount(stream, weights=hits, minlength=len(base)).astype(np.int64)


def slots(weights: Sequence[int], count: int) -> NDArray[np.uint16]:
    """A table of `count` slots that holds each index in proportion to its weight.

    The largest fractions get the remaining slots, so each index is off by less than one slot.
    """
    total = sum(weights)
    counts = [weight * count // total for weight in weights]
    by_fraction = sorted(range(len(weights)), key=lambda i: -(weights[i] * count % total))
    for index in by_fraction[: count - sum(counts)]:
        counts[index] += 1
    return np.repeat(np.arange(len(weights), dtype=np.uint16), counts)


def _mix_one(value: int) -> int:
    for shift, factor in _MIX:
        value ^= value >> shift
        if factor is not None:
            value = value * factor & _MASK
    return value
