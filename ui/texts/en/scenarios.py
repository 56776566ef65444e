"""Scenarios."""

SCENARIO_VIEWS = {"plan": "Plan and apply", "applied": "Applied", "grade": "Grade"}
SCENARIO_VIEW = "View"

# The layers that notice faults.
SCENARIO_LAYERS = {
    "quarantine": "quarantine",
    "reconcile": "reconcile",
    "silver": "checks of Silver",
    "volume": "checks of volume",
    "content": "checks of content",
    "none": "none, by design",
}

# The choice of a scenario.
SCENARIO = "Scenario"
SCENARIO_COMPOSE = "compose one…"
SCENARIO_DAYS = "Number of days"
SCENARIO_FILE = "The scenario's file"
SCENARIO_TOO_LARGE = (
    "{count:# file pair is|# file pairs are} too many for this page: choose at most {most}, or use "
    "`scripts/faults.py`."
)

# A composed scenario.
COMPOSE_HEADING = "Compose a scenario"
COMPOSE_KIND = "Kind of fault"
COMPOSE_AMOUNT = "How many"
COMPOSE_AMOUNTS = {"share": "a share", "count": "a number"}
COMPOSE_SHARE = "Share (%)"
COMPOSE_COUNT = "Number"
COMPOSE_WINDOWS = "Windows (none: all)"
COMPOSE_WEEKDAYS = "Weekdays (none: all)"
COMPOSE_DAYS_FROM, COMPOSE_DAYS_TO = "From day", "To day"
COMPOSE_DAYS_HELP = "Days of the request, from 0: empty means all."
COMPOSE_UNITS_FROM, COMPOSE_UNITS_TO = "From unit", "To unit"
COMPOSE_UNITS_HELP = "Empty means all units of the request."
COMPOSE_PARAMETER_HELP = "Parameter {name}: {valid}; {usual} by default."
COMPOSE_ADD = "Add this fault"
COMPOSE_RESTART = "Begin again"
COMPOSE_TEXT = "The file, which you may change"
COMPOSE_DOWNLOAD = "Download the file"
COMPOSE_UPLOAD = "Upload a scenario (TOML)"
COMPOSE_TOO_LARGE = "The file is too large: a scenario has at most {most}."
COMPOSE_NO_TEXT = "{name} is not text in UTF-8."
COMPOSE_HALF_RANGE = "{first} and {last} go together: give both or none."

# Its plan.
PLAN_NOTHING = "This scenario plans no faults for these dates, windows and units."
PLAN_FIGURES = ("Planned faults", "Kinds", "File pairs hit", "Units hit")
PLAN_MAP = "Planned faults by window and date"
PLAN_MAP_ALT = (
    "{count:# planned fault|# planned faults} over {days:# date|# dates}; {day} {hours} has the "
    "most, {most}."
)
PLAN_CELL = "{count:# fault|# faults}"
PLAN_KINDS = "By kind"
PLAN_KIND_COLUMNS = ("Kind", "Faults", "Who should notice", "What it is")
PLAN_TABLE = "The planned faults"
PLAN_COLUMNS = ("Kind", "Day", "Window", "Unit", "Rows")
PLAN_HIDDEN = "Which files and rows are hit is hidden here (MRHEALTH_HIDE_KEYS)."
APPLY = "Apply to the bucket…"
APPLY_HELP = "Publishes these sales with the scenario's faults, and loads them into Bronze."
APPLY_TITLE = "Apply the scenario {name}?"
APPLY_BODY = (
    "{cells:# file pair is|# file pairs are} published to the bucket with "
    "{faults:# planned fault|# planned faults}: {dates}, {units:# unit|# units}, seed {seed}. The "
    "manifests name the scenario. What comes late is kept ready and comes at its time. "
    "**Withdraw…** in **Applied** takes all of it away again."
)
APPLY_CONFIRM = "Apply"
PLAY = "Simulate the first day under it…"
PLAY_HELP = "Plays the first date window by window; what is late comes in a later window."
PLAY_TITLE = "Simulate {day} under the scenario {name}?"
PLAY_CONFIRM = "Simulate"

# What was applied.
APPLIED_NONE = (
    "No scenario is applied to this bucket. Choose one in **Plan and apply**; the sales of "
    "**Generate** have no faults."
)
APPLIED_ONE = "Applied scenario"
APPLIED_LABEL = "{name}: {dates}, {units:# unit|# units}, seed {seed}"
APPLIED_GONE = "This scenario is not applied any more."
APPLIED_HELD = (
    "{count:# object is held back and comes at its time|# objects are held back and come at their "
    "time}; {due:# is|# are} due now."
)
APPLIED_HELD_NONE = "No object is held back."
RELEASE = "Release what is due"
RELEASE_HELP = (
    "Publishes the held objects whose moment has come, as each tick of the schedule does."
)
RELEASE_ALL = "Release everything"
RELEASE_ALL_HELP = "Publishes all held objects now, also those that would never come by themselves."
WITHDRAW = "Withdraw…"
WITHDRAW_HELP = "Takes the scenario's effects away: bucket and Bronze get the clean sales."
WITHDRAW_TITLE = "Withdraw {name}?"
WITHDRAW_BODY = (
    "The clean files take the place of the spoiled ones, copies and held objects are deleted, and "
    "Bronze has the rows of the clean files. Then bucket and Bronze are as if these sales had "
    "been published without a scenario."
)
WITHDRAW_CONFIRM = "Withdraw"

# The key.
KEY = "The key"
KEY_NOTE = "Each fault with its identity, the right value, and the layer that should notice it."
KEY_COLUMNS = (
    "Kind", "Object", "Line", "Id", "Column", "Was", "Is", "Appears", "Who should notice",
)  # fmt: skip
KEY_CSV, KEY_JSON = "Key as CSV", "Key as JSON"
KEY_HIDDEN = "The key is hidden (MRHEALTH_HIDE_KEYS): find the faults, then see your grade."
KEY_REFUSED = "The keys of scenarios are hidden in this panel."

# The grade.
FINDINGS = "Your findings (CSV or JSON)"
FINDINGS_HELP = "Columns object, line, id, kind; line and id may be empty. See docs/faults.md."
FINDINGS_NOTE = (
    "Upload what your pipeline found, or see how this one does. A finding counts where its kind "
    "and its place, by id or by object and line, are those of a fault."
)
FINDINGS_IGNORED = "Columns that are not read: {columns}."
FINDINGS_DOWNLOAD = "Findings as CSV"
GRADE_OURS = "Grade this pipeline"
GRADE_OURS_HELP = "Quarantine, reconcile, the checks of Silver and Diagnostics against the key."
GRADE_OURS_TITLE = "This pipeline"
GRADE_YOURS_TITLE = "Your findings"
GRADE_FIGURES = ("Planted", "Found", "Missed", "Invented", "Precision", "Recall")
GRADE_COLUMNS = ("Kind", "Planted", "Found", "Missed", "Invented", "Precision (%)", "Recall (%)")
GRADE_CHART_ALT = (
    "Found, missed and invented by kind: {found} of {planted} found, {invented} invented."
)
GRADE_MISSED, GRADE_INVENTED = "Missed", "Invented"
GRADE_LIST = "{title}: {count}"
GRADE_FINDING_COLUMNS = ("Kind", "Object", "Line", "Id")
GRADE_PERFECT = "Everything was found, and nothing invented."
