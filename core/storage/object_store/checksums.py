"""Checksums of objects, in the form that Google Cloud Storage gives them."""

import binascii
from collections.abc import Iterable

import google_crc32c


def crc32c(data: bytes) -> str:
    """CRC32C (Castagnoli, RFC 3720) of bytes, big-endian in base64, as Cloud Storage shows it."""
    return crc32c_of((data,))


def crc32c_of(parts: Iterable[bytes]) -> str:
    """The same of bytes that come piece by piece."""
    value = 0
    for part in parts:
        value = google_crc32c.extend(value, part)
    return binascii.b2a_base64(value.to_bytes(4, "big"), newline=False).decode()
