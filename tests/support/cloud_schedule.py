"""The schedule of the emulated cloud, as the deployment makes it."""

from google.cloud.scheduler_v1.types import HttpMethod, HttpTarget, Job

from core.gcp.clients import scheduler_client
from core.generation.catalog import load_catalog
from core.scheduler import cron
from core.scheduler.cloud import CloudSchedule
from core.settings import Cloud

ADDRESS = "https://data-generator.example"


def deployed(cloud: Cloud, schedule: str = "") -> CloudSchedule:
    """The schedule as the deployment makes it, or with another one of cron's."""
    found = CloudSchedule(cloud)
    target = HttpTarget(uri=ADDRESS, http_method=HttpMethod.POST)
    job = Job(
        name=found.name,
        schedule=schedule or cron(load_catalog()),
        time_zone="America/Sao_Paulo",
        http_target=target,
    )
    with scheduler_client(cloud) as client:
        client.create_job(parent=found.name.partition("/jobs/")[0], job=job)
    return found
