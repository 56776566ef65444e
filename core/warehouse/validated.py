"""What validation found in a file: the rows to load, and those that are refused with a reason."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that is not loaded.

    Attributes:
        line: Physical line, from 1, where the record starts.
        reason: One sentence for a person: what came, and what would be valid.
        raw: The record's exact bytes without its line end.
    """

    line: int
    reason: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class Validated:
    """What a file holds.

    Attributes:
        kind: One of `KINDS`.
        rows_in: Records after the header; of an unreadable file, its lines that are not blank.
        columns: Accepted rows by Bronze column: ids as int or UUID text, money as text such as
            `12.30`, dates as text `YYYY-MM-DD`, empty text as None. All lists are equally long.
        rejected: Refused rows in the order of their lines.
        unreadable: Why the whole file is refused; then all its rows count as rejected, and
            `rejected` does not list them, or of a Parquet file the first of them.
        whole: Rows of a Parquet file that is loaded as it is; `columns` are empty then.
    """

    kind: str
    rows_in: int
    columns: dict[str, list[str | int | None]]
    rejected: tuple[Rejected, ...]
    unreadable: str | None
    whole: int = 0

    @property
    def rows_loaded(self) -> int:
        """Number of accepted rows."""
        return self.whole or len(next(iter(self.columns.values()), []))

    @property
    def rows_rejected(self) -> int:
        """Number of refused rows."""
        return self.rows_in if self.unreadable else len(self.rejected)
