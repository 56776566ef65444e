"""Windows that are due and not in the bucket, while a schedule is on."""

from collections.abc import Collection, Iterator
from datetime import date, timedelta

from core.alerts.incidents import Found, Incident, Scene, Severity
from core.generation.catalog import Window
from core.generation.windows import FIRST_DATE, business_date, dates_between
from core.messages import message
from core.scheduler.base import Tick, ticks_of
from core.scheduler.cloud import CloudSchedule
from core.scheduler.local import LocalSchedule
from core.settings import Cloud
from core.storage.object_names import manifest_name

_ARRIVAL = timedelta(minutes=30)  # from a tick on Google Cloud until its window must be there
_CLOUD_DAYS = 2


def find_overdue(scene: Scene) -> Found:
    """One incident a date, since a schedule that is off misses every window of a date."""
    cloud = scene.platform.settings.cloud
    return _find_here(scene) if cloud is None else _find_on_cloud(scene, cloud)


def _find_here(scene: Scene) -> Found:
    schedule = LocalSchedule(scene.platform, scene.history)
    if not schedule.store.path.exists() or schedule.plan().paused:
        return Found()
    # A run that is at a window claims it, such as `2026-02-01 10:00-12:00`.
    claims = [claim for run in scene.history.list_active() for claim in run.claims]
    unsure = tuple(f"overdue.{claim[:10]}" for claim in claims)
    return Found(tuple(_of_dates(scene, schedule.missed())), unsure)


def _find_on_cloud(scene: Scene, cloud: Cloud) -> Found:
    """The windows of the last two dates that are late, with one listing a date.

    Only those after a window that arrived: before it the schedule may not have been on.
    """
    if cloud.storage_host and not cloud.scheduler_host:  # an emulated cloud without a schedule
        return Found()
    if CloudSchedule(cloud).state().state != "enabled":
        return Found()
    ticks = _list_due(scene)
    published = _list_published(scene, {tick.day for tick in ticks})
    arrived = [tick.at for tick in ticks if manifest_name(tick.day, tick.window.tag) in published]
    if not arrived:  # whether its calls fail is a check of the schedule
        return Found((), ("overdue.",))
    late = [
        (tick.day, tick.window)
        for tick in ticks
        if tick.at > arrived[0] and published.isdisjoint(_manifests(tick))
    ]
    return Found(tuple(_of_dates(scene, late)))


def _list_due(scene: Scene) -> list[Tick]:
    last = max(business_date(scene.now), FIRST_DATE)
    first = max(last - timedelta(days=_CLOUD_DAYS - 1), FIRST_DATE)
    catalog = scene.platform.catalog
    ticks = [tick for day in dates_between(first, last) for tick in ticks_of(day, catalog)]
    return [tick for tick in ticks if tick.at <= scene.now - _ARRIVAL]


def _manifests(tick: Tick) -> set[str]:
    """The manifests that may name a tick's window: its own, and that of bulk data."""
    return {manifest_name(tick.day, tag) for tag in (tick.window.tag, None)}


def _list_published(scene: Scene, days: Collection[date]) -> set[str]:
    folders = [manifest_name(day, None).rpartition("/")[0] for day in days]
    return {info.name for folder in folders for info in scene.platform.store.list(f"{folder}/")}


def _of_dates(scene: Scene, late: Collection[tuple[date, Window]]) -> Iterator[Incident]:
    for day in sorted({day for day, _ in late}):
        hours = [window.hours for of_day, window in late if of_day == day]
        text = message("alerts.overdue", day=day, count=len(hours), hours=hours)
        yield Incident(f"overdue.{day}", Severity.BROKEN, text, "schedule", scene.now)
