"""How long data-generator takes for many units, in a twin that writes elsewhere.

The deployed function would write a thousand units to the deployed bucket, and list them in its
reference data. The twin is the deployed image with the same memory, CPU and account, as a Cloud Run
service of its own whose settings name the run's own bucket and datasets.
"""

from datetime import timedelta

from cloud_function.deploy.functions import GENERATOR_TIMEOUT_S
from cloud_function.deploy.roles import GENERATOR, Role, address
from cloud_function.deploy.steps import Command, Step, environment, role_step
from cloud_function.smoke import resources
from cloud_function.smoke.calls import Answer, call, make_body
from cloud_function.smoke.check import Check
from cloud_function.smoke.errors import NotCheckedError, require
from cloud_function.smoke.scene import Scene
from core.storage.request import EVENT_CELLS

_WHERE = ("--project={project}", "--region={region}")
_CONTAINER = "spec.template.spec.containers[0]"
_TWIN = "twin"
_SERVICE = ("gcloud", "run", "services")
DELETE_SERVICE: Command = (*_SERVICE, "delete", "{own}", *_WHERE, "--quiet")


def _describe_step(service: str, what: str, gives: str) -> Step:
    return Step(
        f"{gives} of {service}", "The twin has the same.",
        (*_SERVICE, "describe", service, *_WHERE, f"--format=value({what})"), gives=gives,
    )  # fmt: skip


STEPS = (
    _describe_step("data-generator", f"{_CONTAINER}.image", "image"),
    _describe_step("data-generator", f"{_CONTAINER}.resources.limits.cpu", "cpu"),
    _describe_step("data-generator", f"{_CONTAINER}.resources.limits.memory", "memory"),
    role_step(Role(GENERATOR, "roles/storage.objectUser", "bucket", "writes objects")),
    role_step(Role(GENERATOR, "roles/bigquery.dataEditor", "dataset bronze", "loads them")),
    Step(
        _TWIN, "The deployed function on the run's own bucket and datasets.",
        (
            "gcloud", "run", "deploy", "{own}", *_WHERE, "--image={image}", "--cpu={cpu}",
            "--memory={memory}", "--concurrency=1", "--max-instances=1",
            f"--timeout={GENERATOR_TIMEOUT_S}s", "--no-allow-unauthenticated",
            f"--service-account={address(GENERATOR)}",
            f"{environment()},FUNCTION_TARGET=generate_data,LOG_EXECUTION_ID=true", "--quiet",
        ),
    ),
    _describe_step("{own}", "status.url", "twin_url"),
)  # fmt: skip


def time_units(scene: Scene) -> str:
    """Call the twin for many units, and hold its seconds against what is promised."""
    if not scene.speed_units:
        raise NotCheckedError("It was left out by --speed-units 0.")
    for step in STEPS:
        if step.name == _TWIN:
            resources.note_resource(scene.cloud, scene.run, resources.SERVICE)
        scene.step(step)
    _wait_for_roles(scene)
    answered = call(scene, scene.tools.values["twin_url"], make_body(scene, scene.speed_units))
    require(answered.status == 200, f"The twin answered {answered.shown}.")
    made = answered.body.get("objects_created")
    require(made == 2 * scene.speed_units, f"The twin wrote {made} objects.")
    took = f"{scene.speed_units:,} units took {answered.seconds:.1f} s"
    limit = scene.speed_limit_s
    require(answered.seconds <= limit, f"{took}, and {limit:g} s are promised.")
    return f"{took} of the {limit:g} s that are promised."


def _wait_for_roles(scene: Scene) -> None:
    """Call for another date until an answer is not about roles, which take a minute to spread.

    It generates enough units for a batch, whose load needs the roles of BigQuery as well.
    """
    body = make_body(scene, min(EVENT_CELLS + 1, scene.speed_units))
    body["date"] = (scene.run.day + timedelta(days=1)).isoformat()
    answers: list[Answer] = []

    def is_ready() -> bool:
        answers.append(call(scene, scene.tools.values["twin_url"], body))
        return answers[-1].status != 500 or "403" not in answers[-1].shown

    scene.wait_for(is_ready)
    require(answers[-1].status == 200, f"The twin answered {answers[-1].shown}.")


CHECKS = (
    Check(
        "speed.units", "The function makes 1,000 units in a minute, so 5,000 in its 300 s.",
        "Give it more: gcloud functions deploy data-generator with --memory=1Gi (more memory is "
        "more CPU), or ask for fewer units a call; larger requests are a job (docs/scale.md).",
        "gcloud functions call data-generator with 1,000 units, in a project without other data.",
        time_units, ("walk.singles", "functions.identity"),
    ),
)  # fmt: skip
