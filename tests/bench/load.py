"""A load from one process: some connections that ask again as soon as they are answered."""

import asyncio
import time
from dataclasses import dataclass

CONNECTIONS = 16


@dataclass(frozen=True)
class Figure:
    """What a load measured; times in milliseconds."""

    per_second: float
    p50_ms: float
    p99_ms: float


class _Asker(asyncio.Protocol):
    """One connection: sends a request, waits for all of its answer, sends the next."""

    def __init__(self, requests: "Requests", times: list[float], until: float, done: asyncio.Event) -> None:
        self.requests, self.times, self.until, self.done = requests, times, until, done
        self.missing = 0
        self.head = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.ask()

    def ask(self) -> None:
        self.started = time.perf_counter()
        if self.started >= self.until:
            self.transport.close()
            self.done.set()
            return
        self.transport.write(self.requests.next())

    def data_received(self, data: bytes) -> None:
        if not self.missing:
            self.head += data
            head, end, rest = self.head.partition(b"\r\n\r\n")
            if not end:
                return
            if not head.startswith((b"HTTP/1.1 200", b"HTTP/1.1 201", b"HTTP/1.1 303")):
                raise RuntimeError(head.decode(errors="replace") + rest[:500].decode(errors="replace"))
            lowered = head.lower()
            at = lowered.index(b"content-length:") + 15
            self.missing = int(lowered[at:].split(b"\r\n", 1)[0]) - len(rest)
            self.head = b""
        else:
            self.missing -= len(data)
        if self.missing <= 0:
            self.missing = 0
            self.times.append(time.perf_counter() - self.started)
            self.ask()

    def connection_lost(self, exc: Exception | None) -> None:
        self.done.set()


class Requests:
    """The bytes to send, one after the other; made before the clock starts."""

    def __init__(self, host: str, prepared: list[bytes]) -> None:
        self.prepared = prepared
        self.at = 0

    def next(self) -> bytes:
        request = self.prepared[self.at % len(self.prepared)]
        self.at += 1
        return request


def request(method: str, path: str, host: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", f"host: {host}", *(f"{name}: {value}" for name, value in headers.items())]
    if method != "GET":
        lines.append(f"content-length: {len(body)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


async def _run(host: str, prepared: list[bytes], seconds: float) -> tuple[list[float], float]:
    times: list[float] = []
    loop = asyncio.get_running_loop()
    requests = Requests(host, prepared)
    name, port = host.split(":")
    started = time.perf_counter()
    waits = []
    for _ in range(CONNECTIONS):
        done = asyncio.Event()
        await loop.create_connection(lambda done=done: _Asker(requests, times, started + seconds, done), name, int(port))  # type: ignore[misc]  # a lambda's default has no type
        waits.append(done.wait())
    await asyncio.gather(*waits)
    return times, time.perf_counter() - started


def measure(host: str, prepared: list[bytes], seconds: float) -> Figure:
    """Ask for some seconds over 16 connections; every answer must be a good one."""
    times, took = asyncio.run(_run(host, prepared, seconds))
    times.sort()
    return Figure(len(times) / took, times[len(times) // 2] * 1000, times[int(len(times) * 0.99)] * 1000)
