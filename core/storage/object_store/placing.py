"""Move a finished file to a new name, without ever replacing a file."""

import errno
import os
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager

# Errors of `link` on file systems without hard links (FAT, exFAT, many network shares).
_NO_LINKS = (
    errno.EPERM, errno.EACCES, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK,
)  # fmt: skip


def place_new(made: str, target: str, locked: Callable[[], AbstractContextManager[None]]) -> None:
    """Move a file to a name that does not exist; it may keep its old name as well.

    `locked` excludes other callers: without hard links, check and move are two steps.

    Raises:
        FileExistsError: The name exists.
        OSError: The system refuses.
    """
    if sys.platform == "win32":  # its rename never replaces
        os.rename(made, target)  # noqa: PTH104 - plain strings: paths cost time in bulk
        return
    try:
        os.link(made, target)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        with locked():
            if os.path.lexists(target):
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), target) from None
            os.rename(made, target)  # noqa: PTH104
