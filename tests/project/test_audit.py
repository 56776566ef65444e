"""The audit of the pinned packages: what pip-audit did not look up is not called clean."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parent.parent.parent

LOOKED_UP = {"name": "flask", "version": "3.1.3", "vulns": []}
KNOWN = {
    "name": "jinja2", "version": "2.4.1",
    "vulns": [
        {"id": "PYSEC-2019-217", "fix_versions": ["2.10.1"], "aliases": [], "description": "..."},
        {"id": "GHSA-462w", "fix_versions": [], "aliases": [], "description": "..."},
    ],
}  # fmt: skip
SKIPPED = {
    "name": "anyio",
    "skip_reason": "Dependency not found on PyPI and could not be audited: anyio (4.16.0)",
}


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit", ROOT / ".ci" / "audit.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def report(*packages: object) -> str:
    """As `pip-audit --format json` writes it."""
    return json.dumps({"dependencies": packages, "fixes": []})


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (report(LOOKED_UP), 0),
        (report(LOOKED_UP, LOOKED_UP), 0),
        (report(LOOKED_UP, KNOWN), 1),
        (report(SKIPPED, KNOWN), 1),
        (report(LOOKED_UP, SKIPPED), 3),
        (report(SKIPPED), 3),
        (report(), 3),
        ("", 3),
        ("No known vulnerabilities found", 3),
        ("{}", 3),
        ("[]", 3),
        (report("flask"), 3),
        (report({"name": "flask", "vulns": [{}], "version": "1"}), 3),
    ],
)
def test_only_what_was_looked_up_and_is_free_of_findings_is_clean(
    audit: ModuleType, text: str, verdict: int
) -> None:
    assert audit.read(text).verdict == verdict


def test_findings_say_what_to_do(audit: ModuleType) -> None:
    assert audit.read(report(KNOWN)).findings == (
        "jinja2 2.4.1: PYSEC-2019-217 mended in 2.10.1",
        "jinja2 2.4.1: GHSA-462w not mended yet",
    )


def test_one_bad_file_decides_over_all(
    audit: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    known = {
        "clean": report(LOOKED_UP), "found": report(KNOWN), "unknown": report(SKIPPED)
    }  # fmt: skip
    monkeypatch.setattr(audit, "audit", lambda file: audit.read(known[file]))
    assert audit.main(["clean"]) == 0
    assert audit.main(["clean", "unknown"]) == 3
    assert audit.main(["unknown", "found", "clean"]) == 1
    said = capsys.readouterr().out
    assert "unknown: NOT AUDITED: 1 packages" in said
    assert "clean: clean, 1 packages looked up." in said


def test_every_compiled_file_is_audited_and_the_workflow_runs_gate_and_audit(
    audit: ModuleType,
) -> None:
    files = set(audit.pinned_files())
    assert files >= {"requirements.txt", "requirements-dev.txt", "cloud_function/requirements.txt"}
    assert ".ci/requirements-audit.txt" in files
    workflow = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    assert "run: .ci/run " in workflow
    assert "run: .ci/audit\n" in workflow
    assert "continue-on-error" not in workflow
