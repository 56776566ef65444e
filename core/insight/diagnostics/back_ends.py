"""Check whether the back ends can be reached: sign-in, bucket, warehouse."""

import contextlib
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from shlex import quote

from core.aside import free_name
from core.errors import PlatformError, SettingsError, StoreError, TransientError, WarehouseBusyError
from core.gcp.errors import SIGN_IN, google_errors
from core.insight.diagnostics.finding import CheckContext, Finding, State
from core.insight.diagnostics.install import INSTALL
from core.messages import message
from core.storage.object_names import REFERENCE_PREFIX
from core.warehouse.duckdb.connection import LOG_WITHOUT_FILE

_SIGN_IN_COMMAND = "gcloud auth application-default login"
# How DuckDB and the platform report that a log does not belong to the file.
_OF_ANOTHER = ("WAL does not match database file", LOG_WITHOUT_FILE)
_DEPLOY = "bash cloud_function/deploy.sh"


def credentials(case: CheckContext) -> Finding:
    """Check whether Google's rules find credentials; an emulator needs none."""
    cloud = case.platform.settings.cloud
    if cloud is None:
        return Finding(State.NOT_HERE, message("diagnose.credentials_folder"))
    if cloud.storage_host and cloud.bigquery_host:
        return Finding(State.NOT_HERE, message("diagnose.credentials_emulators"))
    try:
        kind = _default_credentials()
    except SettingsError as error:
        return Finding(State.BROKEN, error.sentence, SIGN_IN, _SIGN_IN_COMMAND)
    return Finding(State.FINE, message("diagnose.credentials", kind=kind))


def _default_credentials() -> str:
    """The kind of credentials that Google's rules find; `SettingsError` if none are valid."""
    import google.auth

    with google_errors(message("doing.sign_in")):
        try:
            found, _ = google.auth.default()
        except (AttributeError, KeyError, TypeError, ValueError, PermissionError) as error:
            if isinstance(error, google.auth.exceptions.GoogleAuthError):
                raise
            raise SettingsError(message("files.no_credentials")) from error
    return type(found).__name__


def bucket(case: CheckContext) -> Finding:
    """Check whether the bucket can be reached, and whether a local folder can be written to.

    On Google Cloud this takes one listing, a Class A operation; a write would cost another.
    """
    if case.platform.settings.cloud is None:
        return _folder(case.platform.settings.bucket_folder)
    place = f"gs://{case.platform.store.bucket}"
    try:
        found = case.platform.store.list(REFERENCE_PREFIX)
    except TransientError:
        raise
    except PlatformError as error:
        return Finding(
            State.BROKEN, error.sentence,
            message("diagnose.bucket_advice"),
            f"{_DEPLOY}\ngcloud storage ls {place}",
        )  # fmt: skip
    return Finding(State.FINE, message("diagnose.bucket", place=place, count=len(found)))


def _folder(folder: Path) -> Finding:
    home = folder.parent
    for path in (home, folder):
        if path.exists() and not path.is_dir():
            return Finding(
                State.BROKEN, message("diagnose.is_a_file", path=path),
                message("diagnose.is_a_file_advice"),
                move_away(path),
            )  # fmt: skip
    if not folder.exists():
        return _not_yet(folder)
    try:
        with scratch(folder) as file:
            file.write_bytes(b"written and read by the diagnostics\n")
            file.read_bytes()
    except StoreError as error:
        return _may_not(folder, error.sentence)
    raw = folder / "raw"  # nothing is written there: a watcher would take it for data
    if raw.exists() and not os.access(raw, os.W_OK | os.X_OK):
        return _may_not(raw, message("diagnose.denied", folder=raw))
    return Finding(State.FINE, message("diagnose.folder", folder=folder))


def _not_yet(folder: Path) -> Finding:
    """A bucket that does not exist yet: whether it could be created."""
    parent = next(path for path in folder.parents if path.is_dir())
    if not os.access(parent, os.W_OK | os.X_OK):
        return _may_not(parent, message("diagnose.cannot_make", folder=folder, parent=parent))
    return Finding(State.FINE, message("diagnose.folder_none", folder=folder))


def _may_not(folder: Path, sentence: str) -> Finding:
    return Finding(
        State.BROKEN, sentence,
        message("diagnose.may_write"),
        f"chmod -R u+rwX {quote(str(folder))}",
    )  # fmt: skip


@contextlib.contextmanager
def scratch(folder: Path) -> Iterator[Path]:
    """Create an empty file in a folder, and delete it when the block ends.

    Raises:
        StoreError: The folder may not be written to, or the disk is full.
    """
    try:
        with tempfile.TemporaryDirectory(prefix=".diagnose-", dir=folder) as inner:
            file = Path(inner) / "file"
            file.touch()
            yield file
    except OSError as error:
        raise StoreError(
            message("files.cannot_write", folder=folder, reason=error.strerror or error)
        ) from error


def warehouse(case: CheckContext) -> Finding:
    """Check whether the warehouse answers; DuckDB within the wait of the settings."""
    try:
        tables = case.tables()
    except WarehouseBusyError as error:
        return _report_held(error.sentence)
    except TransientError:
        raise
    except PlatformError as error:
        return _report_refused(case, error.sentence)
    prefix = case.platform.warehouse.prefix
    if not tables:
        return Finding(State.FINE, message("diagnose.warehouse_empty", prefix=prefix))
    layers = {table.partition(".")[0] for table in tables}
    told_layers = ", ".join(f"{prefix}_{layer}" for layer in sorted(layers))
    return Finding(
        State.FINE, message("diagnose.warehouse", count=len(tables), datasets=told_layers)
    )


def _report_held(sentence: str) -> Finding:
    process = re.search(r"process (\d+)", sentence)
    return Finding(
        State.ATTENTION, sentence, message("diagnose.warehouse_held"),
        f"ps -p {process[1]} -o pid,etime,args" if process else "",
    )  # fmt: skip


def _report_refused(case: CheckContext, sentence: str) -> Finding:
    settings = case.platform.settings
    if settings.cloud:
        return Finding(
            State.BROKEN, sentence,
            message("diagnose.warehouse_deploy"), _DEPLOY,
        )  # fmt: skip
    if "storage version" in sentence:
        return Finding(
            State.BROKEN, sentence,
            message("diagnose.warehouse_release"), INSTALL,
        )  # fmt: skip
    return refused_file(sentence)


def move_away(path: Path) -> str:
    """The command that renames a file to a free name."""
    return f"mv -n {quote(str(path))} {quote(str(free_name(path)))}"


REMAKE = message("diagnose.remake")
_FROM_THE_BUCKET = (
    "python scripts/ingest_pending.py",
    "python scripts/build_silver_layer.py",
    "python scripts/build_gold_layer.py",
    "python scripts/build_aggregations.py",
)
REMADE = "\n".join(("python scripts/put_aside.py warehouse", *_FROM_THE_BUCKET))


def refused_file(sentence: str) -> Finding:
    """What to do if DuckDB refuses the warehouse's file."""
    if any(words in sentence for words in _OF_ANOTHER):
        return Finding(
            State.BROKEN, sentence,
            message("diagnose.warehouse_log"),
            "\n".join(("python scripts/put_aside.py warehouse-log", *_FROM_THE_BUCKET)),
        )  # fmt: skip
    return Finding(State.BROKEN, sentence, REMAKE, REMADE)
