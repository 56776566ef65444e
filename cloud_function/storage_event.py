"""An event of Cloud Storage, checked before anything uses it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.bronze.events import ObjectEvent
from core.errors import InputError
from core.storage.object_store.gcs import BATCHED

TYPE = "google.cloud.storage.object.v1.finalized"
_LONGEST_NAME = 1024  # bytes: cloud.google.com/storage/docs/objects#naming


def read_object_event(kind: str, data: object) -> ObjectEvent:
    """The event that an object was written.

    Args:
        kind: The CloudEvent's type.
        data: Its data, as cloud.google.com/eventarc/docs has it for Cloud Storage.

    Raises:
        InputError: This is no such event, and never will be.
    """
    if kind != TYPE:
        raise InputError(f"The event's type is {kind[:100]!r}: only {TYPE} is served.")
    if not isinstance(data, Mapping):
        raise InputError("The event has no data of an object.")
    return ObjectEvent(
        bucket=_read_text(data, "bucket"),
        name=_read_text(data, "name"),
        generation=_read_generation(data.get("generation")),
        time=_read_time(data),
        batched=_is_batched(data.get("metadata")),
        size=_read_size(data.get("size")),
    )


def _read_text(data: Mapping[str, Any], key: str) -> str:
    value = data.get(key)
    if not isinstance(value, str) or not 0 < len(value.encode("utf-8", "replace")) <= _LONGEST_NAME:
        raise InputError(f"The event's {key} is {_show(value)}: it is a text of 1 to 1024 bytes.")
    return value


def _read_generation(value: object) -> int:
    text = str(value) if isinstance(value, int | str) else ""
    if not (text.isascii() and text.isdigit() and len(text) <= 19):  # an int64
        raise InputError(f"The event's generation is {_show(value)}: it is a whole number.")
    return int(text)


def _read_size(value: object) -> int | None:
    """The object's size in bytes; None where the event does not say."""
    text = str(value) if isinstance(value, int | str) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 19 else None


def _read_time(data: Mapping[str, Any]) -> datetime:
    text = data.get("timeCreated")
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise InputError(f"The event's timeCreated is {_show(text)}: it is a moment with a zone.")
    return moment


def _is_batched(metadata: object) -> bool:
    return isinstance(metadata, Mapping) and BATCHED.items() <= metadata.items()


def _show(value: object) -> str:
    return repr(value)[:100]
