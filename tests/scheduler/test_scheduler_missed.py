"""What the embedded schedule missed, catches up on, and calls for again."""

import itertools
from datetime import date, datetime

import pytest

from core import pipeline
from core.errors import AlreadyRunningError
from core.generation.catalog import Catalog
from core.operations.runs import Ending, NewRun, RunState
from core.platform import Platform
from core.scheduler.state import Slot
from core.storage.publish import Request
from tests.support.schedule_scenes import DAY, Scene, brt


@pytest.fixture
def scene(platform: Platform) -> Scene:
    return Scene(platform, brt(9))


def test_before_it_first_lived_nothing_was_missed(scene: Scene) -> None:
    scene.at(brt(13, 17)).run()
    assert scene.missed(brt(23)) == []
    scene.live(brt(23))
    assert scene.missed(brt(23, 30)) == []
    assert scene.missed(brt(12, 1, day=2)) == ["2026-02-02 10:00-12:00", "2026-02-02 12:00-14:00"]


def test_what_passed_while_it_was_off_was_missed(scene: Scene) -> None:
    scene.live(brt(9))
    scene.ticked(brt(10))
    assert scene.missed(brt(11, 59)) == []
    assert scene.missed(brt(12, 0)) == []  # it may be just about to be served
    assert scene.missed(brt(12, 2)) == ["2026-02-01 12:00-14:00"]
    scene.live(brt(13))
    scene.ticked(brt(14))
    assert scene.missed(brt(15)) == ["2026-02-01 12:00-14:00"]


def test_what_somebody_uploaded_since_is_not_missed(scene: Scene, catalog: Catalog) -> None:
    scene.live(brt(9))
    request = Request((DAY,), catalog.windows[:1], (1,))
    pipeline.upload(scene.platform, request, brt(13))
    assert scene.missed(brt(13)) == ["2026-02-01 12:00-14:00"]
    pipeline.upload(scene.platform, Request((date(2026, 2, 2),), (), (1,)), brt(13, day=3))
    assert not [told for told in scene.missed(brt(9, day=3)) if told.startswith("2026-02-02")]


def test_what_passed_while_it_was_paused_was_not_missed(scene: Scene) -> None:
    scene.live(brt(9))
    scene.at(brt(13)).pause()
    scene.at(brt(17)).resume()
    scene.schedule.resume()
    assert scene.missed(brt(17, 30)) == ["2026-02-01 10:00-12:00", "2026-02-01 12:00-14:00"]
    assert scene.missed(brt(19)) == [
        "2026-02-01 10:00-12:00", "2026-02-01 12:00-14:00", "2026-02-01 18:00-20:00",
    ]  # fmt: skip


def test_only_the_last_days_are_asked_about(scene: Scene) -> None:
    scene.live(brt(9))
    missed = scene.missed(brt(9, day=20))
    assert len(missed) == 49
    assert missed[0] == "2026-02-13 10:00-12:00"


def test_what_is_left_is_not_asked_about_again(scene: Scene) -> None:
    scene.live(brt(9))
    assert len(scene.missed(brt(15))) == 3
    scene.schedule.dismiss_missed()
    assert scene.missed(brt(15, 30)) == []
    assert scene.missed(brt(16, 30)) == ["2026-02-01 16:00-18:00"]
    assert scene.history.list_recent(5) == []


def test_catching_up_uploads_what_was_missed(scene: Scene) -> None:
    scene.live(brt(15))
    missed = scene.missed(brt(13, day=3))
    assert len(missed) == 4 + 7 + 2
    ended = [scene.schedule.ended(run) for run in scene.schedule.catch_up().begun]
    assert {run.state for run in ended} == {RunState.SUCCEEDED}
    assert {run.who for run in ended} == {"scheduler"}
    claims = sorted(itertools.chain.from_iterable(run.claims for run in ended))
    assert claims == sorted(missed)
    assert scene.missed(brt(13, 30, day=3)) == []
    assert scene.schedule.catch_up() == ([], [])


