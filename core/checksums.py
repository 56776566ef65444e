"""Checksums of objects, in the form that Google Cloud Storage gives them."""

import base64


def crc32c(data: bytes) -> str:
    """CRC32C (Castagnoli, RFC 3720) of bytes, big-endian in base64, as Cloud Storage shows it."""
    import google_crc32c

    return base64.b64encode(google_crc32c.value(data).to_bytes(4, "big")).decode()
