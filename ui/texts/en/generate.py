"""Generate."""

CHOOSE = "What to generate"
WINDOWS = "Windows (BRT)"
NO_WINDOW = "Choose at least one window."
PREVIEW = "Preview"
FILES = "Files"
EXPECTED_ORDERS, EXPECTED_ITEMS = "Orders", "Items"
FIRST_ROWS = "First rows of unit 001, {hours}"
TO_FOLDER = "Generate files"
TO_FOLDER_HELP = "Writes to the folder output/ only; the bucket is not touched."
TO_BUCKET = "Upload to the bucket"
TO_BUCKET_HELP = "Publishes to the bucket; the objects go to Bronze right away."
TO_BUCKET_HELP_CLOUD = (
    "Publishes to the bucket. csv-processor takes each object to Bronze; a large request is "
    "loaded by the run itself."
)
VERIFY = "Verify upload"
VERIFY_HELP = (
    "Compares the bucket and Bronze with what was to arrive. On Google Cloud it waits a minute for "
    "csv-processor, and keeps the lines of its log with the run."
)
COMMAND = "The same as commands"
COMMAND_NOTE = "With --upload the files go to the bucket too; without it to the output folder only."

# Dates, dry run, archive.
DAYS_FROM = "Number of days"
DRY_RUN = "Dry run"
DRY_RUN_HELP = (
    "Compares with what is in the bucket, and says what an upload would do. Writes nothing."
)
AS_ZIP = "Download as ZIP"
AS_ZIP_HELP = "The same files, made for your browser; neither folder nor bucket is touched."
ZIP_TOO_LARGE = "An archive has at most {most} pairs of files: choose fewer, or generate files."
USE_SEED = "Use seed {seed}"
BY_WINDOW, BY_UNIT, BY_PRODUCT_SOLD = "By window", "By unit", "By product"
EXPECTED_REVENUE = "Revenue"
UNIT_COLUMNS = ("Unit", "Name", "Orders", "Items", "Revenue (R$)")
SOLD_COLUMNS = ("Product", "Pieces", "Value (R$)")
ALT_BY_UNIT = "Orders of {count:# unit|# units}, {fewest} to {most} a unit."
ALT_BY_SOLD = "Pieces of {count:# product|# products}; {first} sells most."
UNITS_AXIS, PIECES_AXIS = "Unit", "Pieces"
