"""The errors that the platform raises.

    PlatformError              a sentence for the reader, and an exit code
    |-- InputError             the request is not valid
    |   `-- SettingsError      the configuration is not valid
    |-- ConflictError          other data exists where the new data would go
    |   `-- MixError           it is of the other kind (bulk, incremental)
    |-- StoreError             the object store or disk refused
    |   |-- MissingObjectError the object is not there
    |   `-- EntryError         one entry of a folder is faulty, the others can be used
    |-- CheckError             a data check failed, nothing was published
    `-- TransientError         the same call may succeed later
        |-- ChangedError       another process changed an object meanwhile
        |   `-- DeletedError   another process deleted it
        |-- WarehouseBusyError another process holds the warehouse
        `-- AlreadyRunningError the same work is being done by another run

Catch `TransientError` to try again, nothing else. `core.messages` makes the sentences: they say
what came and what would be valid, and the panel can show them in the viewer's language.
"""

from typing import ClassVar


class PlatformError(Exception):
    """A failure that one sentence describes."""

    exit_code: ClassVar[int] = 2

    @property
    def sentence(self) -> str:
        """The error's sentence: a `core.messages.Message` if it has a code."""
        return self.args[0] if self.args and isinstance(self.args[0], str) else str(self)


class InputError(PlatformError):
    """A request that is not valid; nothing was written."""


class SettingsError(InputError):
    """A configuration that is not valid."""


class ConflictError(PlatformError):
    """Different data, or data of the other kind, exists where the new data would go."""


class MixError(ConflictError):
    """Bulk data exists where incremental data would go, or the reverse; overwriting cannot help."""


class StoreError(PlatformError):
    """The object store failed, for example for an unwritable folder or a full disk."""


class MissingObjectError(StoreError):
    """An object to be read does not exist (any more)."""


class EntryError(StoreError):
    """One entry of a folder cannot be read or written; the others can."""


class CheckError(PlatformError):
    """A data check failed and stopped a publication."""

    exit_code: ClassVar[int] = 1


class TransientError(PlatformError):
    """A failure that passes by itself; the same call may be made again."""

    exit_code: ClassVar[int] = 75  # EX_TEMPFAIL of sysexits.h


class ChangedError(TransientError):
    """An object to be replaced has another generation by now."""


class DeletedError(ChangedError):
    """An object to be loaded was deleted."""


class WarehouseBusyError(TransientError):
    """Another process held the warehouse for longer than the allowed wait."""


class AlreadyRunningError(TransientError):
    """Another run is doing the same work now."""
