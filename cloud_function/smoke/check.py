"""A check, and how it ends: it held, it did not hold, or it was not checked."""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from cloud_function.smoke.errors import NotCheckedError
from cloud_function.smoke.scene import Scene
from core.errors import PlatformError


class Verdict(StrEnum):
    """How a check ended."""

    HELD = "held"
    FAILED = "did not hold"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that holds, or does not hold, in a real project.

    Attributes:
        name: `group.name`.
        proves: What the check shows, in a sentence.
        remedy: What to do when it does not.
        by_hand: How a person looks where the script cannot.
        run: Makes the check; returns what it saw in a sentence, or raises a `PlatformError`.
        needs: Names of checks that have to hold before this one can look.
    """

    name: str
    proves: str
    remedy: str
    by_hand: str
    run: Callable[[Scene], str]
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """How a check ended, what it saw in a sentence, and how many seconds it took."""

    check: Check
    verdict: Verdict
    saw: str
    seconds: float

    @property
    def advice(self) -> str:
        """The remedy, or how to look by hand; empty where the check held."""
        return {
            Verdict.HELD: "",
            Verdict.FAILED: self.check.remedy,
            Verdict.NOT_CHECKED: f"By hand: {self.check.by_hand}",
        }[self.verdict]


def perform(
    checks: Iterable[Check], scene: Scene, report: Callable[[Result], None]
) -> list[Result]:
    """Run checks in their order, and report each as soon as it ends."""
    results: dict[str, Result] = {}
    for check in checks:
        results[check.name] = _perform(check, scene, results)
        report(results[check.name])
    return [*results.values()]


def _perform(check: Check, scene: Scene, earlier: Mapping[str, Result]) -> Result:
    started = time.monotonic()
    verdict, saw = _look(check, scene, earlier)
    return Result(check, verdict, saw, time.monotonic() - started)


def _look(check: Check, scene: Scene, earlier: Mapping[str, Result]) -> tuple[Verdict, str]:
    for need in check.needs:
        ended = earlier[need].verdict if need in earlier else Verdict.HELD
        if ended is not Verdict.HELD:
            how = "was not checked" if ended is Verdict.NOT_CHECKED else "did not hold"
            return Verdict.NOT_CHECKED, f"It needs {need}, which {how}."
    try:
        return Verdict.HELD, check.run(scene)
    except NotCheckedError as error:
        return Verdict.NOT_CHECKED, str(error)
    except PlatformError as error:
        return Verdict.FAILED, str(error)
