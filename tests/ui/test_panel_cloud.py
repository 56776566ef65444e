"""Every page of the panel on (emulated) Google Cloud, empty and filled."""

import pytest

from core import pipeline
from core.platform import Platform
from core.settings import Settings
from tests.support.panel_pages import everything, opened
from tests.support.scenes import DAY, NOW, request
from ui.shell.boot import PAGES


@pytest.fixture
def settings(cloud_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings of a panel whose environment says the same."""
    cloud = cloud_settings.cloud
    assert cloud
    for name, value in {
        "MRHEALTH_HOME": str(cloud_settings.home),
        "MRHEALTH_DATASET_PREFIX": cloud_settings.dataset_prefix,
        "GCP_PROJECT_ID": cloud.project,
        "GCS_BUCKET_NAME": cloud.bucket,
        "STORAGE_EMULATOR_HOST": cloud.storage_host,
        "BIGQUERY_EMULATOR_HOST": cloud.bigquery_host,
        "CLOUD_SCHEDULER_EMULATOR_HOST": cloud.scheduler_host,
        "LOGGING_EMULATOR_HOST": cloud.logging_host,
    }.items():
        monkeypatch.setenv(name, value)
    return cloud_settings


def failures(page: str) -> list[str]:
    """What a page says went wrong; that nothing is deployed yet is no fault of it."""
    app = opened(page, day=DAY.isoformat())
    assert app.title[0].value == page.capitalize()
    assert "(emulated)" in everything(app)
    expected = ("There is no schedule continuous-data-generator", " attention; ")
    said = [error.value for error in app.error]
    return [text for text in said if not any(words in text for words in expected)]


def test_each_page_works_on_a_cloud_with_nothing_in_it(settings: Settings) -> None:
    assert settings.cloud
    pages = [page for page in PAGES if page not in ("generate", "runs")]  # as with sales
    assert {page: failures(page) for page in pages} == {page: [] for page in pages}


def test_each_page_works_on_a_cloud_with_sales(settings: Settings) -> None:
    platform = Platform.of(settings)
    wanted = request("window_1012", "window_1214")
    pipeline.upload(platform, wanted, NOW, wait_for_events=False)
    pipeline.rebuild(platform)
    assert {page: failures(page) for page in PAGES} == {page: [] for page in PAGES}
    assert "would read" in everything(opened("rebuild"))
