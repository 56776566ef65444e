"""The platform's messages to people: a code with values, and the English sentence they make.

A `Message` is that sentence, so command lines, logs and JSON print it like any text. The panel
makes a sentence in the viewer's language from the code and the values (`ui/style/sentences.py`);
the history of runs keeps both. Each subject has a module of templates here.
"""

import string
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Self, TypeAlias

from core.messages import (
    alerts,
    anomalies,
    bucket,
    calendar,
    diagnose,
    grades,
    requests,
    runs,
    scenarios,
    schedule,
    settings,
    warehouse,
)

Value: TypeAlias = "str | int | float | date | Message | Sequence[Value]"

_SUBJECTS = (
    runs, requests, bucket, warehouse, settings, schedule, diagnose, calendar, scenarios, grades,
    alerts, anomalies,
)  # fmt: skip
TEMPLATES: Mapping[str, str] = MappingProxyType(
    {code: text for subject in _SUBJECTS for code, text in subject.TEMPLATES.items()}
)
_MESSAGE, _DATE = "$message", "$date"  # JSON keys that no other content has
_ONE_OF = {"first": 0, "last": -1}  # places in a list
_PARTS = "all"  # the code of several messages, one after the other


class Message(str):
    """A sentence in English, or a part of one, with the code and the values that made it.

    The code is a key of `TEMPLATES`, or `check.` and the name of a data check.
    """

    __slots__ = ("code", "values")

    code: str
    values: Mapping[str, Value]

    def __new__(cls, text: str, code: str, values: Mapping[str, Value] | None = None) -> Self:
        """Make the sentence of a code and values."""
        made = super().__new__(cls, text)
        made.code, made.values = code, dict(values or {})
        return made

    def __reduce__(self) -> tuple[type["Message"], tuple[str, str, Mapping[str, Value]]]:
        """Pickle with code and values."""
        return Message, (str(self), self.code, self.values)


class Phrasing(string.Formatter):
    """How a template shows values in English; other languages override it.

    `{count:# file|# files}` has the forms for one and for any other number; `#` is the number, with
    commas if the form begins with a comma. `{size:bytes}` is a number of bytes in the largest unit
    that fits. The parts of a list are separated by commas; `{names:first}` and `{names:last}` show
    one of them.
    """

    def format_field(self, value: Any, format_spec: str) -> str:  # noqa: ANN401 - as it is inherited
        """A value as the template shows it."""
        if isinstance(value, list | tuple):
            wanted = [value[_ONE_OF[format_spec]]] if format_spec in _ONE_OF else value
            spec = "" if format_spec in _ONE_OF else format_spec
            return ", ".join(self.format_field(one, spec) for one in wanted)
        one, bar, many = format_spec.partition("|")
        if bar:
            grouped = "," if one.startswith(",") else ""
            form = one.removeprefix(",") if value == 1 else many.removeprefix(",")
            shown = self.format_field(value, "" if isinstance(value, str) else grouped)
            return form.replace("#", shown)
        if isinstance(value, Message):
            return self.message(value)
        if isinstance(value, int | float):
            return self.number(value, format_spec)
        if isinstance(value, date):
            return self.day(value, format_spec)
        return str(value)

    def message(self, value: Message) -> str:
        """A message within another."""
        return str(value)

    def number(self, value: float, form: str) -> str:
        """A number in the form that the template asks for."""
        return _size(value) if form == "bytes" else format(value, form)

    def day(self, value: date, form: str) -> str:
        """A date."""
        return format(value, form)


_ENGLISH = Phrasing()


def _size(count: float) -> str:
    """A number of bytes, such as `1.5 GiB`."""
    for unit in ("bytes", "KiB", "MiB"):
        if count < 1024:
            return f"{count:.0f} {unit}" if unit == "bytes" else f"{count:.1f} {unit}"
        count /= 1024
    return f"{count:,.1f} GiB"


def message(code: str, **values: object) -> Message:
    """The message of a code of `TEMPLATES`, with what the template has in braces.

    Each value is a text, a number, a date, a message, an error, or a list of these.
    """
    kept = {name: _value(value) for name, value in values.items()}
    return Message(_ENGLISH.vformat(TEMPLATES[code], (), kept), code, kept)


def join_sentences(*parts: str) -> str:
    """Join sentences, without empty ones."""
    said = [part for part in parts if part]
    if len(said) < 2:
        return said[0] if said else ""
    return Message(" ".join(said), _PARTS, {"parts": said})


def list_parts(parts: Sequence[str]) -> str:
    """Join parts of a sentence with semicolons."""
    last = parts[-1]
    for part in reversed(parts[:-1]):
        last = message("words.listed", first=part, rest=last)
    return last


def translate(text: str, templates: Mapping[str, str], phrasing: Phrasing) -> str:
    """Translate a sentence by other templates; unchanged if it is no message or has no template."""
    if not isinstance(text, Message):
        return text
    if text.code == _PARTS:
        parts: Sequence[str] = text.values["parts"]  # type: ignore[assignment]  # of `join_sentences`
        return " ".join(translate(part, templates, phrasing) for part in parts)
    template = templates.get(text.code)
    return phrasing.vformat(template, (), text.values) if template else str(text)


def pack_messages(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Convert a value for JSON; each message becomes its code, values and text."""
    if isinstance(value, Message):
        values = {name: _packed_value(one) for name, one in value.values.items()}
        return {_MESSAGE: value.code, "values": values, "text": str(value)}
    if isinstance(value, Mapping):
        return {str(key): pack_messages(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [pack_messages(one) for one in value]
    return value


def unpack_messages(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Restore what `pack_messages` converted; other JSON values stay as they are."""
    if isinstance(value, list):
        return [unpack_messages(one) for one in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {_DATE}:
        return date.fromisoformat(value[_DATE])
    found = {key: unpack_messages(one) for key, one in value.items()}
    if found.keys() == {_MESSAGE, "values", "text"}:
        return Message(found["text"], found[_MESSAGE], found["values"])
    return found


def _packed_value(value: Value) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, date):
        return {_DATE: value.isoformat()}
    if isinstance(value, list):
        return [_packed_value(one) for one in value]
    return pack_messages(value)


def _value(value: object) -> Value:
    """A value as a message stores it: an error as its sentence, a path as text."""
    if isinstance(value, Exception) and value.args and isinstance(value.args[0], Message):
        return value.args[0]
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [_value(one) for one in value]
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, bool | datetime) or not isinstance(value, Message | int | float | date):
        return str(value)
    return value
