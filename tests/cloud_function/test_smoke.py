"""The smoke test on the emulated cloud: each check holds, and fails where its fault is."""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from cloud_function.smoke import report
from cloud_function.smoke.check import Check, Result, Verdict, perform
from cloud_function.smoke.checks import CHECKS, Ended, run_all
from cloud_function.smoke.cleanup import clean_up
from cloud_function.smoke.leftovers import clean_leftovers
from cloud_function.smoke.removal import make_files, remove_sales
from cloud_function.smoke.resources import find_runs, make_own, read_notes
from cloud_function.smoke.run import new_run
from cloud_function.smoke.scene import Scene, open_scene
from core.bronze.ingest import judge_object
from core.errors import InputError
from core.gcp.clients import storage_client
from core.storage.object_store import NewObject
from local_cloud.emulated import EmulatedCloud, emulated_cloud
from local_cloud.gateway.jobs import Job
from tests.support.missing import require_environment
from tests.support.scenes import script
from tests.support.smoke_faults import DAY, FAULTS, MERGED, SAYS, TABLE, World
from tests.support.smoke_scene import everything, scene_of, users_data

BY_NAME = {check.name: check for check in CHECKS}


@pytest.fixture(scope="module")
def emulation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[EmulatedCloud, Path]]:
    require_environment("bigquery", "Tests on the emulated cloud")
    folder = tmp_path_factory.mktemp("smoke")
    with emulated_cloud(folder, lambda: datetime.now(UTC)) as running:
        yield running, folder


@pytest.fixture(scope="module")
def world(emulation: tuple[EmulatedCloud, Path]) -> Iterator[World]:
    """A run under way; the emulator's statistics of jobs have bytes, as Google's do."""
    running, folder = emulation
    users = users_data(running)
    billed = {"SELECT": 0, "INSERT": 0, "MERGE": MERGED}
    with mock.patch.object(Job, "resource", _with_bytes(billed, Job.resource)):
        scene = scene_of(running, folder, "0123456789ab")
        made = World(running, users, everything(users), scene, billed)
        make_own(scene.cloud, scene.run)
        sizes = {True: DAY, False: TABLE}
        with mock.patch.object(
            scene.own.warehouse, "bytes_read", lambda sql: sizes["_ingest_date" in sql]
        ):
            yield made
        clean_up(scene)


def _with_bytes(billed: dict[str, int], plain: Callable[[Job], Any]) -> Callable[[Job], Any]:
    def resource(job: Job) -> Any:
        shown = plain(job)
        query = shown["statistics"].get("query")
        if query and query.get("statementType") in billed:
            size = str(billed[query["statementType"]])
            query |= {"totalBytesBilled": size, "totalBytesProcessed": size}
            shown["statistics"]["totalBytesProcessed"] = size
        return shown

    return resource


@pytest.fixture(scope="module")
def seen(world: World) -> dict[str, tuple[Result, Result]]:
    """Each check's result in a project that is right, and right after with its fault planted."""
    results = {}
    for check in CHECKS:
        (right,) = perform([check], world.scene, lambda _: None)
        with FAULTS[check.name](world) as scene:
            (wrong,) = perform([check], scene, lambda _: None)
        results[check.name] = right, wrong
    return results


@pytest.mark.parametrize("name", BY_NAME)
def test_a_check_holds_in_a_project_that_is_right(
    name: str, seen: dict[str, tuple[Result, Result]]
) -> None:
    right, _ = seen[name]
    assert (right.verdict, right.advice) == (Verdict.HELD, ""), right.saw


@pytest.mark.parametrize("name", BY_NAME)
def test_a_check_names_the_remedy_where_its_fault_is(
    name: str, seen: dict[str, tuple[Result, Result]]
) -> None:
    _, wrong = seen[name]
    assert wrong.verdict is Verdict.FAILED, wrong.saw
    assert SAYS[name] in wrong.saw
    assert wrong.advice == BY_NAME[name].remedy
    assert " ".join(wrong.advice.split()) in " ".join(report.format_result(wrong).split())


