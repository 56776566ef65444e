"""Overview."""

# Overview.
WINDOWS_OF = "Windows of {day}"
GROWTH = "Bronze over the day"
FIGURE_ORDERS, FIGURE_ITEMS, FIGURE_REVENUE = "Orders", "Items", "Revenue"
FIGURE_FRESH = "Last ingestion"
OF_EXPECTED = "of {expected} expected"
PER_ORDER = "{value} an order"
NEVER = "never"
LAYERS_CURRENT = "Silver and Gold are up to date"
LAYERS_BEHIND = "{layers} behind Bronze"
NO_LAYERS = "Silver and Gold are not built yet"
EMPTY_DAY = (
    "Nothing of this day is in Bronze yet. **Simulate this business day** above "
    "to watch it fill, or go to **Generate** for single windows."
)
SIMULATE = "Simulate this business day"
SIMULATE_HELP = (
    "Uploads the seven windows one after the other, takes each to Bronze, then rebuilds Silver, "
    "Gold and the aggregations. What is there already with the same content stays; where other "
    "content is, nothing is written until you confirm to overwrite it."
)
PAUSE = "Seconds between windows"
