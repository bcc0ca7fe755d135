"""A connection that breaks: a proxy which lets requests through, or loses them, or what is answered to them."""

import random
import socket
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field

PATIENCE = 30.0  # seconds
BEFORE, MIDDLE, AFTER = "before the request", "in its middle", "after it was carried out"


@dataclass(kw_only=True)
class Cutter:
    """Takes a request a connection, to the servers in turn, and cuts `left` of them."""

    upstreams: list[int]
    port: int
    rng: random.Random
    left: int = 0
    cuts: Counter[str] = field(default_factory=Counter)
    _turn: threading.Lock = field(default_factory=threading.Lock)
    _count: int = 0

    def handle(self, client: socket.socket) -> None:
        with closing(client), suppress(OSError):
            client.settimeout(PATIENCE)
            cut, port = self._next()
            if cut == BEFORE:
                return
            request = _whole(client)
            with socket.create_connection(("127.0.0.1", port), PATIENCE) as server:
                server.settimeout(PATIENCE)
                if cut == MIDDLE:
                    server.sendall(request[: -max(1, len(request) // 20)])
                    return
                server.sendall(request)
                answer = _whole(server)
            if cut is None:
                client.sendall(answer)

    def _next(self) -> tuple[str | None, int]:
        with self._turn:
            self._count += 1
            port = self.upstreams[self._count % len(self.upstreams)]
            if not self.left or self.rng.random() < 0.4:
                return None, port
            self.left -= 1
            cut = self.rng.choice((BEFORE, MIDDLE, AFTER, AFTER))
            self.cuts[cut] += 1
            return cut, port


@contextmanager
def cutting(upstreams: Sequence[int]) -> Iterator[Cutter]:
    """In front of the servers on these ports; nothing is cut until `left` says so."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        rng = random.Random(7)  # noqa: S311 -- chance, no secret
        cutter = Cutter(upstreams=list(upstreams), port=listener.getsockname()[1], rng=rng)
        accepting = threading.Thread(target=_accept, args=(listener, cutter))
        accepting.start()
        yield cutter
        listener.shutdown(socket.SHUT_RDWR)
        accepting.join()


def _accept(listener: socket.socket, cutter: Cutter) -> None:
    handling = []
    with suppress(OSError):  # it was shut down
        while True:
            client, _ = listener.accept()
            handling.append(threading.Thread(target=cutter.handle, args=(client,)))
            handling[-1].start()
    for one in handling:
        one.join()


def _whole(connection: socket.socket) -> bytes:
    """A request, or an answer: what its head and its length say."""
    said = b""
    while b"\r\n\r\n" not in said:
        said += _some(connection)
    head, _, body = said.partition(b"\r\n\r\n")
    lengths = [line.partition(b":")[2] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    missing = int(lengths[0]) - len(body) if lengths else 0
    while missing > 0:
        more = _some(connection)
        said, missing = said + more, missing - len(more)
    return said


def _some(connection: socket.socket) -> bytes:
    found = connection.recv(65_536)
    if not found:
        raise ConnectionError("it was closed")
    return found
