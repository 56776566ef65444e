"""Runs that put a window right: objects written that are missing or changed, or loaded again."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from core.generation.catalog import Window
from core.messages import Message, join_sentences, message
from core.operations import repair
from core.operations.jobs import reporting
from core.operations.jobs.parameters import claims_of, hours, parameters_of, request_of
from core.operations.runs import NewRun
from core.operations.runs.runner import Context
from core.platform import Platform
from core.storage.object_names import SALES_FILES, SalesName, sales_name
from core.storage.publish import Request


def filling(
    day: date, window: Window | None, units: Sequence[int], *, overwrite: bool = False
) -> NewRun:
    """Write the objects of units of a window as its manifest has them, and load them.

    Args:
        window: None for bulk data.
        overwrite: Replace objects that exist with other bytes.

    Raises:
        InputError: No unit is named.
    """
    asked = _request(day, window, units)
    code = "title.write_again" if overwrite else "title.fill"
    return NewRun(
        "fill", message(code, what=_what(asked)), {**_parameters(asked), "overwrite": overwrite},
        claims_of(asked),
    )  # fmt: skip


def reloading(day: date, window: Window | None, units: Sequence[int]) -> NewRun:
    """Load the objects of units of a window once more, in the place of their rows in Bronze.

    Raises:
        InputError: No unit is named.
    """
    asked = _request(day, window, units)
    title = message("title.reload", what=_what(asked))
    return NewRun("reload", title, _parameters(asked), claims_of(asked))


def do_filling(platform: Platform, parameters: Mapping[str, Any], context: Context) -> str:
    """Write what is missing or changed."""
    asked = _asked(platform, parameters)
    (day,) = asked.dates
    done = repair.write(
        platform, day, _window(asked), asked.units, context.now(),
        overwrite=parameters["overwrite"], progress=reporting.log_steps(context),
    )  # fmt: skip
    loaded = reporting.loaded(done.ingested.rows_loaded, done.ingested.rows_rejected)
    left = reporting.left_sentence(done.ingested.left)
    published = reporting.published(done.published)
    return join_sentences(message("result.upload", published=published, loaded=loaded), left)


def do_reloading(platform: Platform, parameters: Mapping[str, Any], context: Context) -> str:
    """Load what is there once more."""
    asked = _asked(platform, parameters)
    (day,), window = asked.dates, _window(asked)
    names = [
        sales_name(SalesName(kind, day, unit, window.tag if window else None))
        for unit in asked.units
        for kind in reversed(SALES_FILES)  # items first, as everywhere
    ]
    done = repair.load_again(platform, names, context.now(), reporting.log_steps(context))
    loaded = reporting.loaded(done.rows_loaded, done.rows_rejected)
    result = message("result.reload", count=done.objects, loaded=loaded)
    return join_sentences(result, reporting.left_sentence(done.left))


def _request(day: date, window: Window | None, units: Sequence[int]) -> Request:
    return Request((day,), (window,) if window else (), tuple(units))


def _parameters(asked: Request) -> dict[str, Any]:
    """Without a seed: each unit has that of the manifest."""
    return {name: value for name, value in parameters_of(asked).items() if name != "seed"}


def _asked(platform: Platform, parameters: Mapping[str, Any]) -> Request:
    return request_of({**parameters, "seed": 0}, platform.catalog)


def _window(asked: Request) -> Window | None:
    return asked.windows[0] if asked.windows else None


def _what(asked: Request) -> Message:
    units, count = asked.units, len(asked.units)
    named = (
        message("words.unit", unit=units[0]) if count == 1 else message("words.units", count=count)
    )
    return message("words.cells", day=asked.dates[0], hours=hours(asked.windows), units=named)
