"""List a folder as a bucket: the files that can be objects, and why other entries cannot.

Other processes may write and delete meanwhile: a deleted entry is left out. Links are followed,
also to folders, unless a link leads back to a folder that contains it.
"""

import errno
import os
import stat
from typing import NamedTuple

from core.messages import message
from core.showable import is_text, showable
from core.storage.object_store.base import Listing, ObjectInfo, Unreadable
from core.storage.object_store.staging import STAGING
from core.storage.object_store.times import generation_of

_GONE = (errno.ENOENT, errno.ENOTDIR, errno.ESTALE)
_ALL_READ = stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH
_KINDS = {
    stat.S_IFIFO: "it is a named pipe, not a file",
    stat.S_IFSOCK: "it is a socket, not a file",
    stat.S_IFCHR: "it is a device, not a file",
    stat.S_IFBLK: "it is a device, not a file",
}
_DANGLING = message("entry.dangling")
_LOOP = message("entry.loop")
_NOT_TEXT = message("entry.not_text")


class _Folder(NamedTuple):
    """A folder to list: path, prefix of its names, and the folders whose links led to it."""

    path: str
    prefix: str
    left: tuple[str, ...] = ()


def walk(root: str, prefix: str, hidden: str = "") -> Listing:
    """List everything below a prefix (empty, or with a closing slash), in no order.

    `hidden` is the beginning of every name that has no folder.

    Raises:
        OSError: The bucket's folder itself cannot be listed.
    """
    found = Listing([], [])
    folders = _enter(root, prefix, hidden, found)
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(folder.path) as entries:
                for entry in entries:
                    inner = _take(entry, folder, found)
                    if inner:
                        folders.append(inner)
        except OSError as error:
            if error.errno in _GONE:
                continue
            if folder.path == root:
                raise
            found.unreadable.append(Unreadable(showable(folder.prefix), reason_of(error)))
    return found


def reason_of(error: OSError) -> str:
    """Why the system refused, in words."""
    return message("entry.unreadable", reason=error.strerror or error)


def why_not(state: os.stat_result) -> str:
    """Why an entry is not a regular file; empty if it is one."""
    return "" if stat.S_ISREG(state.st_mode) else _KINDS.get(stat.S_IFMT(state.st_mode), "")


def _may_be_folder(name: str) -> bool:
    """Whether an unknown entry is named like a folder: without a suffix."""
    return "." not in name.rsplit("/", 1)[-1]


def _enter(root: str, prefix: str, hidden: str, found: Listing) -> list[_Folder]:
    """The folder of a prefix, following links by the same rules as a walk from the root."""
    folder = _Folder(root, hidden if prefix.startswith(hidden) else "")
    for part in prefix.removeprefix(hidden).split("/")[:-1]:
        path, name = f"{folder.path}/{part}", f"{folder.prefix}{part}/"
        if not os.path.islink(path):  # noqa: PTH114 - see `core.storage.object_store.local`
            folder = _Folder(path, name, folder.left)
            continue
        inner = _follow(path, name, folder)
        if inner is None or not os.path.exists(path):  # noqa: PTH110
            reason = _DANGLING if inner else _LOOP
            found.unreadable.append(Unreadable(showable(name), reason))
            return []
        folder = inner
    return [folder]


def _follow(path: str, prefix: str, folder: _Folder) -> _Folder | None:
    """The folder that a link leads to; None when it leads back."""
    target = os.path.realpath(path)
    left = (*folder.left, os.path.realpath(folder.path))
    if any(f"{each}/".startswith(f"{target}/".replace("//", "/")) for each in left):
        return None
    return _Folder(path, prefix, left)


def _take(entry: "os.DirEntry[str]", folder: _Folder, found: Listing) -> _Folder | None:
    """Add an entry to `found`, as an object or as unreadable; return a folder to walk."""
    name = folder.prefix + entry.name
    try:
        is_folder = entry.is_dir(follow_symlinks=False)
        state = None if is_folder else entry.stat()
    except OSError as error:
        reason = _why_no_state(entry, error)
        if reason:
            slash = "/" * (reason == _DANGLING and _may_be_folder(name))
            found.unreadable.append(Unreadable(showable(name) + slash, reason))
        return None
    if not entry.name.isascii() and not is_text(entry.name):
        found.unreadable.append(Unreadable(showable(name) + "/" * is_folder, _NOT_TEXT))
        return None
    if state is None:
        return None if entry.name == STAGING else _Folder(entry.path, f"{name}/", folder.left)
    if stat.S_ISDIR(state.st_mode):
        inner = _follow(entry.path, f"{name}/", folder)
        if inner is None:
            found.unreadable.append(Unreadable(showable(f"{name}/"), _LOOP))
        return inner
    reason = why_not(state) or _why_closed(entry.path, state)
    if reason:
        found.unreadable.append(Unreadable(showable(name), reason))
    else:
        found.objects.append(ObjectInfo(name, generation_of(state), state.st_size))
    return None


def _why_no_state(entry: "os.DirEntry[str]", error: OSError) -> str:
    """Why an entry has no state; empty if it was deleted since the folder was listed."""
    if error.errno not in _GONE:
        return reason_of(error)
    return _DANGLING if entry.is_symlink() and os.path.lexists(entry.path) else ""


def _why_closed(path: str, state: os.stat_result) -> str:
    """Why a file may not be read; a system call only if the mode does not decide it."""
    if state.st_mode & _ALL_READ == _ALL_READ or os.access(path, os.R_OK):
        return ""
    return reason_of(PermissionError(errno.EACCES, os.strerror(errno.EACCES)))
