"""Scenarios: what a TOML file says of faults, read strictly.

A scenario has a name (the file's), a sentence in English and one in Portuguese, a seed, and any
number of faults. Scenarios come with the project (`library/`) or are in a folder of the user.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import InputError
from core.messages import message
from core.scenarios.fields import Fields
from core.scenarios.kinds import KINDS, Kind, Value

LIBRARY = Path(__file__).parent / "library"
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
MOST_BYTES = 2**20  # of a scenario's file

_KEYS = ("name", "sentence", "sentence_pt", "seed", "faults")
_FAULT_KEYS = ("kind", "share", "count", "days", "weekdays", "windows", "units", "parameters")


@dataclass(frozen=True)
class Fault:
    """A fault of a scenario.

    Attributes:
        position: Its place in the scenario, from 0.
        share: Of the kind's targets, above 0 and at most 1; None where `count` says how many.
        count: How many targets of a request are hit; None where `share` says which part.
        days: Offsets from the request's first date, both included; None: all.
        weekdays: Days of the week, 0 is Monday; empty: all.
        windows: Tags of windows; empty: all.
        units: First and last unit, both included; None: all.
        parameters: Of its kind, each with a value.
    """

    position: int
    kind: str
    share: float | None
    count: int | None
    days: tuple[int, int] | None
    weekdays: tuple[int, ...]
    windows: tuple[str, ...]
    units: tuple[int, int] | None
    parameters: Mapping[str, Value]

    @property
    def about(self) -> Kind:
        """What its kind is."""
        return KINDS[self.kind]


@dataclass(frozen=True)
class Scenario:
    """A named set of faults; `text` is the file that says all of it."""

    name: str
    sentence: str
    sentence_pt: str
    seed: int
    faults: tuple[Fault, ...]
    text: str


def read_scenario(text: str, name: str) -> Scenario:
    """Read a scenario from the text of its file; `name` is the file's, without its end.

    Raises:
        InputError: The text is no scenario, or names itself otherwise.
    """
    try:
        content = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:  # the latter of deep brackets
        raise InputError(message("scenario.no_toml", name=name, reason=str(error))) from error
    fields = Fields(name, message("scenario.place.top"), content)
    fields.check_keys(_KEYS)
    fields.check_name(name, NAME)
    faults = enumerate(fields.tables("faults"))
    return Scenario(
        name,
        fields.sentence("sentence"),
        fields.sentence("sentence_pt"),
        fields.whole("seed", 0, 2**63 - 1, 1),
        tuple(_fault(name, position, table) for position, table in faults),
        text,
    )


def scenario_text(
    name: str, sentences: tuple[str, str], seed: int, faults: Iterable[Mapping[str, Any]]
) -> str:
    """The text of a scenario's file, from its sentences in English and Portuguese and its faults.

    A fault has the keys of a file: numbers, words, lists of them, and a mapping of parameters.
    """
    values = {"name": name, "sentence": sentences[0], "sentence_pt": sentences[1], "seed": seed}
    lines = _lines(values)
    for fault in faults:
        own = {key: value for key, value in fault.items() if key != "parameters"}
        lines += ["", "[[faults]]", *_lines(own)]
        if fault.get("parameters"):
            lines += ["", "[faults.parameters]", *_lines(fault["parameters"])]
    return "\n".join(lines) + "\n"


def _lines(values: Mapping[str, Any]) -> list[str]:
    """Keys and values; JSON writes these values as TOML does."""
    return [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]


def load_scenario(name: str, folder: Path | None = None) -> Scenario:
    """Read a scenario by its name, in the user's folder first, or by the path of its file.

    Raises:
        InputError: There is none, or its file is no scenario.
    """
    if name.endswith(".toml"):
        return _load_file(Path(name))
    files = _files(folder)
    if name not in files:
        raise InputError(message("scenario.not_known", name=name, known=sorted(files)))
    return _load_file(files[name])


def list_names(folder: Path | None = None) -> list[str]:
    """The names of all scenarios: those of the project, and of the files in the user's folder."""
    return sorted(_files(folder))


def _files(folder: Path | None) -> dict[str, Path]:
    """The files by the name of their scenario; the user's replace those of the project."""
    folders = [LIBRARY, folder] if folder and folder.is_dir() else [LIBRARY]
    return {path.stem: path for place in folders for path in sorted(place.glob("*.toml"))}


def _load_file(path: Path) -> Scenario:
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
        text = data.decode("utf-8")
    except (OSError, ValueError) as error:  # no such file; no UTF-8; a name with NUL
        raise InputError(message("scenario.no_file", path=str(path), reason=str(error))) from error
    if len(data) > MOST_BYTES:
        raise InputError(message("scenario.too_large", path=str(path), most=MOST_BYTES))
    return read_scenario(text.replace("\r\n", "\n"), path.stem)


def _fault(name: str, position: int, table: Mapping[str, Any]) -> Fault:
    place = message("scenario.place.fault", number=position + 1)
    fields = Fields(name, place, table)
    fields.check_keys(_FAULT_KEYS)
    kind = KINDS[fields.choice("kind", tuple(KINDS))]
    if ("share" in table) == ("count" in table):
        raise InputError(message("scenario.share_or_count", scenario=name, place=place))
    return Fault(
        position=position,
        kind=kind.name,
        share=fields.share("share"),
        count=fields.whole("count", 1, 2**53) if "count" in table else None,
        days=fields.span("days", 0, 2**15),
        weekdays=fields.weekdays("weekdays"),
        windows=fields.windows("windows"),
        units=fields.span("units", 1, 2**20 - 1),
        parameters=fields.parameters("parameters", kind),
    )