def test_a_run_leaves_what_its_user_has_as_it_was(
    world: World, seen: dict[str, tuple[Result, Result]]
) -> None:
    assert seen
    assert world.running.relay.wait_until_idle(60)
    assert everything(world.users) != world.before
    assert clean_up(world.scene) == []
    assert everything(world.users) == world.before
    assert (world.gcloud.jobs, world.gcloud.services) == ({}, {})
    assert not _is_recorded(world.scene)
    assert storage_client(world.scene.cloud).lookup_bucket(world.scene.run.own_name) is None


@pytest.mark.usefixtures("world")
def test_what_cannot_be_reached_is_not_checked_and_says_how_to_look(scene: Scene) -> None:
    refused = dict.fromkeys(("pubsub", "scheduler", "run"), "PERMISSION_DENIED: no role")
    names = ("functions.dead letter", "schedule.forced run", "speed.units")
    make_own(scene.cloud, scene.run)
    with mock.patch.object(scene.tools, "gone", refused):
        results = perform([BY_NAME[name] for name in names], scene, lambda _: None)
    assert [result.verdict for result in results] == [Verdict.NOT_CHECKED] * 3
    assert [r.advice for r in results] == [f"By hand: {r.check.by_hand}" for r in results]
    assert all("lacks a right" in result.saw for result in results)
    assert (
        read_notes(scene.cloud, scene.run) == set()
    )  # so there is nothing that gcloud must take away
    assert clean_up(scene) == []


# --- a run from its beginning to its end ---


def _check(name: str, run: Callable[[Scene], str], *needs: str) -> Check:
    return Check(name, "Something.", "Mend it.", "Look.", run, needs)


def _write(scene: Scene) -> str:
    """What the function would do, without waiting for the events."""
    scene.used_deployed = True
    request = scene.run.generated_request(scene.deployed.catalog)
    made = [NewObject(*file) for file in make_files(request, scene.deployed.catalog)]
    scene.deployed.store.create([made])
    return "Written."


def _is_recorded(scene: Scene) -> bool:
    return scene.run in find_runs(scene.cloud)


def _interrupt(_: Scene) -> str:
    raise KeyboardInterrupt


@pytest.fixture
def scene(emulation: tuple[EmulatedCloud, Path]) -> Scene:
    def pause(seconds: float) -> None:
        emulation[0].relay.wait_until_idle(seconds)

    fresh = scene_of(*emulation, os.urandom(6).hex())
    fresh.pause = pause
    return fresh


def test_what_needs_a_check_that_failed_is_not_checked(scene: Scene) -> None:
    checks = (
        _check("a.fails", lambda _: (_ for _ in ()).throw(InputError("No."))),
        _check("a.needs it", lambda _: "Never seen.", "a.fails"),
        _check("a.other", lambda _: "Good."),
    )
    ended = run_all(scene, lambda _: None, checks)
    verdicts = [result.verdict for result in ended.results]
    assert verdicts == [Verdict.FAILED, Verdict.NOT_CHECKED, Verdict.HELD]
    assert ended.results[1].saw == "It needs a.fails, which did not hold."
    assert (report.exit_code(ended), ended.left) == (1, ())


def test_ctrl_c_takes_everything_away(world: World, scene: Scene) -> None:
    before = everything(world.users)
    with pytest.raises(KeyboardInterrupt):
        run_all(scene, lambda _: None, (_check("a.x", _write), _check("a.y", _interrupt)))
    assert scene.left == ()
    assert everything(world.users) == before
    assert not _is_recorded(scene)


