"""Units of which nothing came for a whole date."""

from collections import defaultdict
from typing import TYPE_CHECKING

from core.generation.windows import business_date
from core.insight.anomalies.anomaly import Anomaly, AnomalyKind
from core.insight.anomalies.facts import Facts
from core.messages import message
from core.storage.object_names import cell_prefix

if TYPE_CHECKING:
    from datetime import date

_UNITS = "SELECT DISTINCT id_unidade AS unit_id FROM bronze.units"


def find_silent_units(facts: Facts) -> list[Anomaly]:
    """Known units without any object of a date that is over, while most others have one.

    Known are the units of the reference data and those of the other dates. A date of which fewer
    than half of them came was made for these units alone, and is not judged; nor is a date in
    Parquet, whose objects name no unit.
    """
    came: defaultdict[date, set[int]] = defaultdict(set)
    for one in facts.asked:
        came[one.day].add(one.unit_id)
    known = _units_of_reference(facts).union(*came.values()) - {0}
    today = business_date(facts.now)
    return [
        Anomaly(
            AnomalyKind.UNIT_SILENT, cell_prefix(day, unit, None), "",
            message("anomaly.silent", unit=unit, day=day),
        )
        for day, units in sorted(came.items())
        if day < today and 0 not in units and 2 * len(units) >= len(known)
        for unit in sorted(known - units)
    ]  # fmt: skip


def _units_of_reference(facts: Facts) -> set[int]:
    warehouse = facts.platform.warehouse
    if "bronze.units" not in warehouse.tables():
        return set()
    return {row["unit_id"] for row in warehouse.ask(_UNITS)}
