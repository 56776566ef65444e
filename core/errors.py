"""Every error that the platform raises on purpose.

    PlatformError              a sentence for the reader, and an exit code
    |-- InputError             what was asked for is not valid
    |   `-- SettingsError      the configuration is not valid
    |-- ConflictError          other data stands where the new data would go
    |   `-- MixError           it is of the other kind (bulk, incremental)
    |-- StoreError             the object store or disk refused
    |   |-- MissingObjectError the object is not there
    |   `-- EntryError         one entry of a folder is at fault, others can be used
    |-- CheckError             a data check failed, nothing was published
    `-- TransientError         the same call may succeed later
        |-- ChangedError       somebody else changed an object meanwhile
        |   `-- DeletedError   somebody else deleted it
        |-- WarehouseBusyError another process holds the warehouse
        `-- AlreadyRunningError the same work is being done by another run

Retryable or final is a type: catch `TransientError` to try again, nothing else.
Sentences say what came and what would be valid; command lines print them as they are. They are made
by `core.messages`, so that the panel can say them in the viewer's language.
"""

from typing import ClassVar


class PlatformError(Exception):
    """A failure that can be told to a person in one sentence."""

    exit_code: ClassVar[int] = 2

    @property
    def sentence(self) -> str:
        """What it was made with: a `core.messages.Message` where it has a code."""
        return self.args[0] if self.args and isinstance(self.args[0], str) else str(self)


class InputError(PlatformError):
    """A request that is not valid; nothing was written."""


class SettingsError(InputError):
    """A configuration that is not valid."""


class ConflictError(PlatformError):
    """Data that differs, or of the other kind, stands where the new data would go."""


class MixError(ConflictError):
    """Bulk data stands where incremental data would go, or the reverse; overwriting is no way."""


class StoreError(PlatformError):
    """The object store could not do what was asked: unwritable folder, full disk."""


class MissingObjectError(StoreError):
    """An object that was to be read is not there (any more)."""


class EntryError(StoreError):
    """One entry of a folder cannot be read or written; the others can."""


class CheckError(PlatformError):
    """A data check failed and stopped a publication."""

    exit_code: ClassVar[int] = 1


class TransientError(PlatformError):
    """A failure that passes by itself; the same call may be made again."""

    exit_code: ClassVar[int] = 75  # EX_TEMPFAIL of sysexits.h


class ChangedError(TransientError):
    """An object is not in the generation any more in which it was to be replaced."""


class DeletedError(ChangedError):
    """An object is not there any more that was to be loaded."""


class WarehouseBusyError(TransientError):
    """Another process held the warehouse for longer than the wait allowed."""


class AlreadyRunningError(TransientError):
    """Another run is doing the same work now."""