def test_a_killed_runs_leftovers_are_found_and_taken_away(world: World, scene: Scene) -> None:
    before = everything(world.users)
    make_own(scene.cloud, scene.run)
    _write(scene)
    assert world.running.relay.wait_until_idle(60)
    said: list[str] = []
    now = scene.now()
    assert clean_leftovers(world.running.settings, now, "", said.append, world.gcloud)
    (sentence,) = [each for each in said if each.startswith(scene.run.token)]
    assert sentence.endswith(f"and may be at work; --clean {scene.run.token} insists.")
    assert _is_recorded(scene)
    done = script("smoke_cloud.py", "--clean", scene.run.token, env=world.running.variables)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("is taken away.\n")
    assert everything(world.users) == before
    with pytest.raises(InputError, match="Nothing is left of a run"):
        clean_leftovers(world.running.settings, now, scene.run.token, said.append)


def test_objects_that_somebody_wrote_meanwhile_stay_and_are_named(
    world: World, scene: Scene
) -> None:
    make_own(scene.cloud, scene.run)
    _write(scene)
    scene.settled = world.running.relay.wait_until_idle(60)
    store = scene.deployed.store
    name, data = next(
        iter(make_files(scene.run.generated_request(world.users.catalog), world.users.catalog))
    )
    store.replace(NewObject(name, data + b"\n"))
    assert world.running.relay.wait_until_idle(60)
    (left,) = clean_up(scene)
    assert f"{name} has other bytes than this run wrote, and stays." in left
    assert store.find(name)
    assert _is_recorded(scene)  # so that the cleanup can go on
    store.replace(NewObject(name, data))
    assert world.running.relay.wait_until_idle(60)
    assert clean_up(scene) == []


@pytest.mark.usefixtures("world")
def test_what_was_read_before_the_cleanup_is_not_loaded_after(scene: Scene) -> None:
    make_own(scene.cloud, scene.run)
    store, warehouse, catalog = scene.own.store, scene.own.warehouse, scene.own.catalog
    warehouse.create_bronze()
    made = [NewObject(*file) for file in make_files(scene.run.generated_request(catalog), catalog)]
    store.create([made])
    read = [store.read(new.name) for new in made]
    loads = [judge_object(store, one, catalog, again=False) for one in read]
    assert remove_sales(scene.own, scene.own_jobs, scene.run) == []
    assert warehouse.load(store.bucket, loads, scene.now()) == {}
    assert warehouse.generations(store.bucket) == {}
    assert clean_up(scene) == []


@pytest.mark.usefixtures("world")
def test_a_date_that_is_in_use_is_refused_before_anything_is_made(scene: Scene) -> None:
    used = new_run(scene.run.token, scene.run.begun, scene.run.bucket, scene.run.prefix,
                   datetime(2012, 7, 1, tzinfo=UTC).date())  # fmt: skip
    with pytest.raises(InputError, match="2012-07-01 is in use"):
        run_all(replace(scene, run=used), lambda _: None)
    assert not _is_recorded(scene)


def test_without_a_deployment_there_is_nothing_to_try(world: World, scene: Scene) -> None:
    settings = replace(world.running.settings, dataset_prefix="not_deployed")
    with pytest.raises(InputError, match="not_deployed_bronze has no tables: deploy first"):
        run_all(open_scene(settings, scene.run, world.gcloud), lambda _: None)


def test_the_report_has_no_secrets(scene: Scene) -> None:
    identity = "eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJ4In0.c2ln"
    saw = f"Bearer abc, {identity}, ya29.a0Af-x, ana@example.com, x@p.iam.gserviceaccount.com"
    result = Result(_check("a.b", _write), Verdict.FAILED, saw, 1.25)
    ended = Ended((result,), 3, 20_971_520, ())
    found = json.loads(report.to_json(scene, ended))
    expected = "***, ***, ***, ***@example.com, x@p.iam.gserviceaccount.com"
    assert found["checks"][0]["saw"] == expected
    assert expected in report.format_result(result)
    assert (found["bytes_billed"], found["checks"][0]["advice"]) == (20_971_520, "Mend it.")
    assert report.describe_cost(ended) == (
        "Cost: 3 jobs of this account billed 20,971,520 bytes (US$ 0.0001 beyond the free TiB of "
        "a month)."
    )
