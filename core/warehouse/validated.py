"""The result of validating a file: the rows to load, and the rejected ones with reasons."""

from dataclasses import dataclass
from typing import Self


class Reason(str):
    """Why a row or file is rejected, in a sentence, with a code that programs read.

    Attributes:
        code: One of `core.bronze.validation.codes.Code`.
        column: The column of the value, as the file's header has it; empty if it is about more.
    """

    __slots__ = ("code", "column")

    code: str
    column: str

    def __new__(cls, sentence: str, code: str, column: str = "") -> Self:
        """Make the reason of a sentence and its code."""
        made = super().__new__(cls, sentence)
        made.code, made.column = code, column
        return made

    def __reduce__(self) -> tuple[type["Reason"], tuple[str, str, str]]:
        """Pickle with code and column."""
        return Reason, (str(self), self.code, self.column)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that is not loaded.

    Attributes:
        line: Physical line, from 1, on which the record starts.
        reason: One sentence: what came, and what would be valid.
        raw: The record's exact bytes without its line end.
    """

    line: int
    reason: Reason
    raw: bytes


@dataclass(frozen=True, slots=True)
class Validated:
    """The content of a file.

    Attributes:
        kind: One of `KINDS`.
        rows_in: Records after the header; for an unreadable file, its lines that are not blank.
        columns: Accepted rows by Bronze column: ids as int or UUID text, money as text such as
            `12.30`, dates as text `YYYY-MM-DD`, empty text as None. All lists are equally long.
        rejected: Rejected rows by line.
        unreadable: Why the whole file is rejected; all its rows count as rejected then, and
            `rejected` is empty, or has the first of them for a Parquet file.
        whole: Rows of a Parquet file that is loaded unchanged; `columns` are empty then.
    """

    kind: str
    rows_in: int
    columns: dict[str, list[str | int | None]]
    rejected: tuple[Rejected, ...]
    unreadable: Reason | None
    whole: int = 0

    @property
    def rows_loaded(self) -> int:
        """Number of accepted rows."""
        return self.whole or len(next(iter(self.columns.values()), []))

    @property
    def rows_rejected(self) -> int:
        """Number of rejected rows."""
        return self.rows_in if self.unreadable else len(self.rejected)
