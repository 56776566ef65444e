"""Read JSON of any origin strictly, and say in words what is wrong with it."""

import json
import re
from collections.abc import Mapping
from typing import Any, TypeAlias

from core.messages import message

Content: TypeAlias = Mapping[str, Any]

_MOST = 2**63 - 1
_MAX_SHOWN = 40  # characters of a value that a sentence shows


class MalformedError(ValueError):
    """What is wrong, as the end of a sentence."""


def read_content(data: bytes) -> Content:
    """Parse bytes; raise `MalformedError` unless they hold a JSON object."""
    try:
        found = json.loads(data)
    except RecursionError as error:
        raise MalformedError(message("malformed.nested")) from error
    except ValueError as error:
        raise MalformedError(message("malformed.not_json", error=error)) from error
    return as_content(found, message("malformed.it"))


def as_content(value: object, what: str) -> Content:
    """Require a JSON object."""
    if type(value) is dict:
        return value
    raise MalformedError(message("malformed.no_object", what=what, value=_show_value(value)))


def read_whole(content: Content, key: str, least: int = 0, most: int = _MOST) -> int:
    """Require a whole number, both bounds included; true and false are none."""
    value = content.get(key)
    if type(value) is int and least <= value <= most:
        return value
    raise MalformedError(_fault(content, key, message("malformed.whole", least=least, most=most)))


def read_text(content: Content, key: str, form: re.Pattern[str], valid: str) -> str:
    """Require a text that fully matches a form; `valid` describes the form."""
    value = content.get(key)
    if type(value) is str and form.fullmatch(value):
        return value
    raise MalformedError(_fault(content, key, valid))


def read_list(content: Content, key: str) -> list[Any]:
    """Require a list."""
    value = content.get(key)
    if type(value) is list:
        return value
    raise MalformedError(_fault(content, key, message("malformed.list")))


def _fault(content: Content, key: str, valid: str) -> str:
    if key not in content:
        return message("malformed.absent", key=key, valid=valid)
    return message("malformed.instead", key=key, value=_show_value(content[key]), valid=valid)


def _show_value(value: object) -> str:
    if type(value) in (dict, list):
        return "an object" if type(value) is dict else "a list"
    words = json.dumps(value, ensure_ascii=False)
    return words if len(words) <= _MAX_SHOWN else f"{words[:_MAX_SHOWN]}..."
