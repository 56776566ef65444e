"""Work on several processes: results, errors in sentences, and nobody who stays behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import psutil
import pytest

from core.errors import CheckError, InputError, TransientError
from core.operations.workers import Workers
from tests.support.bulk_worker import die, process, square, stay
from tests.support.scenes import ROOT


@pytest.mark.parametrize("count", [1, 2])
def test_every_task_has_its_outcome_and_an_error_is_one_of_them(count: int) -> None:
    with Workers(count) as workers:
        outcomes = list(workers.map(square, range(7)))
    assert {one.task: one.result for one in outcomes if not one.error} == {
        0: 0, 1: 1, 2: 4, 4: 16, 5: 25, 6: 36
    }  # fmt: skip
    (refused,) = [one for one in outcomes if one.error]
    with pytest.raises(InputError, match="3 is refused"):
        refused.value()


def test_one_worker_is_this_process() -> None:
    with Workers(1) as workers:
        assert {one.result for one in workers.map(process, range(3))} == {os.getpid()}


@pytest.mark.parametrize(("count", "most"), [(1, 1), (2, 4)])
def test_no_more_is_under_way_than_a_few_tasks_a_process(count: int, most: int) -> None:
    taken = []

    def tasks() -> Iterator[int]:
        for number in range(100):
            taken.append(number)
            yield number

    with Workers(count) as workers:
        next(workers.map(square, tasks()))
        assert len(taken) <= most


def test_a_process_that_is_killed_is_told_in_a_sentence() -> None:
    with pytest.raises(TransientError, match="worker processes was killed"), Workers(2) as workers:
        list(workers.map(die, range(4)))


def test_work_that_is_not_wanted_any_more_ends_at_once() -> None:
    def look() -> None:
        raise CheckError("Somebody cancelled it.")

    with pytest.raises(CheckError, match="cancelled"), Workers(2, look) as workers:
        list(workers.map(stay, range(2)))


@pytest.mark.parametrize("count", [0, 257])
def test_a_number_that_is_not_possible_is_refused(count: int) -> None:
    with pytest.raises(InputError, match="use 1 to 256"):
        Workers(count)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGINT])
def test_nobody_outlives_the_process_that_started_them(ending: int) -> None:
    code = (  # a suite that was started in the background has SIGINT ignored, and hands that on
        "import signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from core.operations.workers import Workers\nfrom tests.support.bulk_worker import stay\n"
        "with Workers(2) as workers:\n    list(workers.map(stay, range(2)))\n"
    )
    first = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert first.stdout
    others = [psutil.Process(int(first.stdout.readline())) for _ in range(2)]
    first.send_signal(ending)
    _, errors = first.communicate(timeout=60)
    gone, alive = psutil.wait_procs(others, timeout=60)
    assert (len(gone), alive) == (2, [])
    assert errors.count("Traceback") == (1 if ending == signal.SIGINT else 0)  # its own alone
