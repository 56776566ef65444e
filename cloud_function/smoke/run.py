"""One run of the smoke test: its token, and the names of all that it makes.

Its record is the description of its own Bronze dataset, which is made first and removed last. So
whatever a killed run left can be found from any machine, without a file.
"""

import json
import re
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta

from core.errors import InputError
from core.generation.catalog import Catalog, Window
from core.generation.windows import check_date
from core.storage.publish import Request

LABEL = "mrhealth-smoke"
UNITS = (1, 2, 3)
_PREFIX = "mrhealth_smoke_"
_TOKEN = re.compile(r"[0-9a-f]{12}")
_DATASET = re.compile(rf"{_PREFIX}([0-9a-f]{{12}})_bronze")
_FIRST_DAY = date(2010, 1, 1)
_DAYS = 1_461  # four years, from the first date that the platform knows


@dataclass(frozen=True, slots=True)
class Run:
    """One run.

    Attributes:
        token: 12 hexadecimal digits.
        begun: The aware moment of its beginning, in UTC.
        day: The far-past date that it uses in the deployed bucket and datasets.
        bucket, prefix: The deployed ones.
    """

    token: str
    begun: datetime
    day: date
    bucket: str
    prefix: str

    @property
    def seed(self) -> int:
        """A seed that only this run uses, so that its objects have bytes that no others have."""
        return int(self.token, 16)

    @property
    def own_prefix(self) -> str:
        """Prefix of the datasets that only this run uses."""
        return f"{_PREFIX}{self.token}"

    @property
    def own_name(self) -> str:
        """Name of the run's own bucket, Scheduler job and Cloud Run service."""
        return f"{LABEL}-{self.token}"

    @property
    def walk_days(self) -> tuple[date, date]:
        """The past dates of the walk through the run's own datasets, the later one first."""
        last = self.begun.date() - timedelta(days=7)
        return last, last - timedelta(days=1)

    def generated_request(self, catalog: Catalog) -> Request:
        """The window that the deployed data-generator makes."""
        return self._of(catalog.windows[1], UNITS)

    def announced_request(self, catalog: Catalog) -> Request:
        """The window of one unit that this process loads, and csv-processor finds loaded."""
        return self._of(catalog.windows[2], UNITS[:1])

    def _of(self, window: Window, units: tuple[int, ...]) -> Request:
        return Request((self.day,), (window,), units, self.seed)

    def to_text(self) -> str:
        """The record."""
        plain = asdict(self) | {"begun": self.begun.isoformat(), "day": self.day.isoformat()}
        return json.dumps(plain, sort_keys=True)


def new_run(token: str, begun: datetime, bucket: str, prefix: str, day: date | None = None) -> Run:
    """A run that begins.

    Args:
        day: Its far-past date; one that follows from the token by default.

    Raises:
        InputError: The date is out of range, or not past.
    """
    chosen = day or _FIRST_DAY + timedelta(days=int(token, 16) % _DAYS)
    check_date(chosen)
    if chosen >= begun.date():
        raise InputError(f"{chosen} is not past: use a date that nothing else uses.")
    return Run(token, begun.astimezone(UTC), chosen, bucket, prefix)


def read_run(dataset: str, description: str | None) -> Run | None:
    """The run whose record a dataset holds; None where it is none of a smoke test."""
    named = _DATASET.fullmatch(dataset)
    try:
        found = json.loads(description or "")
        run = Run(
            found["token"], datetime.fromisoformat(found["begun"]),
            date.fromisoformat(found["day"]), found["bucket"], found["prefix"],
        )  # fmt: skip
    except (ValueError, KeyError, TypeError):
        return None
    return run if named and named[1] == run.token else None


def check_token(text: str) -> str:
    """The token itself, when it can be one.

    Raises:
        InputError: It cannot.
    """
    if not _TOKEN.fullmatch(text):
        raise InputError(f"{text!r} is not the token of a run: it has 12 hexadecimal digits.")
    return text
