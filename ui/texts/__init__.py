"""Every text of the panel in the language of the viewer: `texts.SEED` is `SEED` of `en` or of `pt`.

A text is looked up whenever it is named, so none may be kept in a constant, a default argument or a
decorator of a module. Sentences of the work itself come from `core`: see `ui.style.sentences`.
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


@functools.cache  # a page asks a thousand times
def _text(code: str, name: str) -> Any:  # noqa: ANN401 - of the type that it has in `en`
    return texts_in(getattr(language.load_texts(code), name))
