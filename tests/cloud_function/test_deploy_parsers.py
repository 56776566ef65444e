"""Every command of the deployment and of the documents is one that gcloud and bq take."""

import re
import shlex
from pathlib import Path

from cloud_function.deploy.checks import CHECKS, PANEL_CHECKS
from local_cloud import googlesql
from tests.cloud_function.test_deploy import STEPS, commands, filled
from tests.project.test_docs import DOCUMENTS
from tests.support.google_parsers import not_understood_by_bq, understood

_BQ = re.compile(r"(?<![\w.])bq (?:--|[a-z]+ )[^`;\n]*")


def documented_bq_commands() -> list[list[str]]:
    texts = (document.read_text(encoding="utf-8") for document in DOCUMENTS)
    found = [match[0] for text in texts for match in _BQ.finditer(text.replace("\\\n", " "))]
    return [shlex.split(command)[1:] for command in found]


def test_gcloud_understands_every_command(tmp_path: Path) -> None:
    tried = [
        filled(command)[1:]
        for command in [*commands(STEPS), *CHECKS, *PANEL_CHECKS] if command[0] == "gcloud"
    ]  # fmt: skip
    assert len(tried) > 50
    codes = understood(tried, tmp_path)
    wrong = [command for command, code in zip(tried, codes, strict=True) if code not in {0, 1}]
    assert wrong == []


def test_gcloud_would_not_understand_a_wrong_one(tmp_path: Path) -> None:
    """So the test above can fail: each flag of a command, misspelled, is found."""
    (deploy,) = [filled(step.command)[1:] for step in STEPS if step.name == "csv-processor"]
    tried = [
        [*deploy[:at], flag.replace("--", "--x", 1), *deploy[at + 1 :]]
        for at, flag in enumerate(deploy)
        if flag.startswith("--")
    ]
    assert understood(tried, tmp_path) == [2] * len(tried)


def test_bq_understands_every_command(tmp_path: Path) -> None:
    tried = [filled(command)[1:] for command in commands(STEPS) if command[0] == "bq"]
    assert len(tried) > 10
    tried += documented_bq_commands()
    wrong = [["query", "--no_such_flag", "SELECT 1"], ["no-such-command"]]
    assert not_understood_by_bq([*tried, *wrong], tmp_path) == wrong


def test_every_query_by_bq_is_of_googlesql() -> None:
    """Without the flag `bq query` takes its text for legacy SQL."""
    queries = [command for command in documented_bq_commands() if "query" in command]
    assert queries
    assert [query for query in queries if "--use_legacy_sql=false" not in query] == []
    assert all(googlesql.parse(query[-1]) for query in queries)
