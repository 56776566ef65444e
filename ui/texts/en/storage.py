"""Storage, and the view of one object."""

# The views, by their codes in the page's address.
STORAGE_VIEW = "Look at"
STORAGE_VIEWS = {
    "objects": "Sales files",
    "manifests": "Manifests",
    "quarantine": "Quarantine",
    "reference": "Reference data",
    "sizes": "Sizes",
}
STORAGE_LISTED = (
    "A list costs one Class A operation for each 1,000 objects; what was listed is kept for "
    "20 seconds at least."
)
STORAGE_ALL = "all"
STORAGE_JUMP = "Dates with data"
STORAGE_JUMP_HINT = "Go to a date"
STORAGE_FIND_UNIT = "Find a unit"
STORAGE_FIND_HELP = "A part of its number or of its name, such as 12 or Blumenau."
STORAGE_UNIT = "Unit"
STORAGE_NO_UNIT = "No unit of this date matches {text!r}."
STORAGE_UNREADABLE = (
    "{count:# entry of the day cannot be read, and is|# entries of the day cannot be read, and "
    "are} not loaded."
)
STORAGE_REASON = "Reason"
STORAGE_EMPTY_DAY = (
    "The bucket has no sales files of {day}. Go to **Generate** to upload a window, "
    "or choose one of the dates with data."
)
STORAGE_EMPTY_BUCKET = (
    "The bucket has nothing yet. Go to **Generate** to upload a window, "
    "or simulate a day on **Overview**."
)
STORAGE_DAY_SUM = "{objects:# file|# files}, {size}, of {units:# unit|# units} on {day}."
STORAGE_MONTH = "Days of {month}"
STORAGE_COUNT_MONTH = "Count the days of {month}"
STORAGE_COUNT_MONTH_HELP = (
    "Lists every sales file of the month: 22 Class A operations for 50 units."
)
STORAGE_MONTH_HINT = "Select a row to go to its date."
STORAGE_BY_WINDOW = "By window"
STORAGE_BY_UNIT = "By unit"
STORAGE_OBJECTS = "Files"
STORAGE_OBJECTS_HINT = "Select a row to look at the file."
STORAGE_ODD = "Names that are not of the layout"
STORAGE_FILE, STORAGE_WINDOWS = "File", "Windows"
STORAGE_COUNT, STORAGE_BYTES = "Files", "Bytes"
STORAGE_ZIP = "Download these as ZIP"
STORAGE_ZIP_HELP = (
    "{count:The file|The # files} that the choice above leaves, {size} before packing."
)
STORAGE_ZIP_LARGE = "{size} are too much for one archive: choose a window or a unit."

# One object.
OBJECT = "Name of an object"
OBJECT_HELP = (
    "Any object of the bucket by its full name; it stands in the page's address, for sharing."
)
OBJECT_TITLE = "The file"
OBJECT_FACTS = ("What", "Value")
OBJECT_SIZE, OBJECT_ROWS, OBJECT_GENERATION = "Size", "Rows", "Generation"
OBJECT_WRITTEN, OBJECT_CRC = "Written", "CRC32C"
OBJECT_BYTES = "{size} ({bytes} bytes)"
OBJECT_NOT_CSV = "not a table"
OBJECT_REJECTED = "{rows}, of which {rejected:# is|# are} refused"
OBJECT_IN_BRONZE = (
    "In Bronze since {when}: {rows:# row|# rows} loaded, {rejected:# rejected|# rejected}, of "
    "this generation."
)
OBJECT_OLDER_IN_BRONZE = (
    "Written anew since it was ingested at {when}: Bronze has an older generation, and this one "
    "waits to be ingested."
)
OBJECT_WHOLE_QUARANTINED = "Went to quarantine whole at {when}: {reason}"
OBJECT_NOT_IN_BRONZE = "Not in Bronze: no generation of it was ingested yet."
OBJECT_NO_SALES = "Bronze takes no objects of this kind."
OBJECT_BY_RUN = "By run {run}: {title}."
OBJECT_BY_NOBODY = "By no run of this panel's history: a script, or csv-processor."
OBJECT_DOWNLOAD = "Download the file"
OBJECT_TABLE, OBJECT_TEXT, OBJECT_BRONZE = "As a table", "As text", "In Bronze"
OBJECT_LINE, OBJECT_REASON = "Line", "State"
OBJECT_GOOD, OBJECT_REFUSED = "✓ accepted", "! {reason}"
OBJECT_ABSENT = "○ not in Bronze"
OBJECT_DIFFERS = "≠ Bronze has {column} {value}"
OBJECT_LOADED = "✓ in Bronze"
OBJECT_CUT = "The first {lines} lines or {size} are shown; the download has all."
OBJECT_BROKEN = "Some bytes are not UTF-8; each is shown as \ufffd."
OBJECT_BINARY = "This is no text: the first bytes are shown as hexadecimal numbers."
OBJECT_FAULT = "The whole file is refused: {reason}"
OBJECT_NO_ROWS = "Bronze has no rows of this file."
OBJECT_ROWS_OF = "{count:# row|# rows} in {table}, the first {shown} by {key}."
OBJECT_NO_TABLE = "This is no CSV file: see it as text."

