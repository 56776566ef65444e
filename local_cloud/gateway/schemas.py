"""The emulator's datasets and tables, each looked up once until a request changes them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from local_cloud.gateway.exchange import Backend
from local_cloud.gateway.sql import changes, statements

Fields = Sequence[Mapping[str, Any]]
"""A table's columns in the form of the REST API: `name`, `type`, `mode`, `fields`."""

# cloud.google.com/bigquery/docs/information-schema-jobs, read in November 2026: what is read of it.
_JOBS: Fields = tuple(
    {"name": name, "type": kind}
    for name, kind in (
        ("creation_time", "TIMESTAMP"), ("project_id", "STRING"), ("user_email", "STRING"),
        ("job_id", "STRING"), ("job_type", "STRING"), ("statement_type", "STRING"),
        ("start_time", "TIMESTAMP"), ("end_time", "TIMESTAMP"), ("state", "STRING"),
        ("total_bytes_processed", "INTEGER"), ("total_bytes_billed", "INTEGER"),
    )
)  # fmt: skip
_SCHEMA = re.compile(r"(CREATE|DROP|ALTER) SCHEMA\b", re.IGNORECASE)
_KEPT = ("name", "type", "mode", "fields")


@dataclass(frozen=True, slots=True)
class Table:
    """A table's columns, and the column by whose days, months, ... it is partitioned, if it is."""

    fields: Fields = ()
    partitioned_by: str = ""
    partitioned_each: str = "DAY"


class Schemas:
    """The emulator's datasets and tables by project and path."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._tables: dict[tuple[str, str, str], Table] = {}
        self._datasets: dict[str, dict[str, str]] = {}

    async def tables(self, project: str, paths: Iterable[str]) -> dict[str, Fields | None]:
        """The columns of each path such as `dataset.table`, None for a table that is missing.

        Paths whose first names are no dataset are left out.
        """
        found: dict[str, Fields | None] = {}
        for path in paths:
            *before, dataset, table = path.split(".")
            owner = before[0] if before else project
            if path.upper().endswith(".INFORMATION_SCHEMA.JOBS"):
                found[path] = _JOBS
            elif dataset in await self._datasets_of(owner):
                known = await self.table(owner, dataset, table)
                found[path] = known.fields if known else None
        return found

    async def table(self, project: str, dataset: str, table: str) -> Table | None:
        """A table; None where it is missing."""
        place = (project, dataset, table)
        if place not in self._tables:
            target = f"/bigquery/v2/projects/{project}/datasets/{dataset}/tables/{table}"
            found = (await self._backend.send("GET", target)).json()
            if "schema" not in found:
                return None
            partitions = found.get("timePartitioning", {})
            self._tables[place] = Table(
                [_plain(field) for field in found["schema"].get("fields", ())],
                partitions.get("field", ""),
                partitions.get("type", "DAY"),
            )
        return self._tables[place]

    async def locations(self, project: str, paths: Iterable[str]) -> dict[str, str]:
        """Where each dataset that paths name is, such as `us-central1`, by `project:dataset`."""
        found = {}
        for path in paths:
            *before, dataset, _ = path.split(".")
            owner = before[0] if before else project
            location = (await self._datasets_of(owner)).get(dataset)
            if location:
                found[f"{owner}:{dataset}"] = location
        return found

    def forget(self) -> None:
        """Look all tables and datasets up again."""
        self._tables.clear()
        self._datasets.clear()

    def forget_changed(self, sql: str) -> None:
        """Look up again what a script changed."""
        if any(map(_SCHEMA.match, statements(sql))):
            self.forget()
        changed = {tuple(each.table.split(".")) for each in changes(sql) if each.kind == "ddl"}
        for place in [place for place in self._tables if place[1:] in changed]:
            del self._tables[place]

    async def _datasets_of(self, project: str) -> dict[str, str]:
        if project not in self._datasets:
            target = f"/bigquery/v2/projects/{project}/datasets?maxResults=100000"
            listed = (await self._backend.send("GET", target)).json().get("datasets", ())
            self._datasets[project] = {
                found["datasetReference"]["datasetId"]: found.get("location") or "US"
                for found in listed
            }
        return self._datasets[project]


def _plain(field: Mapping[str, Any]) -> dict[str, Any]:
    """What types a column, without descriptions and policies."""
    kept = {key: field[key] for key in _KEPT if key in field}
    if "fields" in kept:
        kept["fields"] = [_plain(part) for part in kept["fields"]]
    return kept
