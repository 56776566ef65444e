"""Unit and meaning of each column, as the two files of descriptions have them."""

import csv
from pathlib import Path
from typing import NamedTuple

from core.generation.catalog import DATA_FOLDER
from core.transform.layers import SQL_FOLDER

OF_TABLES, OF_FILES = SQL_FOLDER / "columns.csv", DATA_FOLDER / "columns.csv"
ANY = "*"


class Meaning(NamedTuple):
    """What a column's values say, and their unit; the unit may be empty."""

    unit: str
    text: str


class Meanings:
    """The descriptions of one file, which remember what was looked up."""

    def __init__(self, path: Path) -> None:
        with path.open(encoding="utf-8", newline="") as file:
            rows = [tuple(row) for row in csv.reader(file)][1:]
        self._known = {(place, column): Meaning(unit, text) for place, column, unit, text in rows}
        assert len(self._known) == len(rows), f"{path.name} describes a column twice"
        self._used: set[tuple[str, str]] = set()
        self._name = path.name

    def of(self, place: str, column: str) -> Meaning:
        """The meaning of a column of a file or table; a row without a place is for all of them.

        Raises:
            KeyError: The column is not described.
        """
        for found in ((place, column), ("", column), (place, ANY)):
            if found in self._known:
                self._used.add(found)
                return self._known[found]
        raise KeyError(f"describe {column} of {place} in {self._name}")

    @property
    def unused(self) -> set[tuple[str, str]]:
        """Descriptions of columns that do not exist."""
        return self._known.keys() - self._used
