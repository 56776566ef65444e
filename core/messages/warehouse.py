"""The warehouse and its files."""

from collections.abc import Mapping

TEMPLATES: Mapping[str, str] = {
    "files.nothing_aside": "{file} is not there: there is nothing to put aside.",
    "files.cannot_aside": "Cannot put {file} aside: {reason}.",
    "files.in_use": "{file} is in use by another process: end that first, or wait for it.",
    "files.unusable": "Cannot use the {what} {file}: {error}.",
    "files.disk": "Cannot look at the disk of {place}: {reason}.",
    "files.cannot_write": "Cannot write to {folder}: {reason}.",
    "files.no_credentials": "The file of credentials is not one.",
    "files.history": "Cannot use the run history {path}: {reason}.",
    "files.schedule_lock": "Cannot use the schedule's lock {path}: {reason}.",
    "files.schedule_version": "The schedule's plan is not one of this version: {error}.",
    "files.schedule_plan": "Cannot use the schedule's plan {path}: {reason}.",
    "warehouse.not_built": "The {layer} layer reads {table}, which is not built yet: run "
    "`{command}` first.",
    "warehouse.not_confirmed": "A file that was judged elsewhere was not confirmed here: load it "
    "again.",
    "warehouse.other_bucket": "{dataset} is loaded from the bucket {first}, not from {bucket}: "
    "objects of the same name would be taken for each other. Set GCS_BUCKET_NAME to {first}, or "
    "MRHEALTH_DATASET_PREFIX to one that {bucket} has for itself.",
    "warehouse.no_origin": "{table} could not be written now.",
    "warehouse.not_loaded": "{count:# object|# objects} could not be loaded now: {words}",
    "warehouse.table_gone": "The table {table} has gone while in use.",
    "warehouse.published_at_once": "Somebody else published the {layer} layer at once: {error}",
    "warehouse.most_bytes": "A query would read more than {most:,} bytes, the most that "
    "MRHEALTH_MAX_BYTES allows: allow more, or ask for less.",
    "warehouse.no_table": "The table {table} is not there.",
    "warehouse.job_taken": "The job {job} is taken and cannot be seen yet.",
    "warehouse.job_running": "The job {job} is still running.",
    "warehouse.load_not_begun": "The load {batch} that claimed the object has not begun.",
    "warehouse.log_alone": "{log} {fault}: put it aside, or the file back.",
    "warehouse.unusable": "Cannot use the warehouse {path}: {reason}.",
    "warehouse.folder": "Cannot make the folder {folder}: {reason}",
    "warehouse.log_without_file": "is the log of a warehouse file that is not there",
    "warehouse.busy": "The warehouse {path} is in use by {holder} for more than {wait_s:g} s: try "
    "again when it has finished, or allow more time with MRHEALTH_WAIT_S.",
    "warehouse.another_task": "another task of this process",
    "warehouse.other_tasks": "other tasks of this process",
    "warehouse.another_process": "another process",
    "warehouse.process": "process {process} ({name})",
    "warehouse.job_failed": "The job {job} failed: {reason} ({words}).",
    "sql.not_for": "sqlglot cannot write this for {engine}: {error}.",
    "sql.no_statement": "This is not a GoogleSQL statement: {error}",
    "sql.one": "{count:# statement|# statements} came: write one statement a file.",
    "sql.no_create": "The statement of {table} is not a CREATE TABLE ... AS SELECT.",
    "sql.refused": "{sql} {why}: write it another way, or add a rule to "
    "core/warehouse/dialect with its case in tests/warehouse/test_dialect.py.",
    "files.schedule_plan_name": "schedule's plan",
    "files.history_name": "run history",
}
