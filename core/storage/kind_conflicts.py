"""Refuse to mix incremental and bulk CSV and Parquet of a unit's date: sales would count twice."""

from collections.abc import Collection, Iterable
from datetime import date

from core.errors import InputError, MixError
from core.messages import message
from core.storage.day_manifest import find_day_manifest
from core.storage.object_names import day_prefix, parquet_name, parse_sales_name
from core.storage.object_store import ObjectStore

_WAY_OUT = message("bucket.way_out")


def refuse_other_csv(
    existing: Iterable[str], day: date, units: Collection[int], *, windows: bool
) -> None:
    """Refuse incremental data (`windows`) if the same unit has bulk data, and the reverse.

    Raises:
        MixError: A unit has data of the other kind among the date's `existing` objects.
    """
    wanted, other = ("incremental", "bulk") if windows else ("bulk", "incremental")
    wanted_units = set(units)
    for name in sorted(existing):
        parsed = parse_sales_name(name)
        if parsed is None or parsed.unit_id not in wanted_units:
            continue
        if (parsed.window_tag is None) == windows:
            raise MixError(
                message(
                    "bucket.unit_has_other",
                    unit=parsed.unit_id,
                    other=other,
                    day=day,
                    name=name,
                    wanted=wanted,
                    way_out=_WAY_OUT,
                )
            )


def refuse_csv(store: ObjectStore, day: date, units: Collection[int]) -> None:
    """Refuse a day in Parquet if a unit has CSV files. One listing.

    Raises:
        MixError: A unit has CSV files.
    """
    wanted_units = set(units)
    for info in store.list(day_prefix(day)):
        parsed = parse_sales_name(info.name)
        if parsed is not None and parsed.unit_id in wanted_units:
            raise MixError(
                message(
                    "bucket.unit_has_csv",
                    unit=parsed.unit_id,
                    day=day,
                    name=info.name,
                    way_out=_WAY_OUT,
                )
            )


def refuse_parquet(store: ObjectStore, day: date, units: Collection[int]) -> None:
    """Refuse CSV files of a unit that a day in Parquet has. One lookup, and one read if it exists.

    Raises:
        MixError: The day in Parquet has a unit, or may have it: its manifest is missing or broken.
    """
    name = parquet_name("order_items", day)  # publications write it first
    if store.find(name) is None:
        return
    try:
        manifest = find_day_manifest(store, day)
    except InputError:
        manifest = None
    shared = set(units) & set(manifest.units) if manifest else set(units)
    if shared:
        raise MixError(
            message(
                "bucket.unit_has_parquet", unit=min(shared), day=day, name=name, way_out=_WAY_OUT
            )
        )
