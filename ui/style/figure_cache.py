"""Figures, drawn once per values and language for all viewers: drawing costs more than sending."""

import functools
import pickle
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Final, ParamSpec

import plotly.graph_objects as go

from ui.shell import language

_MOST: Final = 256
_LOCK: Final = threading.Lock()
_FIGURES: Final[OrderedDict[tuple[str, str, bytes], go.Figure]] = OrderedDict()

_Values = ParamSpec("_Values")


def draw_once(draw: Callable[_Values, go.Figure]) -> Callable[_Values, go.Figure]:
    """Keep a chart's figures by their values; callers must not change them."""
    name = f"{draw.__module__}.{draw.__qualname__}"

    @functools.wraps(draw)
    def drawn(*args: _Values.args, **more: _Values.kwargs) -> go.Figure:
        key = name, language.current(), pickle.dumps((args, more))
        with _LOCK:
            if key in _FIGURES:
                _FIGURES.move_to_end(key)
                return _FIGURES[key]
        figure = draw(*args, **more)
        with _LOCK:
            _FIGURES[key] = figure
            if len(_FIGURES) > _MOST:
                _FIGURES.popitem(last=False)
        return figure

    return drawn
