"""A client that keeps its connection and does next to nothing, so that what is measured is the server."""

import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

LARGEST = 16 << 20
"""The bytes of the largest answer."""


@dataclass(frozen=True, kw_only=True)
class Reply:
    """An answer."""

    status: int
    headers: dict[str, str]
    body: bytes


class Client:
    """One connection to a server; it understands answers that say how long they are."""

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)
        self._bytes = bytearray(LARGEST)
        self._buffer, self._have = memoryview(self._bytes), 0
        self._socket = self._opened()

    def reopen(self) -> None:
        """Connect again: a server closes what has been idle for long."""
        self.close()
        self._socket = self._opened()

    def get(self, path: str, **headers: str) -> Reply:
        return self.send("GET", path, headers)

    def send(self, method: str, path: str, headers: dict[str, str] | None = None) -> Reply:
        """Ask, and read the whole answer. Header names are written with underscores."""
        more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in (headers or {}).items())
        request = f"{method} {path} HTTP/1.1\r\nhost: {self._url.netloc}\r\n{more}\r\n".encode()
        self._socket.sendall(request)
        head, begin = self._read_head()
        lines = head.split("\r\n")
        pairs = (line.split(": ", 1) for line in lines[1:])
        found = {name.lower(): value for name, value in pairs}
        end = begin + int(found.get("content-length", "0"))
        while self._have < end:
            self._read()
        return Reply(status=int(lines[0].split()[1]), headers=found, body=bytes(self._buffer[begin:end]))

    def close(self) -> None:
        self._socket.close()

    def _opened(self) -> socket.socket:
        opened = socket.create_connection((self._url.hostname, self._url.port), timeout=60)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return opened

    def _read_head(self) -> tuple[str, int]:
        """The head, and where the body begins."""
        self._have = 0
        while (end := self._bytes.find(b"\r\n\r\n", 0, self._have)) < 0:
            self._read()
        return bytes(self._buffer[:end]).decode(), end + 4

    def _read(self) -> None:
        count = self._socket.recv_into(self._buffer[self._have :])
        if not count:
            raise ConnectionError("the server closed the connection")
        self._have += count
