"""The keys of a table of a scenario's file, each read strictly.

Every method raises `InputError`, which says what came and what is valid.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from core.errors import InputError
from core.generation.catalog import load_catalog
from core.messages import Message, message
from core.scenarios.kinds import Kind, Value

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LONGEST = 500  # characters of a sentence


@dataclass(frozen=True)
class Fields:
    """A table, with the scenario's name and the table's place in it for the errors."""

    scenario: str
    place: Message
    table: Mapping[str, Any]

    def check_keys(self, known: Sequence[str]) -> None:
        """Refuse keys that are not known."""
        for name in self.table:
            if name not in known:
                raise InputError(
                    message(
                        "scenario.unknown_key", scenario=self.scenario, place=self.place, key=name,
                        known=[*known],
                    )
                )  # fmt: skip

    def check_name(self, name: str, form: re.Pattern[str]) -> None:
        """Refuse a name that is not the file's, or not of this form."""
        if not form.fullmatch(name):
            self._refuse("name", name, message("scenario.valid.name"))
        if self._get("name", message("scenario.valid.name")) != name:
            self._refuse("name", self.table["name"], message("scenario.valid.same", name=name))

    def sentence(self, key: str) -> str:
        """A sentence of one line."""
        valid = message("scenario.valid.sentence", most=_LONGEST)
        value = self._get(key, valid)
        shown = isinstance(value, str) and value.strip() and value.isprintable()
        if not shown or len(value) > _LONGEST:
            self._refuse(key, value, valid)
        return str(value)

    def choice(self, key: str, choices: Sequence[str]) -> str:
        """One of some words."""
        valid = message("scenario.valid.choice", choices=[*choices])
        value = self._get(key, valid)
        if value not in choices:
            self._refuse(key, value, valid)
        return str(value)

    def whole(self, key: str, least: int, most: int, default: int | None = None) -> int:
        """A whole number; without the key, the default."""
        valid = message("scenario.valid.whole", least=least, most=most)
        value = self._get(key, valid, default)
        if type(value) is not int or not least <= value <= most:
            self._refuse(key, value, valid)
        return int(value)

    def share(self, key: str) -> float | None:
        """A number above 0, at most 1; None without the key."""
        value = self.table.get(key)
        if value is None:
            return None
        if type(value) not in (int, float) or not 0 < value <= 1:
            self._refuse(key, value, message("scenario.valid.share"))
        return float(value)

    def span(self, key: str, least: int, most: int) -> tuple[int, int] | None:
        """The first and the last of a range, both included; None without the key."""
        value = self.table.get(key)
        if value is None:
            return None
        whole = isinstance(value, list) and [type(one) for one in value] == [int, int]
        if not whole or not least <= value[0] <= value[1] <= most:
            self._refuse(key, value, message("scenario.valid.span", least=least, most=most))
        return value[0], value[1]

    def weekdays(self, key: str) -> tuple[int, ...]:
        """Days of the week as numbers, 0 is Monday; empty without the key."""
        return tuple(sorted(map(WEEKDAYS.index, self._words(key, WEEKDAYS))))

    def windows(self, key: str) -> tuple[str, ...]:
        """Tags of windows; empty without the key."""
        known = [window.tag for window in load_catalog().windows]
        return tuple(sorted(self._words(key, known), key=known.index))

    def tables(self, key: str) -> Sequence[Mapping[str, Any]]:
        """A list of tables; empty without the key."""
        value = self.table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            self._refuse(key, value, message("scenario.valid.tables", key=key))
        return value

    def parameters(self, key: str, kind: Kind) -> Mapping[str, Value]:
        """The parameters of a kind, with the defaults of those that are not given."""
        table = self.table.get(key, {})
        if not isinstance(table, dict):
            self._refuse(key, table, message("scenario.valid.table"))
        known = {parameter.name: parameter for parameter in kind.parameters}
        place = message("scenario.place.parameters", place=self.place, kind=kind.name)
        given = Fields(self.scenario, place, table)
        if table and not known:
            self._refuse(key, [*table], message("scenario.valid.none", kind=kind.name))
        given.check_keys([*known])
        return {name: given._parameter(kind, name) for name in known}

    def _parameter(self, kind: Kind, name: str) -> Value:
        parameter = next(one for one in kind.parameters if one.name == name)
        value = self.table.get(name, parameter.default)
        if not parameter.accepts(value):
            self._refuse(name, value, parameter.valid)
        chosen: Value = value
        return chosen

    def _words(self, key: str, known: Sequence[str]) -> list[str]:
        """Some of the known words, each once; empty without the key."""
        value = self.table.get(key)
        if value is None:
            return []
        words = isinstance(value, list) and all(one in known for one in value)
        if not words or not value or len(set(value)) < len(value):
            self._refuse(key, value, message("scenario.valid.words", known=[*known]))
        return list(value)

    def _get(self, key: str, valid: Message, default: object = None) -> Any:  # noqa: ANN401 - TOML
        value = self.table.get(key, default)
        if value is None:
            raise InputError(
                message(
                    "scenario.missing", scenario=self.scenario, place=self.place, key=key,
                    valid=valid,
                )
            )  # fmt: skip
        return value

    def _refuse(self, key: str, value: object, valid: Message) -> NoReturn:
        raise InputError(
            message(
                "scenario.value", scenario=self.scenario, place=self.place, key=key,
                value=repr(value)[:80], valid=valid,
            )
        )  # fmt: skip
