"""Answers are kept for a moment, and longer where a question costs something."""

from datetime import date

import pytest

from core.settings import Settings
from ui import kept

FOLDER = Settings.from_mapping({})
CLOUD = Settings.from_mapping({"GCP_PROJECT_ID": "my-project", "GCS_BUCKET_NAME": "my-bucket"})


class Clock:
    def __init__(self) -> None:
        self.seconds = 1_000_000.0

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(kept, "time", found)
    return found


def test_answers_are_kept_for_a_moment_and_longer_on_google_cloud(clock: Clock) -> None:
    asked: list[tuple[bool, date]] = []

    @kept.kept(1.0, 8)
    def question(settings: Settings, day: date) -> int:
        asked.append((settings.cloud is not None, day))
        return len(asked)

    question.clear()
    one, other = date(2026, 2, 1), date(2026, 2, 2)
    assert [question(FOLDER, one), question(FOLDER, one), question(FOLDER, other)] == [1, 1, 2]
    assert [question(CLOUD, one), question(CLOUD, one)] == [3, 3]
    clock.seconds += 1
    assert question(FOLDER, one) == 4
    assert question(CLOUD, one) == 3
    clock.seconds += kept.CLOUD_S
    assert question(CLOUD, one) == 5
    question.clear()
    assert question(CLOUD, one) == 6
