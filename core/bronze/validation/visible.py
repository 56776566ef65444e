"""Whether a text shows anything: a name of invisible characters only is not valid."""

import re
import unicodedata
from typing import Final

QUICK: Final = re.compile("[!-~]")  # a fast check: nearly every text has one of these

# Separators, controls, formats and unassigned code points; marks, which need a letter.
_INVISIBLE = "ZCM"
# Letters and symbols without a glyph: fillers, the empty Braille cell, the null note.
_BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u2800\U0001d159")


def is_visible(text: str) -> bool:
    """Whether a text has a character that is visible by itself."""
    return QUICK.search(text) is not None or any(map(_is_drawn, text))


def _is_drawn(character: str) -> bool:
    return unicodedata.category(character)[0] not in _INVISIBLE and character not in _BLANKS
