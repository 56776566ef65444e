"""The two deployed functions, with three units of a far-past date that nothing else uses."""

from cloud_function.smoke.calls import call, find_address, make_body
from cloud_function.smoke.check import Check
from cloud_function.smoke.errors import NotCheckedError, require
from cloud_function.smoke.reference import covers, write_missing_reference
from cloud_function.smoke.removal import make_files
from cloud_function.smoke.run import UNITS
from cloud_function.smoke.scene import Scene
from cloud_function.smoke.walk import KINDS
from core.bronze.ingest import ingest_objects
from core.errors import PlatformError
from core.gcp.function_logs import MAX_LINES, LogLine, read_logs
from core.storage.object_names import REFERENCE_FILES, day_prefix, reference_name
from core.storage.object_store import NewObject

_NOTED = """
SELECT kind, COUNT(*) AS row_count, COUNT(DISTINCT object_name) AS objects
FROM bronze._ingested_objects WHERE object_name IN UNNEST(@names) GROUP BY kind
"""


def refuse_wrong_request(scene: Scene) -> str:
    """Call data-generator for no units at all: it answers, and writes nothing."""
    answered = call(scene, find_address(scene), make_body(scene, units=0))
    require(answered.status == 400, f"It answered {answered.shown} where 400 is due.")
    return "It took the identity, and refused a call for 0 units without writing anything."


def generate(scene: Scene) -> str:
    """Call data-generator for the run's window."""
    written = write_missing_reference(scene.deployed)
    if not covers(scene.deployed, max(UNITS)):
        raise NotCheckedError(
            "The bucket's reference data does not list units 1 to 3, so a call would change it."
        )
    scene.used_deployed = True
    answered = call(scene, find_address(scene), make_body(scene))
    made = answered.body.get("objects_created")
    require(answered.status == 200, f"It answered {answered.shown}.")
    require(made == 2 * len(UNITS), f"It wrote {made} objects instead of {2 * len(UNITS)}.")
    first = f" {written} reference files, which the bucket lacked, stay." if written else ""
    return f"It wrote {made} objects of {scene.run.day} in {answered.seconds:.1f} s.{first}"


def generate_twice(scene: Scene) -> str:
    """Call for the same window once more."""
    answered = call(scene, find_address(scene), make_body(scene))
    require(answered.status == 200, f"It answered {answered.shown}.")
    said, made = answered.body.get("status"), answered.body.get("objects_created")
    require((said, made) == ("unchanged", 0), f"It answered {said}, with {made} new objects.")
    return "It answered unchanged, and wrote nothing."


def find_loaded(scene: Scene) -> str:
    """Wait until csv-processor has taken all objects to Bronze, each once."""
    request = scene.run.generated_request(scene.deployed.catalog)
    names = [name for name, _ in make_files(request, scene.deployed.catalog)]
    names += map(reference_name, REFERENCE_FILES)
    wanted = {"orders": len(UNITS), "order_items": len(UNITS)} | dict.fromkeys(REFERENCE_FILES, 1)
    found: dict[str, int] = {}

    def is_loaded() -> bool:
        rows = scene.deployed.warehouse.ask(_NOTED, {"names": names})
        found.update({row["kind"]: row["objects"] for row in rows})
        doubled = [row["kind"] for row in rows if row["row_count"] > row["objects"]]
        require(not doubled, f"The ledger has a line twice: {', '.join(doubled)}.")
        return found == wanted

    scene.settled = scene.wait_for(is_loaded)
    missing = [kind for kind in KINDS if found.get(kind, 0) < wanted[kind]]
    seconds = f"{scene.wait_s:g} s"
    require(scene.settled, f"After {seconds} the ledger lacks objects: {', '.join(missing)}.")
    return "All six kinds are in the deployed ledger, each object once."


