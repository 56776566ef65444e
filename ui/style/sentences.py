"""Messages of `core` in the viewer's language: runs' titles and results, errors, checks."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from core.messages import Phrasing, translate
from ui.shell import language
from ui.style import format as fmt


class _Phrasing(Phrasing):
    """Formats numbers and dates as the panel does."""

    def __init__(self, templates: Mapping[str, str]) -> None:
        self._templates = templates

    def message(self, value: str) -> str:
        return translate(value, self._templates, self)

    def number(self, value: float, form: str) -> str:
        """Group a whole number, unless its form is `d`; write a size where the form is `bytes`."""
        if form == "bytes":
            return fmt.size(int(value))
        if isinstance(value, int):
            return str(value) if form == "d" else str(fmt.number(value))
        return fmt.plain_decimal(Decimal(format(value, form.replace(",", "") or "g")))

    def day(self, value: date, form: str) -> str:
        """Write a date as the language does, or in the form of the template."""
        return format(value, form) if form else fmt.day(value)


def sentence(text: str) -> str:
    """Translate a message into the viewer's language; any other text, such as a name, stays."""
    templates = language.load_templates()
    return translate(text, templates, _Phrasing(templates)) if templates else str(text)
