"""Sums of reports: what several pieces of work did together."""

from dataclasses import fields
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Report = TypeVar("Report", bound="DataclassInstance")


def add_fields(one: Report, other: Report) -> Report:
    """A dataclass of the same type; each field is the sum of the two."""
    names = [field.name for field in fields(one)]
    return type(one)(*(getattr(one, name) + getattr(other, name) for name in names))
