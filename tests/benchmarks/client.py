"""A client that keeps its connection and does next to nothing, so that what is measured is the server."""

import socket
from dataclasses import dataclass
from urllib.parse import urlsplit


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
        head, rest = self._read_head()
        lines = head.decode().split("\r\n")
        pairs = (line.split(": ", 1) for line in lines[1:])
        found = {name.lower(): value for name, value in pairs}
        body = self._read_body(rest, int(found.get("content-length", "0")))
        return Reply(status=int(lines[0].split()[1]), headers=found, body=body)

    def close(self) -> None:
        self._socket.close()

    def _opened(self) -> socket.socket:
        opened = socket.create_connection((self._url.hostname, self._url.port), timeout=60)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return opened

    def _read_head(self) -> tuple[bytes, bytes]:
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._received()
        head, _, rest = received.partition(b"\r\n\r\n")
        return head, rest

    def _read_body(self, begun: bytes, length: int) -> bytes:
        parts, have = [begun], len(begun)
        while have < length:
            parts.append(self._received())
            have += len(parts[-1])
        return b"".join(parts)

    def _received(self) -> bytes:
        part = self._socket.recv(1 << 20)
        if not part:
            raise ConnectionError("the server closed the connection")
        return part