def test_a_missed_window_at_which_somebody_works_stays_missed(scene: Scene) -> None:
    scene.live(brt(9))
    scene.at(brt(13))
    scene.history.enqueue(NewRun("upload", "By hand", {}, ("2026-02-01 12:00-14:00",)))
    with pytest.raises(AlreadyRunningError):
        scene.schedule.catch_up()
    assert scene.missed(brt(13)) == ["2026-02-01 10:00-12:00", "2026-02-01 12:00-14:00"]


def test_catching_up_says_of_each_group_whether_it_began(scene: Scene) -> None:
    scene.live(brt(15))
    scene.at(brt(13, day=3))
    other = scene.history.enqueue(NewRun("upload", "By hand", {}, ("2026-02-02 18:00-20:00",)))
    begun, refused = scene.schedule.catch_up()
    assert [f"Run {other.id} (By hand) works on 2026-02-02" in text for text in refused] == [True]
    made = {claim.split()[0] for run in map(scene.schedule.ended, begun) for claim in run.claims}
    assert made == {"2026-02-01", "2026-02-03"}
    assert {text.split()[0] for text in scene.missed(brt(13, day=3))} == {"2026-02-02"}


LUNCH = Slot(DAY, "window_1214")


def called_in_vain(scene: Scene, moment: datetime, slot: Slot = LUNCH) -> None:
    """A call that cannot begin, since a run works on the window; afterwards that has ended."""
    hours = {"window_1012": "10:00-12:00", "window_1214": "12:00-14:00"}[slot.tag]
    scene.at(moment)
    other = scene.history.enqueue(NewRun("upload", "By hand", {}, (f"{slot.day} {hours}",)))
    with pytest.raises(AlreadyRunningError):
        scene.schedule.call(slot)
    scene.history.finish(other.id, Ending(RunState.FAILED))


def test_a_call_that_is_cut_off_is_open_until_its_window_is_in_the_bucket(scene: Scene) -> None:
    scene.live(brt(9))
    called_in_vain(scene, brt(10), Slot(DAY, "window_1012"))
    assert scene.missed(brt(12, 5)) == ["2026-02-01 10:00-12:00", "2026-02-01 12:00-14:00"]
    instance = scene.at(brt(14, 5)).take(1, "command")
    (slot,) = scene.schedule.due()
    assert slot == Slot(DAY, "window_1012")
    assert scene.missed(brt(14, 5)) == ["2026-02-01 12:00-14:00", "2026-02-01 14:00-16:00"]
    run = scene.schedule.ended(scene.schedule.call(slot))
    assert (run.state, run.claims) == (RunState.SUCCEEDED, ("2026-02-01 10:00-12:00",))
    instance.release()
    assert (scene.schedule.plan().calls, scene.schedule.due()) == ((), [])
    assert scene.missed(brt(14, 5)) == ["2026-02-01 12:00-14:00", "2026-02-01 14:00-16:00"]


def test_a_call_is_tried_again_for_its_own_window_and_by_the_next_process(scene: Scene) -> None:
    scene.live(brt(9))
    for moment, after in itertools.pairwise(
        (brt(13, 50), brt(13, 51), brt(13, 56), brt(14, 11), None)
    ):
        assert moment
        called_in_vain(scene, moment)
        scene.live(moment)  # another process takes over
        assert scene.schedule.due() == [LUNCH]
        assert scene.schedule.fail(LUNCH, passes=True) == after
        assert scene.schedule.due() == []
    assert scene.schedule.plan().calls == ()
    assert "2026-02-01 12:00-14:00" in scene.missed(brt(14, 12))


def test_a_call_that_fails_for_good_is_open_for_people(scene: Scene) -> None:
    scene.live(brt(9))
    called_in_vain(scene, brt(12))
    assert scene.schedule.fail(LUNCH, passes=False) is None
    assert "2026-02-01 12:00-14:00" in scene.missed(brt(12, 5))
    scene.schedule.dismiss_missed()
    assert scene.missed(brt(12, 5)) == []


def test_a_paused_schedule_makes_no_call_again(scene: Scene) -> None:
    scene.live(brt(9))
    called_in_vain(scene, brt(12))
    scene.live(brt(12, 1))
    scene.schedule.pause()
    assert scene.schedule.due() == []
    scene.schedule.resume()
    assert scene.schedule.due() == [LUNCH]
