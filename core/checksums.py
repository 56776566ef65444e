"""Checksums of objects, in the form that Google Cloud Storage gives them."""

import binascii

import google_crc32c


def crc32c(data: bytes) -> str:
    """CRC32C (Castagnoli, RFC 3720) of bytes, big-endian in base64, as Cloud Storage shows it."""
    checksum = google_crc32c.value(data).to_bytes(4, "big")
    return binascii.b2a_base64(checksum, newline=False).decode()
