"""What docs/deployment.md and docs/security.md say of Google Cloud is so."""

import csv
import json
import re
import shlex
from decimal import Decimal
from pathlib import Path

import pytest

from cloud_function.deploy import functions
from cloud_function.deploy.job import REPOSITORY
from cloud_function.deploy.panel import panel_steps
from cloud_function.deploy.roles import (
    ACCOUNTS,
    AGENTS,
    BUILD,
    BULK_ACCOUNT,
    BULK_ROLES,
    CUSTOM_ROLES,
    LATE_ROLES,
    PANEL_ACCOUNT,
    PANEL_LATE_ROLES,
    PANEL_ROLES,
    ROLES,
    Role,
)
from cloud_function.http_request import KEYS, MOST_UNITS
from core.storage.object_names import (
    MANIFEST_PREFIX,
    PARQUET_PREFIX,
    QUARANTINE_PREFIX,
    SALES_PREFIX,
)
from tests.cloud_function.test_deploy import STEPS, VALUES, commands
from tests.project.test_docs import DOCUMENTS
from tests.support.google_parsers import understood

ROOT = Path(__file__).parent.parent.parent
DEPLOYMENT = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
SCALE = (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")
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
    # Those would ask who one is, or change what is installed here.
    return [command for command in words if command[0] not in {"auth", "components"}]


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
    texts = [document.read_text(encoding="utf-8") for document in DOCUMENTS]
    tried = [command for text in texts for command in gcloud_commands(text)]
    assert len(tried) > 40
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
    assert ages == {
        (QUARANTINE_PREFIX,): 90,
        (SALES_PREFIX, PARQUET_PREFIX, MANIFEST_PREFIX): 400,
        ("beam/",): 14,
    }
    for fact in (
        "quarantine is deleted after 90 days, sales objects, also Parquet, and manifests after 400",
        "Dataflow leaves below `beam/` after 14",
    ):
        assert fact in DEPLOYMENT
    assert "--temp_location gs://$GCS_BUCKET_NAME/beam " in SCALE


def test_images_are_built_by_the_account_that_may_build() -> None:
    builds = [command for command in gcloud_commands(SCALE) if command[:2] == ["builds", "submit"]]
    (build,) = [line for line in SCALE.splitlines() if line.startswith("build=")]
    assert f"/serviceAccounts/{BUILD}@" in build
    assert builds
    assert all("--service-account=$build" in command for command in builds)


def test_the_price_of_the_panel_is_that_of_its_size() -> None:
    usage = (ROOT / "docs" / "usage.md").read_text(encoding="utf-8")
    panel = next(step.command for step in panel_steps() if step.name == "panel")
    size = dict(word.split("=", 1) for word in panel if "=" in word)
    assert (size["--cpu"], size["--memory"]) == ("1", "2Gi")
    assert "--no-cpu-throttling" in panel
    with (ROOT / "core" / "insight" / "usage" / "bulk_prices.csv").open(encoding="utf-8") as file:
        usd = {row["resource"]: Decimal(row["usd"]) for row in csv.DictReader(file)}
    an_hour = 3600 * (usd["cloud_run_vcpu"] + 2 * usd["cloud_run_memory"])
    free = 240_000 * usd["cloud_run_vcpu"] + 450_000 * usd["cloud_run_memory"]
    assert f"**US$ {an_hour:.4f} an hour**" in usage
    assert f"US$ {free:.2f}, which is {free / an_hour:.1f} hours" in usage
    section = usage[usage.index("| Tabs are open |") :].split("\n\n")[0].splitlines()[2:]
    for row in section:
        _, hours, shown = (cell.strip() for cell in row.strip("|").split("|"))
        assert shown == f"{max(Decimal(0), Decimal(hours) * an_hour - free):.2f}"


def test_teardown_names_everything_that_is_made() -> None:
    repositories = (REPOSITORY, "gcf-artifacts", "cloud-run-source-deploy")
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
        "csv-processor-dead-letter",
        *(f"gcloud iam roles delete {name} " for name in CUSTOM_ROLES),
        *(f"artifacts repositories delete {name} " for name in repositories),
        # Source that gcloud and Google put aside, as in its sources' own names.
        "gs://gcf-v2-sources-$number-us-central1",
        "gs://gcf-v2-uploads-$number.us-central1.cloudfunctions.appspot.com",
        "gs://run-sources-$GCP_PROJECT_ID-us-central1",
        "gs://${GCP_PROJECT_ID}_us-central1_cloudbuild",
    ):
        assert name in page
    assert f"{VALUES['prefix']}_$layer" in page
