"""What docs/deployment.md and docs/security.md say of Google Cloud is so."""

import json
import re
import shlex
from pathlib import Path

import pytest

from cloud_function.asked import KEYS, MOST_UNITS
from cloud_function.deploy import functions
from cloud_function.deploy.roles import (
    ACCOUNTS,
    AGENTS,
    BULK_ACCOUNT,
    BULK_ROLES,
    LATE_ROLES,
    PANEL_ACCOUNT,
    PANEL_LATE_ROLES,
    PANEL_ROLES,
    ROLES,
    Role,
)
from tests.test_deploy import STEPS, VALUES, commands, understood

ROOT = Path(__file__).parent.parent
DEPLOYMENT = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
SECURITY = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
EVERY_ROLE = (*ROLES, *LATE_ROLES, *PANEL_ROLES, *PANEL_LATE_ROLES, *BULK_ROLES)


def row(role: Role) -> str:
    who = AGENTS.get(role.account, f"`{role.account}`")
    place = role.place.replace(" {subscription}", " of the trigger")
    place += f", `{role.folder}` only" if role.folder else ""
    shown = role.role.replace("projects/{project}/", "")
    return f"| {who} | `{shown}` | {place} | {role.why} |"


def gcloud_commands(text: str) -> list[list[str]]:
    """The gcloud commands of a page's blocks and of its sentences, with variables filled in."""
    text = re.sub(r"\\\n\s*", "", text)
    blocks = "\n".join(re.findall(r"```(?:bash|powershell)\n(.*?)```", text, re.DOTALL))
    inline = re.findall(r"`(gcloud [^`.]+)`", text)
    lines = [line.strip() for line in [*blocks.splitlines(), *inline]]
    given = {"$GCP_PROJECT_ID": "my-project", "$GCS_BUCKET_NAME": "my-bucket", "$account": "panel"}
    found = [line for line in lines if line.startswith("gcloud ")]
    for name, value in given.items():
        found = [line.replace(name, value) for line in found]
    words = [shlex.split(line)[1:] for line in found]
    return [command for command in words if command[0] != "auth"]  # those would ask who one is


def test_the_roles_are_the_table_of_security() -> None:
    table = SECURITY[SECURITY.index("| Account |") :].split("\n\n")[0].splitlines()[2:]
    assert table == [row(role) for role in EVERY_ROLE]


def test_every_account_has_a_role_and_every_role_a_step() -> None:
    names = {account.name for account in (*ACCOUNTS, PANEL_ACCOUNT, BULK_ACCOUNT)}
    assert {role.account for role in EVERY_ROLE} == names | set(AGENTS)
    given = " ".join(" ".join(command) for command in commands(STEPS))
    for role in EVERY_ROLE:
        assert f"--role={role.role}" in given or f"GRANT `{role.role}`" in given


def test_no_account_has_a_role_that_is_larger_than_its_work() -> None:
    said = {role.role for role in EVERY_ROLE}
    assert not {name for name in said if re.search(r"owner|editor|admin", name.split("/")[-1])}
    objects = {role.account for role in EVERY_ROLE if "storage" in role.role}
    assert objects == {
        "mrhealth-generator", "mrhealth-processor", "mrhealth-panel", "mrhealth-bulk"
    }  # fmt: skip


def test_gcloud_understands_the_documented_commands(tmp_path: Path) -> None:
    tried = gcloud_commands(DEPLOYMENT) + gcloud_commands(SECURITY)
    assert len(tried) > 15
    codes = understood(tried, tmp_path)
    assert [command for command, code in zip(tried, codes, strict=True) if code == 2] == []


@pytest.mark.parametrize(
    "fact",
    [
        f"Scheduler job `{functions.SCHEDULE}`",
        f"{functions.GENERATOR_TIMEOUT_S} s",
        f"at most {functions.PROCESSOR_INSTANCES} instances",
        functions.PROCESSOR_MEMORY.replace("Mi", " MiB"),
        f"1 to {MOST_UNITS:,}",
        *(f"| `{key}` |" for key in KEYS),
    ],
)
def test_the_documented_figures_are_those_of_the_steps(fact: str) -> None:
    assert fact in DEPLOYMENT


def test_the_documented_lifecycle_is_the_file() -> None:
    rules = json.loads((ROOT / "cloud_function" / "lifecycle.json").read_text())["rule"]
    ages = {tuple(rule["condition"]["matchesPrefix"]): rule["condition"]["age"] for rule in rules}
    assert ages == {("quarantine/",): 90, ("raw/csv_sales/", "raw/_manifests/"): 400}
    assert (
        "quarantine is deleted after 90 days, sales objects and manifests after 400" in DEPLOYMENT
    )


def test_teardown_names_everything_that_is_made() -> None:
    page = DEPLOYMENT[DEPLOYMENT.index("## Take it away again") :]
    accounts = re.findall(r"for account in ([a-z ]+);", page)[0].split()
    assert {f"mrhealth-{name}" for name in accounts} == {
        account.name for account in (*ACCOUNTS, PANEL_ACCOUNT, BULK_ACCOUNT)
    }
    for name in (
        "continuous-data-generator",
        "data-generator",
        "csv-processor",
        "mrhealth-panel",
        "mrhealth-bulk",
    ):
        assert name in page
    assert f"{VALUES['prefix']}_$layer" in page
