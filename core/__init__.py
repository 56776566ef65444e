"""The product: from a business window to Gold.

>>> from core import Platform, Request, Settings, rebuild, upload

Each name is imported when it is first used, so that `import core` is fast.
"""

import importlib
from typing import TYPE_CHECKING

from core.errors import PlatformError
from core.settings import Settings

if TYPE_CHECKING:
    from core.generation.catalog import load_catalog
    from core.generation.windows import window_at
    from core.pipeline import compare, ingest_pending, rebuild, upload
    from core.platform import Platform
    from core.storage.publish import Request, publish

_HOME = {
    "Platform": "core.platform",
    "Request": "core.storage.publish",
    "compare": "core.pipeline",
    "ingest_pending": "core.pipeline",
    "load_catalog": "core.generation.catalog",
    "publish": "core.storage.publish",
    "rebuild": "core.pipeline",
    "upload": "core.pipeline",
    "window_at": "core.generation.windows",
}

__all__ = [
    "Platform",
    "PlatformError",
    "Request",
    "Settings",
    "compare",
    "ingest_pending",
    "load_catalog",
    "publish",
    "rebuild",
    "upload",
    "window_at",
]


def __getattr__(name: str) -> object:
    """Import the module of a public name on first use."""
    if name not in _HOME:
        raise AttributeError(f"module 'core' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOME[name]), name)
