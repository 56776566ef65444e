"""Each unit's stable online customers, with their addresses and delivery fees.

A customer is a number within a unit; numbers follow the tiers of the catalog, and
`contents/rounds.py` draws them. Address and fee are hashes of (unit, customer), without seed and
date, because people stay where they live. An address is a street and district of Faker's pt_BR
vocabulary in the unit's city, with a postal code (CEP) of that city's range. It is not a real
place.
"""

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.generation.catalog import FEES_CENTS, Catalog
from core.generation.draws import Integers, Words, below, key, mix, split, word

_DOMAIN = 3  # of keys, see core.generation.draws
_HOUSE_NUMBERS = 2400


def delivery_fees(units: Words, customers: Integers) -> Integers:
    """Delivery fees in cents; a customer always pays the same fee."""
    draw, _, _ = split(_words(units, customers, 2))
    return FEES_CENTS.start + below(draw, len(FEES_CENTS)).astype(np.int64) * FEES_CENTS.step


def address_parts(
    units: Words, customers: Integers, catalog: Catalog
) -> dict[str, NDArray[np.bytes_]]:
    """The parts of each customer's address, in reading order."""
    base = _base(catalog)
    street, district, number = split(_words(units, customers, 1))
    _, cep, _ = split(_words(units, customers, 2))
    city = city_indexes(units, catalog)
    return {
        "street": base.streets[below(street, len(base.streets))],
        "number": base.numbers[below(number, len(base.numbers))],
        "district": base.districts[below(district, len(base.districts))],
        "city": base.cities[city],
        "cep": _cep_text(base.cep_first[city] + below(cep, base.cep_count[city])),
    }


@dataclass(frozen=True)
class _Base:
    """The catalog as arrays."""

    streets: NDArray[np.bytes_]
    numbers: NDArray[np.bytes_]
    districts: NDArray[np.bytes_]
    cities: NDArray[np.bytes_]
    cep_first: Words
    cep_count: Words


@functools.cache
def _base(catalog: Catalog) -> _Base:
    return _Base(
        streets=_texts([f"{street}, " for street in catalog.streets]),
        numbers=_texts([f"{number} - " for number in range(1, _HOUSE_NUMBERS + 1)]),
        districts=_texts([f"{district}, " for district in catalog.districts]),
        cities=_texts([
            f"{city.name} - {catalog.states[city.state_id].abbreviation}, "
            for city in catalog.cities
        ]),
        cep_first=np.array([city.cep_first for city in catalog.cities], np.uint64),
        cep_count=np.array(
            [city.cep_last - city.cep_first + 1 for city in catalog.cities], np.uint64
        ),
    )  # fmt: skip


def city_indexes(units: Words, catalog: Catalog) -> Integers:
    """The position of each unit's city in the catalog."""
    known, which = np.unique(units, return_inverse=True)
    return np.array([_city_index(unit, catalog) for unit in known.tolist()], np.int64)[which]


@functools.cache
def _city_index(unit_id: int, catalog: Catalog) -> int:
    return catalog.unit(unit_id).city_index


def _words(units: Words, customers: Integers, position: int) -> Words:
    packed = (units << np.uint64(32)) | customers.astype(np.uint64)
    return word(mix(packed ^ key(0, _DOMAIN)), position)


def _texts(texts: Sequence[str]) -> NDArray[np.bytes_]:
    return np.array([text.encode() for text in texts])


def _cep_text(codes: Words) -> NDArray[np.bytes_]:
    """Postal codes as `90010-123`."""
    text = np.empty((len(codes), 9), np.uint8)
    rest = codes.astype(np.uint32)
    for column in (8, 7, 6, 4, 3, 2, 1, 0):
        rest, digit = np.divmod(rest, np.uint32(10))
        text[:, column] = digit + ord("0")
    text[:, 5] = ord("-")
    return text.view("S9").reshape(-1)
