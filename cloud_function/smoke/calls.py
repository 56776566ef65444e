"""Calls of data-generator with an identity, as a person or the schedule makes them."""

import json
import time
from dataclasses import dataclass
from typing import Any

from cloud_function.deploy.steps import Command
from cloud_function.smoke.errors import NotCheckedError, NotHeldError
from cloud_function.smoke.scene import Scene
from core.errors import TransientError

TOKEN: Command = ("gcloud", "auth", "print-identity-token")
ADDRESS: Command = (
    "gcloud", "functions", "describe", "data-generator", "--gen2", "--project={project}",
    "--region={region}", "--format=value(serviceConfig.uri)",
)  # fmt: skip
_CALL_S = 330.0  # a function answers within 300 s


@dataclass(frozen=True, slots=True)
class Answer:
    """What a function answered: its status, its JSON, and the seconds until then."""

    status: int
    body: dict[str, Any]
    seconds: float

    @property
    def shown(self) -> str:
        """Status and error in a few words."""
        said = str(self.body.get("error") or self.body.get("status") or "")
        return f"{self.status} {said}".strip().rstrip(".")


def find_address(scene: Scene) -> str:
    """The address of the deployed data-generator.

    Raises:
        NotCheckedError: `gcloud` cannot say.
    """
    if not scene.function_url:
        scene.function_url = scene.tool(ADDRESS)
    if not scene.function_url.startswith(("https://", "http://127.0.0.1:")):
        raise NotCheckedError(f"The function's address is {scene.function_url!r}.")
    return scene.function_url


def call(scene: Scene, url: str, body: dict[str, Any]) -> Answer:
    """POST a body with this person's identity.

    Raises:
        NotHeldError: The function does not take this identity.
        NotCheckedError: There is no identity to call with.
        TransientError: The function cannot be reached.
    """
    import requests

    token = "" if scene.is_emulated else get_identity_token(scene, url)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    started = time.monotonic()
    try:
        answer = requests.post(
            url, json=body, headers=headers, timeout=_CALL_S, allow_redirects=False
        )
    except requests.RequestException as error:
        name = type(error).__name__
        raise TransientError(f"data-generator cannot be reached ({name}).") from None
    seconds = time.monotonic() - started
    if answer.status_code in (401, 403):
        raise NotHeldError(f"data-generator answered {answer.status_code} to your identity.")
    return Answer(answer.status_code, _read_json(answer.text), seconds)


def get_identity_token(scene: Scene, url: str) -> str:
    """An identity token of the person or account that is signed in; it is never shown.

    Raises:
        NotCheckedError: Neither gcloud nor the credentials give one.
    """
    try:
        return scene.tool(TOKEN)
    except NotCheckedError as refused:
        from google.auth.exceptions import GoogleAuthError
        from google.auth.transport.requests import Request
        from google.oauth2.id_token import fetch_id_token

        try:
            return str(fetch_id_token(Request(), url))  # type: ignore[no-untyped-call]
        except GoogleAuthError:
            raise NotCheckedError(f"There is no identity to call with. {refused}") from None


def make_body(scene: Scene, units: int = 3) -> dict[str, Any]:
    """The body of a call: the run's window of its far-past date, under the run's seed."""
    request = scene.run.generated_request(scene.deployed.catalog)
    return {
        "date": scene.run.day.isoformat(), "window": request.windows[0].hours, "units": units,
        "seed": scene.run.seed,
    }  # fmt: skip


def _read_json(text: str) -> dict[str, Any]:
    try:
        body = json.loads(text)
    except ValueError:
        body = None
    return body if isinstance(body, dict) else {"error": " ".join(text[:100].split())}
