"""What a request is, in Google's terms, and what class of operation it is billed as.

Classes: https://cloud.google.com/storage/pricing#operations-by-class (seen 2026-11).
"""

import re
from collections.abc import Mapping
from typing import Final

_STORAGE: Final = (
    ("PUT", r"^/upload/storage/v1/b/[^/]+/o$", "upload.chunk"),
    ("POST", r"^/upload/storage/v1/b/[^/]+/o$", "upload"),
    ("GET", r"^/download/storage/v1/b/[^/]+/o/.+$", "download"),
    ("POST", r"^/storage/v1/b/[^/]+/o/.+/(copyTo|rewriteTo)/b/[^/]+/o/.+$", "copy"),
    ("POST", r"^/storage/v1/b/[^/]+/o/.+/compose$", "compose"),
    ("GET", r"^/storage/v1/b/[^/]+/o/?$", "list"),
    ("GET", r"^/storage/v1/b/[^/]+/o/.+$", "get"),
    ("DELETE", r"^/storage/v1/b/[^/]+/o/.+$", "delete"),
    ("PATCH|PUT", r"^/storage/v1/b/[^/]+/o/.+$", "patch"),
    ("GET", r"^/storage/v1/b/?$", "bucket.list"),
    ("POST", r"^/storage/v1/b/?$", "bucket.create"),
    ("GET", r"^/storage/v1/b/[^/]+$", "bucket.get"),
    ("DELETE", r"^/storage/v1/b/[^/]+$", "bucket.delete"),
    ("PATCH|PUT", r"^/storage/v1/b/[^/]+$", "bucket.patch"),
)
_DATASET: Final = r"^/bigquery/v2/projects/[^/]+/datasets"
_BIGQUERY: Final = (
    ("PUT", r"^/upload/bigquery/v2/projects/[^/]+/jobs$", "job.upload.chunk"),
    ("POST", r"^/upload/bigquery/v2/projects/[^/]+/jobs$", "job.insert.load"),
    ("POST", r"^/bigquery/v2/projects/[^/]+/jobs$", "job.insert"),
    ("GET", r"^/bigquery/v2/projects/[^/]+/jobs$", "job.list"),
    ("GET", r"^/bigquery/v2/projects/[^/]+/jobs/[^/]+$", "job.get"),
    ("POST", r"^/bigquery/v2/projects/[^/]+/jobs/[^/]+/cancel$", "job.cancel"),
    ("POST", r"^/bigquery/v2/projects/[^/]+/queries$", "job.query"),
    ("GET", r"^/bigquery/v2/projects/[^/]+/queries/[^/]+$", "query.results"),
    ("GET", _DATASET + r"/[^/]+/tables/[^/]+/data$", "table.rows"),
    ("GET", _DATASET + r"/[^/]+/tables/[^/]+$", "table.get"),
    ("GET", _DATASET + r"/[^/]+/tables$", "table.list"),
    ("POST", _DATASET + r"/[^/]+/tables$", "table.create"),
    ("PATCH|PUT", _DATASET + r"/[^/]+/tables/[^/]+$", "table.patch"),
    ("DELETE", _DATASET + r"/[^/]+/tables/[^/]+$", "table.delete"),
    ("GET", _DATASET + r"/[^/]+$", "dataset.get"),
    ("GET", _DATASET + r"$", "dataset.list"),
    ("POST", _DATASET + r"$", "dataset.create"),
    ("DELETE", _DATASET + r"/[^/]+$", "dataset.delete"),
)
_JOB: Final = r"^/v1/projects/[^/]+/locations/[^/]+/jobs"
_SCHEDULER: Final = (
    ("POST", _JOB + r"/[^/]+:pause$", "job.pause"),
    ("POST", _JOB + r"/[^/]+:resume$", "job.resume"),
    ("POST", _JOB + r"/[^/]+:run$", "job.run"),
    ("POST", _JOB + r"$", "job.create"),
    ("GET", _JOB + r"$", "job.list"),
    ("GET", _JOB + r"/[^/]+$", "job.get"),
    ("PATCH", _JOB + r"/[^/]+$", "job.patch"),
    ("DELETE", _JOB + r"/[^/]+$", "job.delete"),
)
_TABLES: Final = {"storage": _STORAGE, "bigquery": _BIGQUERY, "scheduler": _SCHEDULER}

_FREE: Final = frozenset(("delete", "bucket.delete", "upload.chunk"))
_CLASS_B: Final = frozenset(("get", "download", "bucket.get"))


def operation_of(service: str, method: str, path: str, query: Mapping[str, str]) -> str:
    """The operation's name; `other` where it is none that the gateway knows.

    A job's kind is added later, where its body was read: `job.insert` is then `job.insert.query`.
    """
    for methods, pattern, name in _TABLES[service]:
        if re.fullmatch(methods, method) and re.search(pattern, path):
            if name == "get" and query.get("alt") == "media":
                return "download"
            if name == "upload" and query.get("uploadType") == "resumable":
                return "upload.begin"
            if name == "job.insert.load" and query.get("uploadType") == "resumable":
                return "job.upload.begin"
            return name
    return "other"


def billed_as(operation: str) -> str:
    """`A`, `B` or `free`: the class of an operation of Cloud Storage.

    A resumable upload is one operation of class A, which is counted where it begins.
    """
    if operation in _FREE:
        return "free"
    return "B" if operation in _CLASS_B else "A"
