"""The text of a message: English, in plain text, short enough for every channel."""

from collections.abc import Sequence
from datetime import datetime

from core.alerts.incidents import Severity
from core.alerts.store import Notice
from core.generation.windows import TIME_ZONE
from core.messages import Message, message

_LONGEST = 400  # characters of a sentence; its page has the rest
_MOST = 10  # notices that a message names


def compose(notices: Sequence[Notice], place: str) -> tuple[str, str]:
    """Title and body of a message; `place` is the installation that it is about."""
    lines = [_describe(one) for one in notices[:_MOST]]
    if len(notices) > _MOST:
        lines.append(message("alerts.more", count=len(notices) - _MOST))
    return _title(notices), "\n".join([*lines, message("alerts.place", place=place)])


def find_severity(notices: Sequence[Notice]) -> Severity | None:
    """The worst severity of the incidents that opened; None where none did."""
    opened = {one.incident.severity for one in notices if one.about == "opened"}
    return next((severity for severity in Severity if severity in opened), None)


def describe_moment(moment: datetime) -> Message:
    """A moment in São Paulo, to the minute."""
    local = moment.astimezone(TIME_ZONE)
    return message("diagnose.moment", day=local.date(), time=f"{local:%H:%M}")


def _title(notices: Sequence[Notice]) -> str:
    if len(notices) > 1:
        return message("alerts.title_many", count=len(notices))
    return message("alerts.title_over" if notices[0].about == "over" else "alerts.title_opened")


def _describe(notice: Notice) -> str:
    incident = notice.incident
    text = incident.text if len(incident.text) <= _LONGEST else f"{incident.text[:_LONGEST]}…"
    since = describe_moment(incident.since)
    if incident.until is None:
        return message("alerts.opened", text=text, since=since)
    return message("alerts.over", text=text, since=since, until=describe_moment(incident.until))
