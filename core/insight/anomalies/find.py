"""All checks of volume and content over some dates."""

from dataclasses import dataclass
from datetime import date, datetime

from core.insight.anomalies.anomaly import Anomaly
from core.insight.anomalies.baskets import find_misfits
from core.insight.anomalies.contents import find_same_contents
from core.insight.anomalies.facts import MOST_ROWS, Facts, read_facts
from core.insight.anomalies.prices import find_price_drift
from core.insight.anomalies.repeats import find_repeats
from core.insight.anomalies.silence import find_silent_units
from core.insight.anomalies.volume import find_volume
from core.messages import Message, message
from core.platform import Platform


@dataclass(frozen=True, slots=True)
class Anomalies:
    """What the checks found, and what they could not judge, in sentences."""

    found: tuple[Anomaly, ...] = ()
    skipped: tuple[Message, ...] = ()


def find_anomalies(platform: Platform, dates: tuple[date, date], now: datetime) -> Anomalies:
    """The anomalies of volume and content of some dates, both included, at the aware `now`.

    Raises:
        InputError: The dates run backwards or are out of bounds.
        TransientError: The warehouse or store cannot be reached now.
    """
    facts = read_facts(platform, dates, now)
    if facts is None:
        return Anomalies()
    content = judge_content(facts)
    volume = judge_volume(facts, content)
    return Anomalies(content.found + volume.found, content.skipped + volume.skipped)


def judge_volume(facts: Facts, content: Anomalies) -> Anomalies:
    """Cells out of range, units and the chain out of what is explained, and silent units."""
    found = [*find_volume(facts, content.found), *find_silent_units(facts)]
    days = sorted({one.day for one in facts.requested if one.place is None})
    skipped = (message("anomaly.parquet_skipped", days=days),) if days else ()
    return Anomalies(tuple(found), skipped)


def judge_content(facts: Facts) -> Anomalies:
    """Copies of rows and of contents, orders and items that do not fit, and other prices."""
    repeats = find_repeats(facts)
    known = {one.object for one in repeats}
    same = (one for one in find_same_contents(facts) if one.object not in known)
    found = (*repeats, *same, *find_misfits(facts), *find_price_drift(facts))
    return Anomalies(found, (message("anomaly.cut", most=MOST_ROWS),) if facts.cut else ())
