"""Where jobs run: in the location of the datasets that they name, and nowhere else.

cloud.google.com/bigquery/docs/locations#specify_locations, read in November 2026: a job without a
location runs where its datasets are, and in US where it names none; a job of a region is found only
by those that name the region.
"""

from typing import Final

from local_cloud.gateway.analysis import dotted
from local_cloud.gateway.exchange import Answer, error
from local_cloud.gateway.jobs import Job
from local_cloud.gateway.schemas import Schemas

_MULTI: Final = ("US", "EU")


class Places:
    """The locations of jobs.

    Args:
        schemas: The datasets that exist.
    """

    def __init__(self, schemas: Schemas) -> None:
        self._schemas = schemas

    async def of(self, job: Job) -> tuple[str, Answer | None]:
        """A job's location, and the error of a job whose datasets are elsewhere."""
        locations = await self._schemas.locations(job.project, dict.fromkeys(_paths(job)))
        location = job.location or next(iter(locations.values()), "US")
        for dataset, where in locations.items():
            if where.lower() != location.lower():
                message = f"Not found: Dataset {dataset} was not found in location {location}"
                return location, error(404, "notFound", message)
        return location, None


def is_at(location: str, named: str | None) -> bool:
    """Whether a job of a location is found by a look at a named one, or at none."""
    if named is None:
        return location.upper() in _MULTI
    return location.lower() == named.lower()


def _paths(job: Job) -> list[str]:
    """Tables that a job names, each as `project.dataset.table` or `dataset.table`."""
    if job.kind == "query":
        return list(dotted(str(job.configuration["query"].get("query", ""))))
    target = job.configuration.get(job.kind, {}).get("destinationTable", {})
    parts = (target.get("projectId", job.project), target.get("datasetId"), target.get("tableId"))
    return [".".join(parts)] if all(parts) else []
