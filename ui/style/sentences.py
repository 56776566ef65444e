"""Sentences of the platform in the viewer's language: runs' titles and results, errors, checks."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from core.messages import Phrasing, translate
from ui.shell import language
from ui.style import format as fmt


class _Phrasing(Phrasing):
    """Numbers and dates as the panel shows them."""

    def __init__(self, templates: Mapping[str, str]) -> None:
        self._templates = templates

    def message(self, value: str) -> str:
        """A message within another, in the same language."""
        return translate(value, self._templates, self)

    def number(self, value: float, form: str) -> str:
        """A whole number in groups, unless its form is `d`; another with the decimals it asks.

        With the form `bytes` it is a size.
        """
        if form == "bytes":
            return fmt.size(int(value))
        if isinstance(value, int):
            return str(value) if form == "d" else str(fmt.number(value))
        return fmt.plain_decimal(Decimal(format(value, form.replace(",", "") or "g")))

    def day(self, value: date, form: str) -> str:
        """A date as the language writes it, or in its own form."""
        return format(value, form) if form else fmt.day(value)


def sentence(text: str) -> str:
    """A sentence in the viewer's language; as it is where it is no message of the platform.

    Such are names, what another program says, and what older versions left in the history.
    """
    templates = language.load_templates()
    return translate(text, templates, _Phrasing(templates)) if templates else str(text)
