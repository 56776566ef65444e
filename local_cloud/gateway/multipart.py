"""Bodies of `multipart/related`: JSON first, then bytes."""

import re
from typing import Any

from local_cloud.gateway.exchange import Asked, json_of


def multipart(asked: Asked) -> tuple[dict[str, Any], bytes]:
    """The JSON object and the bytes of a multipart upload; empty where the body is none."""
    found = re.search(r'boundary="?([^";]+)"?', asked.headers.get("Content-Type", ""))
    if not found:
        return {}, b""
    parts = (b"\r\n" + asked.body).split(b"\r\n--" + found[1].strip("'").encode())
    payloads = [part.partition(b"\r\n\r\n")[2] for part in parts[1:-1]]
    if len(payloads) != 2:
        return {}, b""
    return json_of(payloads[0]), payloads[1]
