"""Check the volume and the content of the sales of the last dates."""

from core.insight.anomalies.facts import Facts, read_facts
from core.insight.anomalies.find import Anomalies, judge_content, judge_volume
from core.insight.diagnostics.finding import CheckContext, Finding, State
from core.messages import Message, join_sentences, message

_SHOWN = 3  # anomalies that a finding describes


def volume(case: CheckContext) -> Finding:
    """Check whether the numbers of orders are in their ranges, and explained by the calendar."""
    fine = message("anomaly.volume_fine", dates_told=case.dates_text)
    facts = _facts(case)
    found = judge_volume(facts, _content(case, facts)) if facts else None
    return _finding(case, found, fine, message("anomaly.volume_advice"))


def content(case: CheckContext) -> Finding:
    """Check whether rows are copies, orders and items fit each other, and prices are right."""
    fine = message("anomaly.content_fine", dates_told=case.dates_text)
    facts = _facts(case)
    found = _content(case, facts) if facts else None
    return _finding(case, found, fine, message("anomaly.content_advice"))


def _facts(case: CheckContext) -> Facts | None:
    return case.once("facts", lambda: read_facts(case.platform, case.dates, case.now))


def _content(case: CheckContext, facts: Facts) -> Anomalies:
    return case.once("content", lambda: judge_content(facts))


def _finding(
    case: CheckContext, result: Anomalies | None, fine: Message, advice: Message
) -> Finding:
    if result is None:
        return Finding(State.FINE, message("diagnose.no_bronze"))
    if not result.found:
        return Finding(State.FINE, join_sentences(fine, *result.skipped))
    count = message("anomaly.count", dates_told=case.dates_text, count=len(result.found))
    shown = [one.detail for one in result.found[:_SHOWN]]
    names = sorted({one.object for one in result.found if one.object})
    sentence = join_sentences(count, *shown, *result.skipped)
    return Finding(State.ATTENTION, sentence, advice, "", "storage", tuple(names))
