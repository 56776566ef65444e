"""The steps that bring bucket, datasets, the two functions and the schedule to Google Cloud."""

from collections.abc import Iterator
from pathlib import Path

from cloud_function.deploy.roles import (
    ACCOUNTS,
    BUILD,
    GENERATOR,
    LATE_ROLES,
    PROCESSOR,
    ROLES,
    SCHEDULER,
    TRIGGER,
    address,
)
from cloud_function.deploy.steps import (
    Command,
    Step,
    account_step,
    apis_step,
    build_account,
    custom_role_step,
    environment,
    number_step,
    query,
    role_step,
)

APIS = (
    "artifactregistry", "bigquery", "cloudbuild", "cloudfunctions", "cloudscheduler", "eventarc",
    "iam", "logging", "pubsub", "run", "storage",
)  # fmt: skip
LAYERS = ("bronze", "silver", "gold")
BRONZE_SQL = Path(__file__).resolve().parents[2] / "core" / "sql" / "bronze"

SCHEDULE = "0 10,12,14,16,18,20,22 * * *"
DEAD_LETTER = "csv-processor-dead-letter"
# A call may take this long; Cloud Scheduler waits a little longer before it calls it a failure.
GENERATOR_TIMEOUT_S, PROCESSOR_TIMEOUT_S, ATTEMPT_DEADLINE_S = 300, 300, 320
# benchmarks/cold_start.py shows the peak memory of a 10 MB file against this.
GENERATOR_MEMORY, PROCESSOR_MEMORY = "512Mi", "512Mi"
# A load job takes a few seconds, so ten at once stay below the 50 changes in ten seconds that a
# partitioned table takes: https://cloud.google.com/bigquery/quotas#partitioned_tables
PROCESSOR_INSTANCES = 10


def function_steps() -> list[Step]:
    """Bucket, datasets, the two functions and the schedule, in this order."""
    return [
        apis_step(APIS),
        number_step(),
        *_accounts(),
        custom_role_step("mrhealthJobs"),
        *_bucket(),
        _datasets(),
        *_bronze_tables(),
        Step(
            "storage-agent",
            "Google's own account that tells of new objects has to be known by its address.",
            ("gcloud", "storage", "service-agent", "--project={project}"),
            gives="storage_agent",
        ),
        *(role_step(role) for role in ROLES if role.account != BUILD),
        Step(
            "staging",
            "The functions' source is gathered in build/function, with nothing else beside it.",
            ("python", "-m", "cloud_function.staging"),
        ),
        _deploy_generator(),
        _deploy_processor(),
        *_dead_letter(),
        *map(role_step, LATE_ROLES),
        *_set_aside(),
        *_schedule(),
    ]


def _accounts() -> Iterator[Step]:
    """The accounts; the one that builds gets its role first, which takes minutes to spread."""
    for account in sorted(ACCOUNTS, key=lambda account: account.name != BUILD):
        yield account_step(account)
        if account.name == BUILD:
            yield from (role_step(role) for role in ROLES if role.account == BUILD)


def _bucket() -> Iterator[Step]:
    group = ("gcloud", "storage", "buckets")
    guarded = ("--uniform-bucket-level-access", "--public-access-prevention")
    yield Step(
        "bucket",
        "It holds the objects, in the functions' region, for events come from there.",
        (*group, "create", "gs://{bucket}", "--project={project}", "--location={region}", *guarded),
        describe=(*group, "describe", "gs://{bucket}"),
    )
    yield Step(
        "bucket-guard",
        "Nobody gets in but by a role, nothing can be public, old objects go by themselves.",
        (
            *group, "update", "gs://{bucket}", *guarded, "--soft-delete-duration=7d",
            "--lifecycle-file=cloud_function/lifecycle.json",
        ),
    )  # fmt: skip


def _datasets() -> Step:
    statements = "".join(
        f"CREATE SCHEMA IF NOT EXISTS {{prefix}}_{layer} OPTIONS (location = '{{region}}'); "
        for layer in LAYERS
    )
    return Step(
        "datasets",
        "The functions may fill their dataset, but not make one.",
        query(statements.rstrip()),
    )


def _bronze_tables() -> Iterator[Step]:
    for path in sorted(BRONZE_SQL.glob("*.sql")):
        lines = path.read_text(encoding="utf-8").splitlines()
        statement = " ".join(" ".join(line for line in lines if not line.startswith("--")).split())
        yield Step(
            f"table bronze.{path.stem}",
            lines[0].removeprefix("-- "),
            query(statement.replace("EXISTS bronze.", "EXISTS {prefix}_bronze.", 1)),
        )


