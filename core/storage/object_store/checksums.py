"""Checksums of objects, in the form of Google Cloud Storage."""

import binascii
from collections.abc import Iterable

import google_crc32c


def crc32c(data: bytes) -> str:
    """CRC32C (Castagnoli, RFC 3720) of bytes, big-endian in base64, as in Cloud Storage."""
    return crc32c_of((data,))


def crc32c_of(parts: Iterable[bytes]) -> str:
    """CRC32C of bytes in parts."""
    value = 0
    for part in parts:
        value = google_crc32c.extend(value, part)
    return binascii.b2a_base64(value.to_bytes(4, "big"), newline=False).decode()