# Files that nothing requested.
DELETE_FILES = "{count:Delete file…|Delete # files…}"
DELETE_HELP = (
    "Deletes what no manifest names, once you confirm it, with what Bronze and quarantine have of "
    "it. Nothing else is touched."
)
DELETE_STRAY = "No manifest names this file: nothing requested it."
DELETE_TITLE = "Delete {count:this file|# files}?"
DELETE_BODY = (
    "This cannot be undone: nothing can make the same bytes again. Bronze's rows and the reports "
    "in quarantine go with it; a file that changes meanwhile stays."
)
DELETE_CONFIRM = "Delete {count:# file|# files}"
DELETE_NONE = "There is nothing to delete here: the files are gone."

# Manifests.
MANIFEST_NONE = "No manifest names files of {day}: nothing was published for it."
MANIFEST_WINDOW = "Manifest of"
MANIFEST_OPEN = "Look at the manifest itself"
MANIFEST_FIGURES = {
    "units": "Units", "orders": "Orders", "items": "Items", "value": "Value", "seeds": "Seed",
}  # fmt: skip
MANIFEST_SEEDS = "{count:# seed|# seeds}"
MANIFEST_FINE = (
    "{count:The one file is|All # files are} in the bucket as the manifest says, by size and "
    "CRC32C."
)
MANIFEST_DIFFERS = (
    "{count} of {total:# file|# files} {count:is|are} not as the manifest says; {count:it "
    "comes|they come} first."
)
MANIFEST_UNNAMED = (
    "{count:# file|# files} of this window {count:is|are} in no manifest, such as {first}."
)
MANIFEST_COLUMNS = (
    "Unit", "File", "State", "Rows", "Bytes", "Seed", "CRC32C by the manifest",
    "CRC32C of the object",
)  # fmt: skip
MANIFEST_OK = "✓ as the manifest says"
MANIFEST_BAD = "≠ {fault}"

# Quarantine.
QUARANTINE_THIS_DAY = "Only of this business day"
QUARANTINE_EMPTY = "Nothing is in quarantine."
QUARANTINE_EMPTY_DAY = "Nothing of {day} is in quarantine."
QUARANTINE_COUNT = "{count:# file has|# files have} something in quarantine. Choose one to see why."
QUARANTINE_FILE = "File in quarantine"
QUARANTINE_OF = (
    "Of {name}: {rejected} of {rows:# row|# rows} {rejected:was|were} rejected, {loaded:# was|# "
    "were} loaded."
)
QUARANTINE_WHOLE = "{name} was refused whole: {reason}"
QUARANTINE_COLUMNS = ("Line", "Reason", "Line as it came")
QUARANTINE_CUT = "The first {shown} of {count:# line|# lines}."
QUARANTINE_WAY_OUT = (
    "The way out is a corrected object under the same name, by **Write again** on the Bronze page "
    "where the data is the platform's own; the quarantine goes when it is loaded."
)
QUARANTINE_GONE = (
    "The file is no longer in the bucket, so nothing replaces what it left behind: settle it, or "
    "put the file back."
)
QUARANTINE_SETTLE = "Settle what deleted files of {day} left"
QUARANTINE_OPEN_LINES = "Look at the rejected lines"
QUARANTINE_OPEN_OBJECT = "Look at the object"
QUARANTINE_OPEN_BRONZE = "Its window on the Bronze page"

# Reference data and sizes.
REFERENCE_FILE = "Reference file"
REFERENCE_EMPTY = "No reference data yet: the first upload on **Generate** writes it."
SIZES_TITLE = "Bytes by kind of object"
SIZES_COUNT = "Count the whole bucket"
SIZES_COUNT_HELP = (
    "Lists every object: one Class A operation for each 1,000, so 255 for a year of 50 units."
)
SIZES_KINDS = {
    "sales": "Sales files (raw)",
    "parquet": "Sales in Parquet (raw)",
    "manifests": "Manifests",
    "quarantine": "Quarantine",
    "reference": "Reference data",
    "held": "Held objects",
    "scenarios": "Records of scenarios",
    "other": "Anything else",
}
SIZES_COLUMNS = ("Kind", "Objects", "Bytes", "Size")
SIZES_SUM = "{objects:# object|# objects}, {size} in all."
SIZES_AXIS = "Bytes"
SIZES_ALT = "Bytes of the bucket's objects by kind: {objects:# object|# objects}, {size} in all."
