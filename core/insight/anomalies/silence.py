"""Units of which nothing came for a whole date."""

from collections import defaultdict
from datetime import date

from core.generation.windows import business_date
from core.insight.anomalies.anomaly import Anomaly, AnomalyKind
from core.insight.anomalies.facts import Facts
from core.messages import message
from core.storage.object_names import cell_prefix

_UNITS = "SELECT DISTINCT id_unidade AS unit_id FROM bronze.units"


def find_silent_units(facts: Facts) -> list[Anomaly]:
    """Known units without any object of a date that is over, while most others have one.

    Known are the units of the reference data and those of the other dates. If a manifest of the
    date names the unit, the reconciliation reports its objects. A date of which fewer than half of
    the units came was made for these alone, and is not judged; nor is a date in Parquet, whose
    objects name no unit.
    """
    came: defaultdict[date, set[int]] = defaultdict(set)
    for one in facts.requested:
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
        for unit in sorted(known - units - _named(facts, day))
    ]  # fmt: skip


def _units_of_reference(facts: Facts) -> set[int]:
    warehouse = facts.platform.warehouse
    if "bronze.units" not in warehouse.tables():
        return set()
    return {row["unit_id"] for row in warehouse.ask(_UNITS)}


def _named(facts: Facts, day: date) -> set[int]:
    """The units that the manifests of a date name."""
    tags = {one.place.window_tag for one in facts.requested if one.place and one.day == day}
    manifests = (facts.manifest(day, tag) for tag in tags)
    return {unit for manifest in manifests if manifest for unit in manifest.cells}
