"""Draws are the published hash, injective where they claim it, and even to the last slot."""

from itertools import product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.generation import draws
from tests.support.samples import assert_uniform

MASK = 2**64 - 1
WORDS = st.integers(0, MASK)


def _words(*values: int) -> draws.Words:
    return np.array(values, np.uint64)


def test_words_are_those_of_splitmix64() -> None:
    # First outputs of the reference implementation (prng.di.unimi.it/splitmix64.c) from state 0.
    outputs = [int(draws.word(_words(0), position)[0]) for position in range(1, 6)]
    assert outputs == [
        0xE220A8397B1DCDAF,
        0x6E789E6AA1B965F4,
        0x06C45D188009454F,
        0xF88BB8A8724C81EC,
        0x1B39896A51A8749B,
    ]


def _unshift(value: int, shift: int) -> int:
    """The x of `value == x ^ (x >> shift)`."""
    result = value
    for _ in range(64 // shift + 1):
        result = value ^ (result >> shift)
    return result


@given(WORDS)
def test_mix_can_be_undone_so_distinct_words_stay_distinct(value: int) -> None:
    mixed = int(draws.mix(_words(value))[0])
    undone = _unshift(mixed, 31) * pow(0x94D049BB133111EB, -1, 2**64) & MASK
    undone = _unshift(undone, 27) * pow(0xBF58476D1CE4E5B9, -1, 2**64) & MASK
    assert _unshift(undone, 30) == value


def test_mix_leaves_its_argument_alone() -> None:
    words = _words(1, 2, 3)
    draws.mix(words)
    assert words.tolist() == [1, 2, 3]


def test_each_seed_and_domain_has_its_own_key() -> None:
    seeds = [*range(500), 20260201, 2**31, 2**62, 2**63 - 1]
    keys = {int(draws.key(seed, domain)) for seed, domain in product(seeds, range(10))}
    assert len(keys) == len(seeds) * 10


CELLS = st.tuples(
    st.integers(0, 2**draws.DAY_BITS - 1),
    st.integers(0, 2**draws.HOUR_BITS - 1),
    st.integers(0, 2**draws.UNIT_BITS - 1),
)


def test_coordinates_fill_a_word() -> None:
    widths = (draws.DAY_BITS, draws.HOUR_BITS, draws.UNIT_BITS, draws.ORDER_BITS, draws.ITEM_BITS)
    assert sum(widths) == 64


@given(CELLS)
def test_packed_coordinates_can_be_read_back(cell: tuple[int, int, int]) -> None:
    day, hour, unit = cell
    packed = int(draws.pack(_words(day), _words(hour), _words(unit))[0])
    rest, within = divmod(packed, 2 ** (draws.ORDER_BITS + draws.ITEM_BITS))
    rest, unit_back = divmod(rest, 2**draws.UNIT_BITS)
    assert (*divmod(rest, 2**draws.HOUR_BITS), unit_back, within) == (*cell, 0)


@given(WORDS)
def test_the_three_draws_of_a_word_are_its_bits(value: int) -> None:
    low, middle, high = (int(draw[0]) for draw in draws.split(_words(value)))
    bits = draws.DRAW_BITS
    assert low | middle << bits | high << 2 * bits == value & 2 ** (3 * bits) - 1


def test_below_is_even_over_all_draws() -> None:
    every = np.arange(2**draws.DRAW_BITS, dtype=np.uint64)
    for limit in (1, 2, 3, 41, 100, 2400, 2**15):
        counts = np.bincount(draws.below(every, limit).astype(np.int64))
        assert len(counts) == limit
        assert counts.max() - counts.min() <= 1


WEIGHTS = st.lists(st.integers(0, 1000), min_size=1, max_size=40).filter(any)


@given(WEIGHTS, st.integers(1, 2**16))
def test_slots_hold_each_index_as_often_as_its_weight_asks(weights: list[int], count: int) -> None:
    table = draws.slots(weights, count)
    counts = np.bincount(table, minlength=len(weights)).tolist()
    assert sum(counts) == len(table) == count
    for weight, slots in zip(weights, counts, strict=True):
        assert abs(slots * sum(weights) - weight * count) < sum(weights)


@given(WEIGHTS, st.integers(1, 20))
def test_slots_are_exact_where_they_can_be(weights: list[int], times: int) -> None:
    table = draws.slots(weights, sum(weights) * times)
    expected = [weight * times for weight in weights]
    assert np.bincount(table, minlength=len(weights)).tolist() == expected


def test_neighbouring_coordinates_draw_unrelated_numbers() -> None:
    units = np.arange(100_000, dtype=np.uint64)
    packed = draws.pack(np.full_like(units, 9528), np.full_like(units, 12), units)
    for position in (1, 2, 3):
        words = draws.word(draws.mix(packed ^ draws.key(7, 1)), position)
        for draw in draws.split(words):
            values = draws.below(draw, 100)
            assert_uniform(values, range(100))
            pairs = values[:-1] // np.uint64(10) * np.uint64(10) + values[1:] // np.uint64(10)
            assert_uniform(pairs, range(100))
