"""A file system without hard links (FAT, many network shares): all works as where there are."""

import errno
import os
import threading
from typing import NoReturn

import pytest

from core import pipeline
from core.errors import ConflictError
from core.platform import Platform
from core.reconcile.compare import Verdict
from core.storage.object_store import LocalStore, NewObject
from tests.support.scenes import DAY, NOW, files, request

A = "raw/csv_sales/2026/02/03/unit_001/pedido.csv"


@pytest.fixture(autouse=True, params=[errno.EPERM, errno.EOPNOTSUPP], ids=["EPERM", "EOPNOTSUPP"])
def no_hard_links(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise OSError(request.param, os.strerror(request.param))

    monkeypatch.setattr(os, "link", refuse)


def test_objects_are_written_once_and_come_to_bronze(platform: Platform) -> None:
    pipeline.upload(platform, request("window_1214"), NOW)
    again = pipeline.upload(platform, request("window_1214"), NOW)
    assert (again.published.created, again.ingested.objects) == (0, 0)
    with pytest.raises(ConflictError):
        pipeline.upload(platform, request("window_1214", seed=9), NOW)
    lines = pipeline.compare(platform, (DAY, DAY), NOW).lines
    lunch = {line.verdict for line in lines if line.window_tag == "window_1214"}
    assert lunch == {Verdict.IN_BRONZE}


def test_of_many_that_create_a_name_one_wins_and_the_others_know(store: LocalStore) -> None:
    answers: list[str] = []
    start = threading.Barrier(8)

    def create(data: bytes) -> None:
        own = LocalStore(store.root)
        start.wait()
        try:
            answers.append("new" if own.create([[NewObject(A, data)]]) else "same")
        except ConflictError:
            answers.append("conflict")

    threads = [threading.Thread(target=create, args=(b"%d" % (n % 2),)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["conflict"] * 4 + ["new"] + ["same"] * 3
    assert list(files(store.root)) == [A]
