"""Runs in the viewer's language: what the history keeps reads in English and in Portuguese."""

from datetime import UTC, date, datetime

import pytest

from core.insight.diagnostics.checks import CheckContext, run_checks
from core.messages import Message
from core.operations import jobs
from core.operations.runs import Ending, NewRun, RunFilter, RunHistory, RunState
from core.platform import Platform
from core.storage.publish import Request
from core.transform.rebuild import LAYERS
from tests.support.panel_pages import everything, history, opened, platform
from tests.support.runs import run_job
from tests.ui.test_panel_runs import listed

__all__ = ["history", "platform"]  # fixtures

DAY = date(2026, 2, 1)


def upload(platform: Platform, seed: int = 7) -> jobs.Job:
    return jobs.upload(Request((DAY,), platform.catalog.windows[:1], (1, 2), seed))


def test_a_run_of_before_reads_in_the_viewers_language(
    platform: Platform, history: RunHistory
) -> None:
    run = run_job(platform, history, upload(platform))
    assert run.title == "Upload 2026-02-01 10:00-12:00, 2 units, seed 7"
    english = everything(opened("runs", run=str(run.id)))
    assert (run.title in english, run.result in english) == (True, True)
    portuguese = everything(opened("runs", run=str(run.id), lang="pt-BR"))
    assert "Enviar 01/02/2026 10:00-12:00, 2 unidades, semente 7" in portuguese
    assert "arquivos gravados no bucket; " in portuguese
    assert (run.title in portuguese, run.result in portuguese) == (False, False)


def test_a_failure_reads_in_the_viewers_language(platform: Platform, history: RunHistory) -> None:
    run = history.enqueue(upload(platform))
    history.cancel(run.id)
    history.let_go(run.id)
    lost = history.enqueue(upload(platform))
    history.let_go(lost.id)
    found = history.find(lost.id)
    assert found is not None
    assert found.error.startswith("The process that did the work ended")
    shown = everything(opened("runs", run=str(lost.id), lang="pt-BR"))
    assert "O processo que fazia o trabalho terminou antes dele" in shown
    assert found.error not in shown


def test_the_checks_of_a_rebuild_read_in_the_viewers_language(
    platform: Platform, history: RunHistory
) -> None:
    run_job(platform, history, upload(platform))
    run = run_job(platform, history, jobs.rebuild(LAYERS))
    assert run.state is RunState.SUCCEEDED, run.error
    app = opened("rebuild", lang="pt-BR")
    checks = "\n".join(frame.value.to_csv() for frame in app.dataframe)
    assert "Cada item pertence a um pedido de silver.orders." in checks
    assert "Each item belongs" not in checks
    assert "Silver, Gold, Agregações: reconstrução feita" in everything(app)


def test_runs_are_found_by_the_words_that_the_viewer_reads(
    platform: Platform, history: RunHistory
) -> None:
    run = run_job(platform, history, upload(platform))
    assert [one.id for one in history.search(RunFilter(text="2 UNITS"), 9)] == [run.id]
    assert history.search(RunFilter(text="title.upload"), 9) == []
    assert listed(opened("runs", text="upload 2026")) == [run.id]
    found = opened("runs", text="ARQUIVOS GRAVADOS", lang="pt-BR")
    assert any(run.id in frame.value.iloc[:, 0].tolist() for frame in found.dataframe)
    missed = opened("runs", text="files written", lang="pt-BR")
    assert "Nenhuma execução" in everything(missed)


@pytest.mark.parametrize("lang", ["en", "pt-BR"])
def test_a_plain_sentence_of_an_older_version_is_shown_as_it_is(
    history: RunHistory, lang: str
) -> None:
    run = history.enqueue(NewRun("upload", "Upload of an older version", {"windows": []}, ()))
    history.finish(run.id, Ending(RunState.SUCCEEDED, "3 orders uploaded."))
    shown = everything(opened("runs", run=str(run.id), lang=lang))
    assert "Upload of an older version" in shown
    assert "3 orders uploaded." in shown


def test_the_diagnostics_read_in_the_viewers_language(
    platform: Platform, history: RunHistory
) -> None:
    run_job(platform, history, upload(platform))
    findings = run_checks(CheckContext(platform, history, datetime.now(UTC)))
    said = {text for _, finding in findings for text in (finding.found, finding.advice) if text}
    assert [text for text in said if not isinstance(text, Message)] == []
    shown = "\n".join(text.value for text in opened("diagnostics", lang="pt-BR").text)
    assert "Nenhuma execução falhou sem ter sido iniciada de novo." in shown
    assert [text for text in said if text in shown] == []
