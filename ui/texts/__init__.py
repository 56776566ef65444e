"""Every text of the panel in the viewer's language: `texts.SEED` is `SEED` of `en` or of `pt`.

Each access looks the text up, so no constant, default argument or decorator may keep one.
"""

import functools
from typing import TYPE_CHECKING, Any

from ui.shell import language
from ui.style.plain import texts_in

if TYPE_CHECKING:
    from ui.texts.en import *


def __getattr__(name: str) -> Any:  # noqa: ANN401 - of the type that it has in `en`
    if name.startswith("_"):
        raise AttributeError(name)
    return _text(language.current(), name)


@functools.cache  # called a thousand times per page
def _text(code: str, name: str) -> Any:  # noqa: ANN401 - of the type that it has in `en`
    return texts_in(getattr(language.load_texts(code), name))
