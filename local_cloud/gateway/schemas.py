"""The columns of the emulator's tables, each looked up once until a request changes them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from local_cloud.gateway.exchange import Backend
from local_cloud.gateway.journal import Change

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
_KEPT = ("name", "type", "mode", "fields")


class Schemas:
    """The emulator's tables by project and path."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._fields: dict[tuple[str, str, str], Fields] = {}
        self._datasets: dict[str, set[str]] = {}

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
                found[path] = await self._fields_of(owner, dataset, table)
        return found

    async def _fields_of(self, project: str, dataset: str, table: str) -> Fields | None:
        place = (project, dataset, table)
        if place not in self._fields:
            target = f"/bigquery/v2/projects/{project}/datasets/{dataset}/tables/{table}"
            found = (await self._backend.send("GET", target)).json()
            if "schema" not in found:
                return None
            self._fields[place] = [_plain(field) for field in found["schema"].get("fields", ())]
        return self._fields[place]

    def forget(self, changes: Sequence[Change] | None = None) -> None:
        """Look some tables up again, or all of them and the datasets."""
        if changes is None:
            self._fields.clear()
            self._datasets.clear()
            return
        changed = {tuple(change.table.split(".")) for change in changes if change.kind == "ddl"}
        for place in [place for place in self._fields if place[1:] in changed]:
            del self._fields[place]

    async def _datasets_of(self, project: str) -> set[str]:
        if project not in self._datasets:
            target = f"/bigquery/v2/projects/{project}/datasets?maxResults=100000"
            listed = (await self._backend.send("GET", target)).json().get("datasets", ())
            self._datasets[project] = {d["datasetReference"]["datasetId"] for d in listed}
        return self._datasets[project]


def _plain(field: Mapping[str, Any]) -> dict[str, Any]:
    """What types a column, without descriptions and policies."""
    kept = {key: field[key] for key in _KEPT if key in field}
    if "fields" in kept:
        kept["fields"] = [_plain(part) for part in kept["fields"]]
    return kept