def _deploy_generator() -> Step:
    return Step(
        "data-generator",
        "It makes a window's sales; only who has the role may call it.",
        (
            *_function("data-generator", "generate_data", GENERATOR),
            "--trigger-http", f"--memory={GENERATOR_MEMORY}", "--max-instances=2",
            f"--timeout={GENERATOR_TIMEOUT_S}s", environment(),
        ),
    )  # fmt: skip


def _deploy_processor() -> Step:
    return Step(
        "csv-processor",
        "It takes each new object to Bronze; what it does not acknowledge comes again.",
        (
            *_function("csv-processor", "process_csv", PROCESSOR),
            "--trigger-event-filters=type=google.cloud.storage.object.v1.finalized",
            "--trigger-event-filters=bucket={bucket}", "--trigger-location={region}",
            f"--trigger-service-account={address(TRIGGER)}", "--retry",
            f"--memory={PROCESSOR_MEMORY}", f"--max-instances={PROCESSOR_INSTANCES}",
            f"--timeout={PROCESSOR_TIMEOUT_S}s", environment(),
        ),
    )  # fmt: skip


def _function(name: str, entry_point: str, account: str) -> Command:
    return (
        "gcloud", "functions", "deploy", name, "--gen2", "--project={project}",
        "--region={region}", "--runtime=python312", "--source=build/function",
        f"--entry-point={entry_point}", "--no-allow-unauthenticated", "--concurrency=1",
        f"--service-account={address(account)}", build_account(),
    )  # fmt: skip


def _dead_letter() -> Iterator[Step]:
    where = "--project={project}"
    for group, more in (
        ("topics", ()),
        (
            "subscriptions",
            (f"--topic={DEAD_LETTER}", "--message-retention-duration=7d",
             "--expiration-period=never"),
        ),
    ):  # fmt: skip
        yield Step(
            f"dead-letter {group}",
            "An event that could not be served for hours is put aside here, to be looked at.",
            ("gcloud", "pubsub", group, "create", DEAD_LETTER, where, *more),
            describe=("gcloud", "pubsub", group, "describe", DEAD_LETTER, where),
        )
    yield Step(
        "trigger",
        "Eventarc made a trigger for the function, with a name of its own.",
        (
            "gcloud", "functions", "describe", "csv-processor", "--gen2", where,
            "--region={region}", "--format=value(eventTrigger.trigger)",
        ),
        gives="trigger",
    )  # fmt: skip
    yield Step(
        "trigger's subscription",
        "And a subscription, through which the events come.",
        (
            "gcloud", "eventarc", "triggers", "describe", "{trigger}",
            "--format=value(transport.pubsub.subscription)",
        ),
        gives="subscription",
    )  # fmt: skip


def _set_aside() -> Iterator[Step]:
    """Last of the dead letters, for the two roles have to be there."""
    yield Step(
        "dead-letter policy",
        "Tried again ever more slowly, for about eight hours, then put aside.",
        (
            "gcloud", "pubsub", "subscriptions", "update", "{subscription}",
            f"--dead-letter-topic={DEAD_LETTER}", "--dead-letter-topic-project={project}",
            "--max-delivery-attempts=50", "--min-retry-delay=10s", "--max-retry-delay=600s",
        ),
    )  # fmt: skip


def _schedule() -> Iterator[Step]:
    where = ("--project={project}", "--location={region}")
    yield Step(
        "data-generator's address",
        "The schedule has to know whom to call.",
        (
            "gcloud", "functions", "describe", "data-generator", "--gen2", "--project={project}",
            "--region={region}", "--format=value(serviceConfig.uri)",
        ),
        gives="generator_url",
    )  # fmt: skip
    contents = (
        "continuous-data-generator", *where, f"--schedule={SCHEDULE}",
        "--time-zone=America/Sao_Paulo", "--uri={generator_url}", "--http-method=post",
        f"--oidc-service-account-email={address(SCHEDULER)}",
        "--oidc-token-audience={generator_url}", f"--attempt-deadline={ATTEMPT_DEADLINE_S}s",
        "--max-retry-attempts=5", "--min-backoff=30s", "--max-backoff=600s",
        "--max-retry-duration=3600s",
    )  # fmt: skip
    group = ("gcloud", "scheduler", "jobs")
    yield Step(
        "schedule",
        "At the start of each of the seven windows; a call that fails is made again.",
        (*group, "create", "http", *contents),
        describe=(*group, "describe", "continuous-data-generator", *where),
        update=(*group, "update", "http", *contents),
    )
