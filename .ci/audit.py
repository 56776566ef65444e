"""Audits compiled requirements with pip-audit, and believes it only where it looked.

Where pip-audit cannot reach its database it says "not found" of every package, finds nothing and
exits with 0. So its exit code is not asked. 0: each package was looked up, nothing is known of
them. 1: something is known. 3: some were not looked up, so nobody knows.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PINNED = ("requirements*.txt", "*/requirements*.txt")  # a folder deep, so that build/ stays out
CLEAN, FOUND, UNAUDITED = 0, 1, 3


@dataclass(frozen=True)
class Audit:
    """What is known of a file's packages.

    Attributes:
        findings: A line for each known vulnerability.
        unaudited: A line for each package that was not looked up.
        looked_up: How many packages were.
    """

    findings: tuple[str, ...] = ()
    unaudited: tuple[str, ...] = ()
    looked_up: int = 0

    @property
    def verdict(self) -> int:
        """The exit code: a finding weighs most, and nothing looked up is not clean."""
        if self.findings:
            return FOUND
        return UNAUDITED if self.unaudited or not self.looked_up else CLEAN


def read(report: str) -> Audit:
    """What a report of `pip-audit --format json` says."""
    try:
        packages = json.loads(report)["dependencies"]
        found, skipped = [], []
        for package in packages:
            if "vulns" not in package:
                skipped.append(
                    f"{package['name']}: {package.get('skip_reason', 'no reason given')}"
                )
                continue
            found += [_finding(package, known) for known in package["vulns"]]
    except (ValueError, KeyError, TypeError):
        return Audit(unaudited=("pip-audit's report cannot be read.",))
    return Audit(tuple(found), tuple(skipped), len(packages) - len(skipped))


def _finding(package: dict[str, str], known: dict[str, object]) -> str:
    fixed = known.get("fix_versions")
    better = f"mended in {', '.join(map(str, fixed))}" if isinstance(fixed, list) and fixed else ""
    return f"{package['name']} {package['version']}: {known['id']} {better or 'not mended yet'}"


def pinned_files() -> list[str]:
    """Every compiled requirements file of the project."""
    found = {path for pattern in PINNED for path in ROOT.glob(pattern)}
    return sorted(str(path.relative_to(ROOT)) for path in found)


def audit(file: str) -> Audit:
    """Have pip-audit look up the packages of a compiled requirements file."""
    done = subprocess.run(
        [sys.executable, "-m", "pip_audit", "--format=json", "--progress-spinner=off",
         "--disable-pip", "--require-hashes", f"--requirement={file}"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    result = read(done.stdout)
    if not done.stdout.strip():
        return Audit(unaudited=(f"pip-audit failed: {' '.join(done.stderr.split())[-300:]}",))
    return result


def main(files: Sequence[str]) -> int:
    """Audit files, tell what came out, and give the worst verdict as exit code."""
    verdicts = set()
    for file in files or pinned_files():
        result = audit(file)
        verdicts.add(result.verdict)
        said = {
            CLEAN: f"clean, {result.looked_up} packages looked up.",
            FOUND: f"{len(result.findings)} known vulnerabilities.",
            UNAUDITED: f"NOT AUDITED: {len(result.unaudited)} packages were not looked up, which "
            "says nothing about them. Is https://pypi.org/pypi reachable?",
        }[result.verdict]
        shown = [*result.findings, *result.unaudited[:3]]
        print(*[f"{file}: {said}", *shown], sep="\n  ")
    return next((code for code in (FOUND, UNAUDITED) if code in verdicts), CLEAN)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
