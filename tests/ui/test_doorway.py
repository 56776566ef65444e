"""Requests to a real server by other names, from other sites and through proxies."""

import re
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.browser.support import Server, serving

LIMIT_S = 30
UPGRADE = {
    "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Protocol": "streamlit",
}  # fmt: skip
PATHS = ("/", "/generate", "/_stcore/health", "/_stcore/host-config", "/_stcore/stream")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The panel as the README starts it."""
    with serving(tmp_path_factory.mktemp("doorway")) as started:
        yield started


def answer(server: Server, path: str, headers: Mapping[str, str]) -> str:
    """The answer; of one that goes on as a WebSocket, its head."""
    place = urlsplit(server.url)
    kind = UPGRADE if path.endswith("stream") else {"Connection": "close"}
    usual = {"Host": place.netloc, **kind}
    lines = [f"{name}: {value}" for name, value in {**usual, **headers}.items()]
    with socket.create_connection((place.hostname, place.port), LIMIT_S) as connection:
        connection.sendall("\r\n".join([f"GET {path} HTTP/1.1", *lines, "", ""]).encode())
        first = connection.recv(65_536)
        rest = b"" if b" 101 " in first else b"".join(iter(lambda: connection.recv(65_536), b""))
        return (first + rest).decode("utf-8", "replace")


def status(server: Server, path: str, headers: Mapping[str, str]) -> int:
    found = re.match(r"HTTP/1\.1 (\d{3}) ", answer(server, path, headers))
    assert found is not None
    return int(found[1])


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"}, {"Host": "evil.example:8501"}, {"Host": "127.0.0.1.evil.example"},
        {"Host": "localhost.evil.example"}, {"Host": "evil@localhost:x"}, {"Host": "192.168.1.2"},
        {"Origin": "http://evil.example"}, {"Origin": "http://127.0.0.1:9"}, {"Origin": "null"},
        {"Origin": "http://localhost:3000"}, {"X-Forwarded-For": "203.0.113.9"},
        {"X-Forwarded-Host": "panel.example.com"}, {"Forwarded": "for=203.0.113.9"},
        {"Via": "1.1 proxy"},
    ],
    ids=str,
)  # fmt: skip
def test_without_sign_in_only_this_machines_own_browser_is_answered(
    headers: dict[str, str], path: str, server: Server
) -> None:
    assert status(server, path, headers) == 403


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "LOCALHOST", "[::1]"])
def test_a_browser_of_this_machine_is_answered(name: str, path: str, server: Server) -> None:
    host = f"{name}:{urlsplit(server.url).port}"
    wanted = 101 if path.endswith("stream") else 200
    assert status(server, path, {"Host": host, "Origin": f"http://{host}"}) == wanted
    assert status(server, path, {"Host": host}) == wanted


def test_a_refusal_says_why_in_the_readers_language(server: Server) -> None:
    english = answer(server, "/", {"Host": "evil.example"})
    assert "came by another name than this machine's own" in english
    through_proxy = {"X-Forwarded-For": "203.0.113.9", "Accept-Language": "pt-BR,pt;q=0.9"}
    assert "veio por um proxy" in answer(server, "/", through_proxy)


@pytest.mark.parametrize("path", PATHS[:3])
def test_no_site_can_frame_a_page(path: str, server: Server) -> None:
    head = answer(server, path, {}).partition("\r\n\r\n")[0].lower()
    assert "x-frame-options: deny" in head
    assert "frame-ancestors 'none'" in head


@pytest.mark.processes
def test_where_it_is_forced_open_any_name_and_proxy_is_answered_and_any_site_is_not(
    tmp_path: Path,
) -> None:
    with serving(tmp_path, MRHEALTH_OPEN="1") as server:
        behind = {"Host": "panel.example.com", "X-Forwarded-For": "203.0.113.9"}
        own = {**behind, "Origin": "https://panel.example.com"}
        assert status(server, "/_stcore/stream", own) == 101
        foreign = {**behind, "Origin": "https://evil.example"}
        assert status(server, "/_stcore/stream", foreign) == 403
