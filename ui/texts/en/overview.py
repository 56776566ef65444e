"""Overview."""

WINDOWS_OF = "Windows of {day}"
GROWTH = "Bronze over the day"
FIGURE_ORDERS, FIGURE_ITEMS, FIGURE_REVENUE = "Orders", "Items", "Revenue"
FIGURE_FRESH = "Last ingestion"
OF_EXPECTED = "of {expected} expected"
PER_ORDER = "{value} an order"
NEVER = "never"
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
LENGTH = "Speed: the day in…"
LENGTH_HELP = "How long the seven windows take together; the rebuild comes after them."
SEE_IN_GOLD = "See it in Gold →"
REMOVE = "Remove what it made…"
REMOVE_TITLE = "Remove what this simulation made?"
REMOVE_BODY = (
    "{count:# file leaves|# files leave} the bucket, their rows leave Bronze, and the layers are "
    "rebuilt without them. Files of other content stay."
)
REMOVE_CONFIRM = "Remove {count:# file|# files}"
REMOVE_HELP = (
    "Takes the objects that this simulation wrote out of the bucket and Bronze, and rebuilds the "
    "layers without them. Objects that were there before, and objects of other content, stay. The "
    "same simulation makes the same data again."
)
OVER_DAYS = "{count:The last day|Each of the last # days}"
LAYER_STATE = "{layer}: {state}"
OVER_WINDOWS = "Orders in Bronze of each window of the day"

# What kind of day a date is.
KIND_WITH_CAMPAIGN = "{kind}, campaign *{name}*"
KIND_OF = "{day}: {kind}"
KINDS_OF_DAYS = "What kind of days these are"
KIND_COLUMNS = ("Day", "Kind of day", "Expected orders", "In an ordinary week")
