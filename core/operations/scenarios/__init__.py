"""Scenarios in the bucket: applied, their held objects released, their effects withdrawn."""

from core.operations.scenarios.apply import Applied, apply, check_scenario
from core.operations.scenarios.record import (
    Record,
    find_record,
    get_record,
    list_records,
    name_records,
    read_record,
)
from core.operations.scenarios.release import Released, release
from core.operations.scenarios.withdraw import Withdrawn, withdraw
from core.storage.delivery import list_held

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
    "name_records",
    "read_record",
    "release",
    "withdraw",
]