def read_labels(scene: Scene) -> str:
    """Load two objects by this account's jobs, and see csv-processor find them loaded.

    The objects bear the mark that their writer loads them, so that csv-processor reads the labels
    of jobs that are not its own.
    """
    platform, request = scene.deployed, scene.run.announced_request(scene.deployed.catalog)
    made = [
        NewObject(name, data, batched=True) for name, data in make_files(request, platform.catalog)
    ]
    names = {new.name for new in made}
    scene.used_deployed, scene.settled = True, False
    platform.store.create([made])
    infos = [info for info in platform.store.list(day_prefix(scene.run.day)) if info.name in names]
    ingest_objects(platform.store, platform.warehouse, platform.catalog, infos, scene.now())
    seen: dict[object, LogLine] = {}

    def is_seen() -> bool:
        lines = read_lines(scene, "csv-processor", day_prefix(scene.run.day))
        # The newest is first, and counts.
        mine = {line.fields.get("object"): line for line in reversed(lines)}
        seen.update({name: line for name, line in mine.items() if name in names})
        done = [line for line in seen.values() if "outcome" in line.fields]
        return len(done) == len(names)

    scene.settled = scene.wait_for(is_seen)
    said = next((line.text for line in seen.values() if "outcome" not in line.fields), "nothing")
    require(scene.settled, f"csv-processor does not find what this account loaded: {said}")
    outcomes = {line.fields["outcome"] for line in seen.values()}
    require(outcomes == {"already in Bronze"}, f"csv-processor answered {outcomes}.")
    return "csv-processor found both objects loaded by jobs of another account."


def find_log_lines(scene: Scene) -> str:
    """Find a line of data-generator and one of csv-processor for each object."""
    request = scene.run.generated_request(scene.deployed.catalog)
    names = {name for name, _ in make_files(request, scene.deployed.catalog)}
    made: list[LogLine] = []
    loaded: set[object] = set()

    def is_written() -> bool:
        lines = read_lines(scene, "data-generator")
        made[:] = [line for line in lines if line.fields.get("seed") == scene.run.seed]
        loaded.update(
            line.fields.get("object")
            for line in read_lines(scene, "csv-processor", day_prefix(scene.run.day))
            if line.fields.get("outcome") == "loaded"
        )
        return bool(made) and names <= loaded

    done = scene.wait_for(is_written)
    lines = f"data-generator wrote {len(made)} lines of this run, csv-processor of "
    require(done, f"{lines}{len(names & loaded)} of {len(names)} objects that they were loaded.")
    return f"{lines}all {len(names)} objects that they were loaded."


def read_lines(scene: Scene, function: str, under: str = "") -> list[LogLine]:
    """Lines of a function's log since the run began; not being allowed to is no failure."""
    try:
        return read_logs(scene.cloud, function, MAX_LINES, scene.run.begun, under)
    except PlatformError as error:
        raise NotCheckedError(str(error)) from error


_LOG = "gcloud functions logs read {} --gen2 --region=us-central1 --limit=20"
_CALL = "gcloud functions call data-generator --gen2 --region=us-central1 --data '{...}'"

CHECKS = (
    Check(
        "functions.identity", "data-generator takes a call with your identity.",
        "Give yourself the role: gcloud run services add-iam-policy-binding data-generator "
        "--region=us-central1 --role=roles/run.invoker --member=user:YOU. Another status: its log.",
        _CALL, refuse_wrong_request,
    ),
    Check(
        "functions.generate", "data-generator writes a window to the bucket.",
        f"The sentence is the function's own; its log has more: {_LOG.format('data-generator')}. "
        "Roles: docs/security.md.",
        _CALL, generate, ("functions.identity",),
    ),
    Check(
        "functions.second call", "A second call of data-generator adds nothing.",
        "Pause the schedule (python scripts/schedule.py pause), and send this report.",
        f"{_CALL}, twice.", generate_twice, ("functions.generate",),
    ),
    Check(
        "functions.ledger", "csv-processor takes all six kinds of object to Bronze, each once.",
        "gcloud eventarc triggers list --location=us-central1 shows whether it is called, its log "
        "whether it failed; deploy again where the trigger is missing.",
        "python scripts/verify_upload.py after an upload.",
        find_loaded, ("functions.generate",),
    ),
    Check(
        "functions.labels", "csv-processor sees the labels of jobs of another account.",
        "Deploy again: the role mrhealthJobs (bigquery.jobs.get) lets each account look at the "
        "jobs of the others. Until then load nothing by hand while the functions work.",
        "Upload more than 100 cells: csv-processor's log says 'already in Bronze' of them.",
        read_labels, ("functions.ledger",),
    ),
    Check(
        "functions.logs", "Both functions write their lines to the log.",
        f"{_LOG.format('csv-processor')} shows what is there; a line may take a minute.",
        _LOG.format("csv-processor"), find_log_lines, ("functions.ledger",),
    ),
)  # fmt: skip
