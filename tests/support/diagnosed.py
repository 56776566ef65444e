"""What the tests of the diagnostics share: a look at one check, and doing what it says."""

import os
import subprocess
import sys
from datetime import UTC, datetime

from core import pipeline
from core.insight.diagnostics.checks import CHECKS, CheckContext, Finding
from core.operations.runs import RunHistory
from core.platform import Platform
from tests.support.scenes import NOW, ROOT, request

BY_KEY = {check.key: check for check in CHECKS}
LUNCH_OF_1 = "raw/csv_sales/2026/02/03/unit_001/window_1214/pedido.csv"
LUNCH_ITEMS_OF_1 = LUNCH_OF_1.replace("pedido.csv", "item_pedido.csv")
BULK_OF_1 = "raw/csv_sales/2026/02/03/unit_001/pedido.csv"
BULK_ITEMS_OF_1 = BULK_OF_1.replace("pedido.csv", "item_pedido.csv")
AUTHORIZED = (
    '{"type": "authorized_user", "client_id": "a", "client_secret": "b", "refresh_token": "c"}'
)


def case_of(platform: Platform, now: datetime = NOW, **variables: str) -> CheckContext:
    history = RunHistory(platform.settings.runs_file, lambda: datetime.now(UTC))
    return CheckContext(platform, history, now, 7, variables)


def found(platform: Platform, key: str, now: datetime = NOW) -> Finding:
    return BY_KEY[key].look(case_of(platform, now))


def uploaded(platform: Platform, *tags: str) -> None:
    pipeline.upload(platform, request(*(tags or ("window_1214",))), NOW)


def reached(platform: Platform, command: str) -> None:
    """Do what a finding shows to copy; the project's own commands in this process, for speed."""
    for line in command.split("\n"):
        if "ingest_pending" in line:
            pipeline.ingest_pending(platform, NOW)
        elif "aggregations" in line:  # the last of the three
            pipeline.rebuild(platform)
        elif not line.startswith("python scripts/build_"):
            copied(platform, line)


def copied(platform: Platform, command: str) -> None:
    """Do what a finding shows to copy, in the project's folder."""
    done = subprocess.run(
        ["bash", "-e", "-c", command.replace("python ", f"{sys.executable} ")],
        cwd=ROOT, env={**os.environ, "MRHEALTH_HOME": str(platform.settings.home)},
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
