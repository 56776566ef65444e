"""How much of Google's free tier the platform uses in a month, and what the rest costs.

`forecast` computes the usage from units, days and rebuilds, `actual` observes it, and `prices`
compares it with the free limits.
"""

from core.insight.usage.actual import Observed, observe_month, projection
from core.insight.usage.forecast import UsageScenario, crossings, dollars, forecast, rebuild_reads
from core.insight.usage.month import Month, parse_month
from core.insight.usage.prices import (
    Line,
    Price,
    Quantities,
    compare_with_limits,
    guide,
    is_free_region,
    prices,
    total,
)

__all__ = [
    "Line",
    "Month",
    "Observed",
    "Price",
    "Quantities",
    "UsageScenario",
    "compare_with_limits",
    "crossings",
    "dollars",
    "forecast",
    "guide",
    "is_free_region",
    "observe_month",
    "parse_month",
    "prices",
    "projection",
    "rebuild_reads",
    "total",
]
