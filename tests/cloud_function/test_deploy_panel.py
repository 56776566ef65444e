"""The panel's image, as far as it can be tried without Docker: its files, its user, its command."""

import json
import os
import shlex
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from cloud_function.deploy.functions import function_steps
from cloud_function.deploy.panel import panel_steps

ROOT = Path(__file__).parent.parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
README = (ROOT / "README.md").read_text(encoding="utf-8")
_UP_WITHIN_S = 60


def instructions(word: str) -> list[str]:
    """What follows an instruction of the Dockerfile, wherever it stands."""
    return [line[len(word) :].strip() for line in DOCKERFILE.splitlines() if line.startswith(word)]


def copied() -> list[tuple[str, str]]:
    """Source and target of each COPY."""
    pairs = [shlex.split(line) for line in instructions("COPY ")]
    return [(source, target) for source, target in pairs]


def files_below(folder: Path, names: list[str]) -> set[str]:
    found = set()
    for name in names:
        path = folder / name
        inside = path.rglob("*") if path.is_dir() else [path]
        found |= {
            str(file.relative_to(folder)) for file in inside
            if file.is_file() and file.suffix != ".pyc"
        }  # fmt: skip
    return found


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """The folder of the image that holds the project's files, and those alone."""
    for source, target in copied():
        place = tmp_path / "app" / (target if not target.endswith("/") else source)
        place.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, place, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(ROOT / source, place)
    return tmp_path / "app"


def test_what_is_copied_is_all_that_the_panel_needs(app: Path, tmp_path: Path) -> None:
    code = (
        "from streamlit.testing.v1 import AppTest\n"
        "page = AppTest.from_file('app.py', default_timeout=60).run()\n"
        "assert page.title[0].value == 'Overview' and not page.exception, page"
    )
    environment = os.environ | {"MRHEALTH_HOME": str(tmp_path / "home")}
    subprocess.run([sys.executable, "-c", code], cwd=app, env=environment, check=True)


def test_the_images_command_serves_the_panel_and_its_health(app: Path, tmp_path: Path) -> None:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    environment = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "PORT": str(port),
        "MRHEALTH_HOME": str(tmp_path / "home"), "HOME": str(tmp_path),
    }  # fmt: skip
    command = json.loads(instructions("CMD ")[-1])
    log = tmp_path / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=app, env=environment, stdout=out, stderr=subprocess.STDOUT
        )
    try:
        check = json.loads(instructions("HEALTHCHECK")[0].partition("CMD ")[2])
        deadline = time.monotonic() + _UP_WITHIN_S
        while subprocess.run(check, env=environment, capture_output=True, check=False).returncode:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.2)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as page:
            assert b"<title>" in page.read()
    finally:
        process.terminate()
        process.wait(30)
    assert "Traceback" not in log.read_text()


def test_it_installs_and_starts_as_the_readme_says_but_for_the_address() -> None:
    start = json.loads(instructions("CMD ")[-1])[-1]
    assert "python -m streamlit run app.py" in start
    assert "python -m streamlit run app.py" in README
    (install,) = [line for line in instructions("RUN ") if "pip" in line]
    assert "--require-hashes -r requirements.txt" in install
    assert "python -m pip install -r requirements.txt" in README


def test_it_is_open_only_where_identity_aware_proxy_stands_before_it() -> None:
    deployed = next(list(step.command) for step in panel_steps() if step.name == "panel")
    (environment,) = [word for word in deployed if word.startswith("--set-env-vars=")]
    assert "MRHEALTH_OPEN=1" in environment.removeprefix("--set-env-vars=").split(",")
    assert {"--iap", "--no-allow-unauthenticated"} <= set(deployed)
    assert "MRHEALTH_OPEN" not in DOCKERFILE
    assert "MRHEALTH_OPEN" not in "".join(str(step.command) for step in function_steps())


def test_it_does_not_run_as_root_and_nothing_is_installed_after_that() -> None:
    (user,) = instructions("USER ")
    assert user not in {"root", "0"}
    assert DOCKERFILE.index("\nUSER ") > DOCKERFILE.rindex("\nRUN ")


def test_only_the_images_files_are_sent_to_be_built(tmp_path: Path) -> None:
    gcloud = shutil.which("gcloud")
    if not gcloud:
        pytest.skip("gcloud is not installed")
    listed = subprocess.run(
        [gcloud, "meta", "list-files-for-upload", str(ROOT)],
        env=os.environ | {"CLOUDSDK_CONFIG": str(tmp_path)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    sources = [source for source, _ in copied()]
    expected = files_below(ROOT, sources) | {"Dockerfile", ".dockerignore"}
    assert set(listed.stdout.splitlines()) == expected


def test_docker_is_sent_the_same() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    allowed = {rule.removeprefix("!") for rule in rules if rule.startswith("!")}
    assert allowed == {source for source, _ in copied()}
