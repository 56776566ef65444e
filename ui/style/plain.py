"""Texts with values in them: values from addresses, files and names are shown unchanged.

Streamlit reads its texts as Markdown, in which a name can be a link, or a picture from anywhere.
So the `format` of a `Text` escapes each value that is no `Text`; the rest goes through `plain`.
"""

import re
import string
from typing import Any

from core.messages import Message
from ui.style.format import Number
from ui.style.sentences import sentence

# Words that become links, emojis, icons or other signs after backslashes are read: backslashes do
# not prevent it; a code span does.
_WORD = re.compile(r"://|www\.|\S@\S|:(?=[A-Za-z_+-])|:\d{3,}:|^(?:<?->|<-|--|[<>~]=|<?==?>|!=)$")
_SIGNS = re.compile(r"[\\`*\[\]{}<>|~$#&]|(?<!\w)_|_(?!\w)")
_FIRST = re.compile(r"^(\s*)([-+=#>:]|\d+[.)](?=\s|$))")
_MONEY = re.compile(r"^-?R\$[\s\u202f]?-?[\d\u202f.,]+$")


class Text(str):
    """A text of the panel in Markdown, whose values are escaped."""

    __slots__ = ()

    def format(self, *args: object, **values: object) -> "Text":
        """Return the text with its values, each escaped."""
        return Text(_FORMATTER.vformat(self, args, values))


class _Formatter(string.Formatter):
    """Escapes each value, after the conversion in the text."""

    def convert_field(self, value: Any, conversion: Any) -> Any:  # noqa: ANN401 - as it is inherited
        return _shown(super().convert_field(value, conversion))


_FORMATTER = _Formatter()


def plain(value: object) -> Text:
    """Return Markdown that shows a value unchanged, or a message translated; a `Text` stays one."""
    if isinstance(value, Exception) and value.args:
        value = value.args[0]
    if isinstance(value, Message):
        value = sentence(value)
    if isinstance(value, Text):
        return value
    return Text(value if isinstance(value, Number) else _escaped(str(value)))


def in_chart(value: str) -> str:
    """Escape a value for Plotly, which reads tags and makes links of some."""
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def texts_in(value: Any) -> Any:  # noqa: ANN401 - of the type that it has
    """Return a value of a language's texts with each text in it as a `Text`."""
    if isinstance(value, str):
        return Text(value)
    if isinstance(value, dict):
        return {key: texts_in(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return type(value)(texts_in(one) for one in value)
    return value


def _shown(value: object) -> object:
    if isinstance(value, Number):  # its format chooses singular or plural
        return value
    return plain(value) if isinstance(value, str | Exception) else value


def _escaped(text: str) -> str:
    if _MONEY.match(text):
        return text
    words = " ".join(text.splitlines()).split(" ")
    escaped = " ".join(_as_code(word) if _WORD.search(word) else _quiet(word) for word in words)
    return _FIRST.sub(_not_first, escaped)


def _quiet(word: str) -> str:
    return _SIGNS.sub(lambda sign: "\\" + sign.group(), word)


def _not_first(found: re.Match[str]) -> str:
    space, sign = found.groups()
    return f"{space}\\{sign}" if not sign[0].isdigit() else f"{space}{sign[:-1]}\\{sign[-1]}"


def _as_code(word: str) -> str:
    longest = max((len(run) for run in re.findall("`+", word)), default=0)
    fence = "`" * (longest + 1)
    space = " " if longest else ""
    # Streamlit reads icon names even there: a word joiner breaks them.
    shown = word.replace(":material/", ":material\u2060/")
    return f"{fence}{space}{shown}{space}{fence}"
