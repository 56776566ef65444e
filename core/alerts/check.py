"""A check: look for incidents, record them, send what is due. Any process may check at any time."""

import os
from datetime import timedelta
from typing import Final

from core.alerts.channels import Channel, list_channels
from core.alerts.notices import compose, find_severity
from core.alerts.sources import look_for_incidents
from core.alerts.store import IncidentStore
from core.messages import Message, message
from core.operations.runs import RunHistory
from core.platform import Platform
from core.settings import Settings

PACE: Final = timedelta(minutes=1)  # of processes that check by themselves
CLOUD_PACE: Final = timedelta(minutes=30)  # listings and queries have a price there
_SLACK = timedelta(seconds=5)  # a timer may ring a little early


def open_store(settings: Settings) -> IncidentStore:
    """The incidents of a home folder."""
    return IncidentStore(settings.alerts_file)


def pace_of(settings: Settings) -> timedelta:
    """The pause between two checks."""
    return CLOUD_PACE if settings.cloud else PACE


def check_when_due(platform: Platform, history: RunHistory) -> bool:
    """Check unless a process did within the pace; whether it did."""
    settings = platform.settings
    if settings.cloud is None and not settings.home.is_dir():
        return False
    due = open_store(settings).begin_look(history.now(), pace_of(settings) - _SLACK)
    if due:
        check(platform, history)
    return due


def check(platform: Platform, history: RunHistory) -> list[str]:
    """Look, record, and send what is due; why messages could not be sent.

    Raises:
        StoreError: The store of incidents cannot be used.
        TransientError: Another process kept it for too long.
    """
    settings = platform.settings
    if settings.cloud is None and not settings.home.is_dir():
        return []
    store = open_store(settings)
    look = look_for_incidents(platform, history, history.now(), store.list_known())
    store.record(look, history.now())
    failures = [
        _send_due(store, channel, history, describe_place(settings))
        for channel in list_channels(settings.alerts)
    ]
    return [failure for failure in failures if failure]


def list_channel_failures(settings: Settings) -> list[str]:
    """Why the last try at a channel failed, of the channels that still owe a message."""
    channels = list_channels(settings.alerts)
    failures = open_store(settings).list_failures([channel.key for channel in channels])
    return [failures[channel.key] for channel in channels if channel.key in failures]


def describe_place(settings: Settings) -> Message:
    """Which installation a message is about."""
    cloud = settings.cloud
    if cloud is None:
        return message("diagnose.place_folder", home=settings.home)
    return message(
        "diagnose.place_cloud", project=cloud.project, bucket=cloud.bucket, region=cloud.region
    )


def _send_due(store: IncidentStore, channel: Channel, history: RunHistory, place: str) -> str:
    """Send all that is due to a channel, until a try fails; why it failed."""
    while claimed := store.claim(channel.key, os.getpid(), history.now()):
        title, body = compose(claimed.notices, place)
        failure = channel.send(title, body, find_severity(claimed.notices))
        store.settle(claimed, history.now(), failure)
        if failure:
            return failure
    return ""
