"""A step of the deployment, and the kinds of steps that functions and panel share.

Everything that deploys (`deploy.sh`, `deploy.ps1`, `--dry-run`, the documents' tests) reads the
steps of `functions.py` and `panel.py` and holds none of its own. Commands are lists of arguments
with `{placeholders}`; those of `GIVEN` come from the settings, the others from the output of an
earlier step.
"""

from typing import NamedTuple, TypeAlias

from cloud_function.deploy.roles import AGENTS, BUILD, CUSTOM_ROLES, Account, Role, address, member

Command: TypeAlias = tuple[str, ...]

GIVEN = ("project", "bucket", "region", "prefix")

_BIND = "add-iam-policy-binding"


class Step(NamedTuple):
    """One step; run again, it changes nothing that is as it should be.

    Attributes:
        name: A short name, shown while it runs.
        why: What it is good for, in a sentence.
        command: What is run; with `describe`, only where that fails.
        describe: Succeeds where the thing that `command` makes exists.
        update: Runs instead of `command` where it exists.
        gives: The placeholder that the output of `command` fills.
    """

    name: str
    why: str
    command: Command
    describe: Command = ()
    update: Command = ()
    gives: str = ""

    @property
    def needs_beta(self) -> bool:
        """Whether it runs a command of `gcloud beta`, a separate component."""
        return "beta" in (self.command[1], *self.describe[1:2], *self.update[1:2])


def role_step(role: Role) -> Step:
    """Grant a role; one that exists stays."""
    kind, _, name = role.place.partition(" ")
    binding = (f"--member={member(role.account)}", f"--role={role.role}")
    where = "--project={project}"
    command: Command
    match kind:
        case "project":
            command = ("gcloud", "projects", _BIND, "{project}", *binding, "--condition=None")
        case "bucket":
            command = (
                "gcloud", "storage", "buckets", _BIND, "gs://{bucket}", *binding, _condition(role),
            )  # fmt: skip
        case "dataset":
            command = query(_grant(role, name))
        case "service":
            command = (
                "gcloud", "run", "services", _BIND, name, where, "--region={region}", *binding,
                "--condition=None",
            )  # fmt: skip
        case _:
            command = ("gcloud", "pubsub", f"{kind}s", _BIND, name, where, *binding)
    shown = role.role.rpartition("/")[2]
    who = AGENTS.get(role.account, role.account)
    return Step(f"role {shown} of {who}", f"It {role.why}.", command)


def apis_step(names: Command) -> Step:
    """Switch services on, such as `run`."""
    services = tuple(f"{name}.googleapis.com" for name in names)
    return Step(
        "apis",
        "What is used has to be switched on in the project.",
        ("gcloud", "services", "enable", *services, "--project={project}"),
    )


def number_step() -> Step:
    """Find the project's number."""
    return Step(
        "project-number",
        "Google's own accounts are named after the project's number.",
        ("gcloud", "projects", "describe", "{project}", "--format=value(projectNumber)"),
        gives="number",
    )


def account_step(account: Account) -> Step:
    """Make a service account."""
    group = ("gcloud", "iam", "service-accounts")
    return Step(
        f"account {account.name}",
        f"It stands for {account.acts}, and has the roles for that alone.",
        (*group, "create", account.name, "--project={project}", f"--display-name={account.acts}"),
        describe=(*group, "describe", address(account.name), "--project={project}"),
    )


def custom_role_step(name: str) -> Step:
    """Make or update one of `CUSTOM_ROLES`."""
    title, permissions = CUSTOM_ROLES[name]
    group = ("gcloud", "iam", "roles")
    contents = (
        name, "--project={project}", f"--title={title}", f"--permissions={','.join(permissions)}",
        "--stage=GA",
    )  # fmt: skip
    return Step(
        f"custom role {name}",
        "Google's own roles give this only together with much more.",
        (*group, "create", *contents),
        describe=(*group, "describe", name, "--project={project}"),
        update=(*group, "update", *contents),
    )


def query(sql: str) -> Command:
    """A command that runs GoogleSQL."""
    return (
        "bq", "--project_id={project}", "--location={region}", "query", "--use_legacy_sql=false",
        sql,
    )  # fmt: skip


def _grant(role: Role, layer: str) -> str:
    return f"GRANT `{role.role}` ON SCHEMA {{prefix}}_{layer} TO '{member(role.account)}';"


def _condition(role: Role) -> str:
    if not role.folder:
        return "--condition=None"
    objects = f"projects/_/buckets/{{bucket}}/objects/{role.folder}"
    title = role.folder.strip("/")
    return f"--condition=expression=resource.name.startsWith('{objects}'),title={title}"


def build_account() -> str:
    """The setting of the account that builds."""
    return f"--build-service-account=projects/{{project}}/serviceAccounts/{address(BUILD)}"


def environment() -> str:
    """The setting of a function's environment."""
    return (
        "--set-env-vars=GCP_PROJECT_ID={project},GCS_BUCKET_NAME={bucket},GCP_REGION={region},"
        "MRHEALTH_DATASET_PREFIX={prefix}"
    )
