"""The verdict on one object: what was expected, what the bucket has, and what Bronze has of it."""

from core.generation.windows import TIME_ZONE
from core.messages import Message, message
from core.reconcile.verdicts import Verdict
from core.storage.manifest import FileEntry
from core.storage.object_names import HeldName
from core.storage.object_store import ObjectInfo, ObjectStore
from core.warehouse import BronzeFile

NEVER_GENERATED = message("line.never")
NOT_INGESTED = message("line.not_ingested")
_NOT_IN_BUCKET = message("line.not_in_bucket")
_NOT_UPLOADED = message("line.not_uploaded")
_OTHER_BYTES = message("line.not_of_manifest")


def judge_absent(
    expected: FileEntry | None,
    bronze: BronzeFile,
    *,
    generated: bool,
    due: bool,
    held: HeldName | None = None,
) -> tuple[Verdict, str]:
    """The verdict on an object that the bucket does not have, and the reason.

    `generated` means that a local output folder has its file, `due` that its window has begun,
    `held` that a scenario holds it back.
    """
    if bronze.rows:
        return Verdict.MISSING, message("line.rows_without_object", count=bronze.rows)
    if held:
        return Verdict.MISSING, _describe_held(held)
    if expected and expected.name:
        return Verdict.MISSING, _NOT_IN_BUCKET
    if generated:
        return Verdict.GENERATED, _NOT_UPLOADED
    return (Verdict.MISSING, NEVER_GENERATED) if due else (Verdict.NOT_DUE, "")


def _describe_held(held: HeldName) -> Message:
    if held.moment is None:
        return message("line.held")
    local = held.moment.astimezone(TIME_ZONE)
    return message("line.held_until", day=local.date(), time=f"{local:%H:%M}")


def judge_present(
    store: ObjectStore, info: ObjectInfo, expected: FileEntry | None, bronze: BronzeFile
) -> tuple[Verdict, str]:
    """The verdict on an object that is in the bucket, and the reason; empty where all is well."""
    if _is_pending(store, info, bronze):
        return _judge_pending(store, info, expected, bronze)
    if _is_changed(store, info, bronze):
        return Verdict.MISMATCH, message("line.not_ingested_one")
    return _judge_ingested(expected, bronze)


def _judge_pending(
    store: ObjectStore, info: ObjectInfo, expected: FileEntry | None, bronze: BronzeFile
) -> tuple[Verdict, str]:
    known = expected.crc32c if expected else ""
    if known and _checksum(store, info) != known:
        return Verdict.MISMATCH, _OTHER_BYTES
    if bronze.generation is not None:
        return Verdict.UPLOADED, message("line.written_again")
    return Verdict.UPLOADED, NOT_INGESTED


def _judge_ingested(expected: FileEntry | None, bronze: BronzeFile) -> tuple[Verdict, str]:
    """The verdict on an object whose present generation the ledger has."""
    if bronze.duplicates:
        return Verdict.DUPLICATED, message("line.duplicates", count=bronze.duplicates)
    if bronze.reason:
        return Verdict.QUARANTINED, bronze.reason
    if bronze.rejected:
        return Verdict.QUARANTINED, _describe_rejected(expected, bronze)
    fault = _difference(expected, bronze)
    return (Verdict.MISMATCH, fault) if fault else (Verdict.IN_BRONZE, "")


def _describe_rejected(expected: FileEntry | None, bronze: BronzeFile) -> str:
    """How many rows are in quarantine, and whether others did not come at all."""
    if expected and expected.rows > bronze.rows + bronze.rejected:
        return message(
            "line.rejected_and_lost", count=bronze.rejected, expected=expected.rows,
            rows=bronze.rows,
        )  # fmt: skip
    return message("line.rejected", count=bronze.rejected)


def _difference(expected: FileEntry | None, bronze: BronzeFile) -> str:
    """How an object's rows or bytes differ from what was expected; empty when they do not."""
    if bronze.rows != bronze.loaded:
        return message("line.loaded_and_had", loaded=bronze.loaded, rows=bronze.rows)
    if expected and expected.rows != bronze.rows:
        return message("line.expected_and_had", expected=expected.rows, rows=bronze.rows)
    if expected and expected.crc32c and expected.crc32c != bronze.crc32c:
        return _OTHER_BYTES
    return ""


def _is_pending(store: ObjectStore, info: ObjectInfo, bronze: BronzeFile) -> bool:
    """Whether an object is yet to be loaded; its checksum decides where its generation cannot."""
    if store.supersedes(info.generation, bronze.generation):
        return True
    return bronze.uncertain and _checksum(store, info) != bronze.crc32c


def _is_changed(store: ObjectStore, info: ObjectInfo, bronze: BronzeFile) -> bool:
    """Whether an object has other bytes than were ingested, though no load is pending."""
    if not info.encoded and info.size != bronze.size:
        return True
    same = info.generation == bronze.generation  # then its bytes need not be read again
    return not same and _checksum(store, info) != bronze.crc32c


def _checksum(store: ObjectStore, info: ObjectInfo) -> str:
    return info.crc32c or store.checksum(info.name)
