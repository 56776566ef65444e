"""Channels: where messages go, each an Apprise address, which is secret as a whole.

Nothing but a channel's place in the setting and its scheme is ever shown, stored or logged:
passwords and tokens may be in any other part, and Apprise's log has parts of the address.
"""

import hashlib
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from core.alerts.incidents import Severity
from core.errors import InputError
from core.messages import Message, message

_STATUS = re.compile(r"error=(\d{3})")  # how Apprise's log writes a server's answer


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel; `place` counts from 1 in the order of the setting."""

    place: int
    url: str = field(repr=False)

    @property
    def key(self) -> str:
        """A name for the store: too short to find a password by trying."""
        return hashlib.sha256(self.url.encode()).hexdigest()[:8]

    @property
    def name(self) -> Message:
        """The channel in words."""
        return message("alerts.channel", place=self.place, scheme=self.url.partition(":")[0])

    def send(self, title: str, body: str, severity: Severity | None) -> str:
        """Send a message; an empty text, or why it was not delivered.

        Args:
            severity: That of the incident; None for an end, or a test.
        """
        import apprise

        logger = logging.getLogger("apprise")
        logger.propagate = False  # the log of the process must not have parts of addresses
        kinds = {
            Severity.BROKEN: apprise.NotifyType.FAILURE,
            Severity.ATTENTION: apprise.NotifyType.WARNING,
            None: apprise.NotifyType.SUCCESS,
        }
        with apprise.LogCapture(level=logging.WARNING) as log:  # type: ignore[no-untyped-call]
            service = apprise.Apprise.instantiate(self.url)
            if not isinstance(service, apprise.NotifyBase):
                return message("alerts.no_channel", channel=self.name)
            sent = apprise.Apprise([service]).notify(
                body, title, kinds[severity], body_format=apprise.NotifyFormat.TEXT
            )
            said = log.getvalue()
        return "" if sent else _describe_failure(self.name, said)


def list_channels(urls: Sequence[str]) -> list[Channel]:
    """The channels of the setting, in its order."""
    return [Channel(place, url) for place, url in enumerate(dict.fromkeys(urls), 1)]


def choose_channels(channels: Sequence[Channel], place: int | None) -> list[Channel]:
    """All channels, or the one at a place.

    Raises:
        InputError: There is none.
    """
    if not channels:
        raise InputError(message("alerts.no_channels"))
    chosen = [channel for channel in channels if place in (None, channel.place)]
    if not chosen:
        raise InputError(message("alerts.no_such_channel", count=len(channels)))
    return chosen


def _describe_failure(channel: str, said: str) -> Message:
    status = _STATUS.search(said)
    if status:
        return message("alerts.refused", channel=channel, status=status[1])
    code = "alerts.unreachable" if "onnection error" in said else "alerts.undelivered"
    return message(code, channel=channel)
