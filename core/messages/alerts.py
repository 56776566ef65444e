"""Incidents, and the messages about them."""

from collections.abc import Mapping

TEMPLATES: Mapping[str, str] = {
    "alerts.run": "Run {run} failed, {title}: {error}",
    "alerts.run_interrupted": "Run {run} was interrupted, {title}: {error}",
    "alerts.overdue": "{count:# window|# windows} of {day} overdue, not in the bucket: {hours}.",
    "alerts.quarantine": "{count:,# report|,# reports} in quarantine; the first is {name}.",
    "alerts.dead_letters": "{count:# event was|# events were} given up, in {subscription}: the "
    "first is about {name}.",
    "alerts.title_opened": "MR. Health: an incident",
    "alerts.title_over": "MR. Health: an incident is over",
    "alerts.title_many": "MR. Health: {count:,} changes of incidents",
    "alerts.opened": "Since {since}: {text}",
    "alerts.over": "Over since {until}, began {since}: {text}",
    "alerts.more": "And {count:,} more.",
    "alerts.place": "From {place}. Times are those of São Paulo.",
    "alerts.channel": "Channel {place} ({scheme})",
    "alerts.no_channel": "{channel} is no address that Apprise knows.",
    "alerts.no_channels": "MRHEALTH_ALERTS is empty: set it to the address of a channel, such as "
    "json://127.0.0.1:8000/hook.",
    "alerts.no_such_channel": "There is no such channel: MRHEALTH_ALERTS has {count:# channel|# "
    "channels}.",
    "alerts.refused": "{channel} refused the message: the server answered {status}.",
    "alerts.unreachable": "{channel} cannot be reached.",
    "alerts.undelivered": "{channel} did not deliver the message.",
    "alerts.test_title": "MR. Health: a test",
    "alerts.test": "This is a test of alerts; nothing is wrong.",
    "files.alerts": "Cannot use the incidents of alerts in {path}: {reason}.",
}
