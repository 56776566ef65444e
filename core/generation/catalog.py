"""The business: windows, menu, places and mixes, read only here from `core/generation/data`.

The facts of the business are in these CSV files, so a chain with another menu changes data and no
code. These changes keep the bytes of existing sales: a new product or family with a later
`on_menu_from`; a new window, as a row and a column of appetite.csv (its columns in the files of the
rhythm and contents are optional; it has no weight in whole days); a campaign with a later
`first_year`; more units. Frozen are the order and content of cities, streets, districts and notes,
the unit cycle, and all existing weights and levels.
`tests/generation/test_golden.py` guards that.
"""

import csv
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from core.errors import InputError
from core.messages import message

DATA_FOLDER = Path(__file__).parent / "data"
DEFAULT_UNITS = 50  # how many restaurants the chain has by default
FEES_CENTS = range(500, 2501, 50)  # what a delivery can cost
MAX_UNIT = 2**20 - 1  # a unit number has 20 bits in a cell's coordinates, see core.generation.draws
_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"),
          (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Window:
    """A business window: hours of America/Sao_Paulo, and orders per unit, both ends included."""

    start_hour: int
    end_hour: int
    name: str
    min_orders: int
    max_orders: int

    @property
    def tag(self) -> str:
        """Folder name in object names, such as `window_1012`."""
        return f"window_{self.start_hour:02d}{self.end_hour:02d}"

    @property
    def hours(self) -> str:
        """Start and end, such as `10:00-12:00`."""
        return f"{self.start_hour:02d}:00-{self.end_hour:02d}:00"


@dataclass(frozen=True, slots=True)
class Product:
    """A dish or drink, sold from the business date `on_menu_from`.

    `popularity` is its weight among all products. Its weight in a window is this times the window's
    appetite for its family.
    """

    product_id: int
    name: str
    family: str
    price_cents: int
    popularity: int
    on_menu_from: date


@dataclass(frozen=True, slots=True)
class State:
    """A state of a country; `abbreviation` is the postal one, such as `RS`."""

    state_id: int
    country_id: int
    name: str
    abbreviation: str


@dataclass(frozen=True, slots=True)
class City:
    """A city with a range of postal codes (CEP) as eight-digit integers, both ends included.

    The range lies inside the municipality's, without its ends, which may be rural.
    """

    name: str
    state_id: int
    cep_first: int
    cep_last: int


@dataclass(frozen=True, slots=True)
class Unit:
    """A restaurant; `city_index` is the position of its city in `Catalog.cities`."""

    unit_id: int
    name: str
    state_id: int
    city_index: int


@dataclass(frozen=True, slots=True)
class CustomerTier:
    """A group of a unit's customers; `share` is their per cent of online orders."""

    name: str
    customers: int
    share: int


@dataclass(frozen=True, eq=False)
class Catalog:
    """All reference data of the business; compared by identity, so that it can be a cache key.

    Attributes:
        unit_cycle: State ids, repeated endlessly: unit n is in state `cycle[(n - 1) % len]`.
        appetite: For each family, the weight of each window by its start hour.
        mixes: For each field, the weight of each value, in per cent.
        folder: Where the data files are, for what reads more of them when it is needed.
    """

    windows: tuple[Window, ...]
    products: tuple[Product, ...]
    countries: Mapping[int, str]
    states: Mapping[int, State]
    cities: tuple[City, ...]
    unit_cycle: tuple[int, ...]
    appetite: Mapping[str, Mapping[int, int]]
    mixes: Mapping[str, Mapping[str, int]]
    customers: tuple[CustomerTier, ...]
    streets: tuple[str, ...]
    districts: tuple[str, ...]
    notes: tuple[str, ...]
    folder: Path

    def unit(self, unit_id: int) -> Unit:
        """The restaurant with this number; the same whatever the number of units.

        Raises:
            InputError: The number is not from 1 to `MAX_UNIT`.
        """
        if not 1 <= unit_id <= MAX_UNIT:
            raise InputError(message("request.unit", unit=unit_id, most=MAX_UNIT))
        rounds, position = divmod(unit_id - 1, len(self._turns))
        turn = self._turns[position]
        lap, nth = divmod(rounds * turn.per_round + turn.before, len(turn.city_indexes))
        city_index = turn.city_indexes[nth]
        suffix = f" {_roman(lap + 1)}" if lap else ""
        name = f"Mr. Health - {self.cities[city_index].name}{suffix}"
        return Unit(unit_id, name, turn.state_id, city_index)

    def units(self, count: int) -> list[Unit]:
        """Restaurants 1 to `count`."""
        return [self.unit(unit_id) for unit_id in range(1, count + 1)]

    @functools.cached_property
    def _turns(self) -> tuple["_Turn", ...]:
        """The positions of the unit cycle, computed once."""
        in_state = {
            state_id: tuple(i for i, city in enumerate(self.cities) if city.state_id == state_id)
            for state_id in self.states
        }
        return tuple(
            _Turn(
                state_id=state_id,
                before=self.unit_cycle[:position].count(state_id),
                per_round=self.unit_cycle.count(state_id),
                city_indexes=in_state[state_id],
            )
            for position, state_id in enumerate(self.unit_cycle)
        )


@dataclass(frozen=True, slots=True)
class _Turn:
    """A position of the unit cycle: its state's units before it and per round, and their cities."""

    state_id: int
    before: int
    per_round: int
    city_indexes: tuple[int, ...]


@functools.cache
def load_catalog(folder: Path = DATA_FOLDER) -> Catalog:
    """Read the catalog from a folder of data files; each process reads a folder once."""
    rows = functools.partial(data_rows, folder)
    return Catalog(
        windows=tuple(
            Window(int(r["start_hour"]), int(r["end_hour"]), r["name"],
                   int(r["min_orders"]), int(r["max_orders"]))
            for r in rows("windows.csv")
        ),
        products=tuple(_product(r) for r in rows("products.csv")),
        countries={int(r["country_id"]): r["name"] for r in rows("countries.csv")},
        states={
            int(r["state_id"]): State(
                int(r["state_id"]), int(r["country_id"]), r["name"], r["abbreviation"]
            )
            for r in rows("states.csv")
        },
        cities=tuple(
            City(r["name"], int(r["state_id"]), int(r["cep_first"]), int(r["cep_last"]))
            for r in rows("cities.csv")
        ),
        unit_cycle=tuple(int(r["state_id"]) for r in rows("unit_cycle.csv")),
        appetite={
            r["family"]: {int(hour): int(w) for hour, w in r.items() if hour.isdigit()}
            for r in rows("appetite.csv")
        },
        mixes=_mixes(rows("mixes.csv")),
        customers=tuple(
            CustomerTier(r["tier"], int(r["customers"]), int(r["share"]))
            for r in rows("customers.csv")
        ),
        streets=_lines(folder / "streets.txt"),
        districts=_lines(folder / "districts.txt"),
        notes=_lines(folder / "notes.txt"),
        folder=folder,
    )  # fmt: skip


def _product(row: Mapping[str, str]) -> Product:
    return Product(
        int(row["product_id"]), row["name"], row["family"], int(row["price_cents"]),
        int(row["popularity"]), date.fromisoformat(row["on_menu_from"]),
    )  # fmt: skip


def _mixes(rows: list[dict[str, str]]) -> dict[str, dict[str, int]]:
    mixes: dict[str, dict[str, int]] = {}
    for row in rows:
        mixes.setdefault(row["field"], {})[row["value"]] = int(row["weight"])
    return mixes


def data_rows(folder: Path, name: str) -> list[dict[str, str]]:
    """The rows of a CSV file of the catalog's folder, by column."""
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _lines(path: Path) -> tuple[str, ...]:
    return tuple(path.read_text(encoding="utf-8").splitlines())


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        text += letters * count
    return text
