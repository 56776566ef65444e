"""Scenarios in the bucket: applied, their held objects released, their effects withdrawn."""

from core.operations.scenarios.apply import Applied, apply, check_scenario
from core.operations.scenarios.record import (
    Record,
    find_record,
    get_record,
    list_records,
    read_record,
)
from core.operations.scenarios.release import Released, list_held, release
from core.operations.scenarios.withdraw import Withdrawn, withdraw

__all__ = [
    "Applied",
    "Record",
    "Released",
    "Withdrawn",
    "apply",
    "check_scenario",
    "find_record",
    "get_record",
    "list_held",
    "list_records",
    "read_record",
    "release",
    "withdraw",
]
