"""How long data-generator takes for many units, in a twin that writes elsewhere.

The deployed function would write a thousand units to the deployed bucket, and list them in its
reference data. The twin is the deployed image with the same memory, CPU and account, as a Cloud Run
service of its own whose settings name the run's own bucket and datasets.
"""

import json

from cloud_function.deploy.functions import GENERATOR_TIMEOUT_S
from cloud_function.deploy.roles import GENERATOR, Role, address
from cloud_function.deploy.steps import Command, Step, environment, role_step
from cloud_function.smoke import resources
from cloud_function.smoke.calls import Answered, body_of, call
from cloud_function.smoke.check import Check, NotCheckedError, require
from cloud_function.smoke.scene import Scene

_WHERE = ("--project={project}", "--region={region}")
_CONTAINER = "spec.template.spec.containers[0]"
_SERVICE = ("gcloud", "run", "services")
DELETE_SERVICE: Command = (*_SERVICE, "delete", "{own}", *_WHERE, "--quiet")


def _described(service: str, what: str, gives: str) -> Step:
    return Step(
        f"{gives} of {service}", "The twin has the same.",
        (*_SERVICE, "describe", service, *_WHERE, f"--format=value({what})"), gives=gives,
    )  # fmt: skip


STEPS = (
    _described("data-generator", f"{_CONTAINER}.image", "image"),
    _described("data-generator", f"{_CONTAINER}.resources.limits.cpu", "cpu"),
    _described("data-generator", f"{_CONTAINER}.resources.limits.memory", "memory"),
    role_step(Role(GENERATOR, "roles/storage.objectUser", "bucket", "writes objects")),
    role_step(Role(GENERATOR, "roles/bigquery.dataEditor", "dataset bronze", "loads them")),
    Step(
        "twin", "The deployed function on the run's own bucket and datasets.",
        (
            "gcloud", "run", "deploy", "{own}", *_WHERE, "--image={image}", "--cpu={cpu}",
            "--memory={memory}", "--concurrency=1", "--max-instances=1",
            f"--timeout={GENERATOR_TIMEOUT_S}s", "--no-allow-unauthenticated",
            f"--service-account={address(GENERATOR)}",
            f"{environment()},FUNCTION_TARGET=generate_data,LOG_EXECUTION_ID=true", "--quiet",
        ),
    ),
    _described("{own}", "status.url", "twin_url"),
)  # fmt: skip


def time_units(scene: Scene) -> str:
    """Call the twin for many units, and hold its seconds against what is promised."""
    if not scene.speed_units:
        raise NotCheckedError("It was left out by --speed-units 0.")
    resources.note(scene.cloud, scene.run, resources.SERVICE)
    for step in STEPS:
        scene.step(step)
    answered = _first_answer(scene)
    require(answered.status == 200, f"The twin answered {answered.shown}.")
    took = f"{scene.speed_units:,} units took {answered.seconds:.1f} s"
    limit = scene.speed_limit_s
    require(answered.seconds <= limit, f"{took}, and {limit:g} s are promised.")
    return f"{took} of the {limit:g} s that are promised."


def _first_answer(scene: Scene) -> Answered:
    """The first answer that is not about roles, which take a minute or two to spread."""
    answers: list[Answered] = []

    def is_answered() -> bool:
        url = scene.tools.values["twin_url"]
        answers.append(call(scene, url, body_of(scene, scene.speed_units)))
        return answers[-1].status not in (500, 503) or "403" not in json.dumps(answers[-1].body)

    scene.wait_for(is_answered)
    return answers[-1]


CHECKS = (
    Check(
        "speed.units", "The function makes 1,000 units in a minute, so 5,000 in its 300 s.",
        "Give it more: gcloud functions deploy data-generator with --memory=1Gi (more memory is "
        "more CPU), or ask for fewer units a call; larger requests are a job (docs/scale.md).",
        "gcloud functions call data-generator with 1,000 units, in a project without other data.",
        time_units, ("functions.identity",),
    ),
)  # fmt: skip
