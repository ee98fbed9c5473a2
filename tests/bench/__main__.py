"""./run bench: figures as ratios to a ceiling measured in the same run, printed and, with --json FILE, written."""

import argparse
import json
import multiprocessing
import os
import platform
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import uvicorn
from starlette.testclient import TestClient

from app.errors import Invalid
from app.rules.plan import build_plan
from app.rules.ruleset import RULESET
from app.services.exercise_files import read_file
from app.services.library import starter
from tests.bench.figures import drawing, page_with_figures
from tests.bench.library import FEW, MANY, compare
from tests.bench.load import Figure, measure, request
from tests.bench.studio import TIGHT, Studio, build, count_queries, serve
from tests.databases import cluster, maintain
from tests.finished import situation
from tests.hostile_files import HOSTILE, HOSTILE_TABLES
from tests.machine import is_missing

SECONDS = 4.0
TICK_BODIES = 30_000


@dataclass(frozen=True)
class Line:
    """One figure as it is written; a figure without a ceiling leaves ceiling and ratio empty.

    The ratio of a long history is its time by that of a week's, that of a large library the same by a small one's; that of a page with
    figures is its time by that of the page without.
    """

    name: str
    database: str | None
    per_second: float
    p50_ms: float
    p99_ms: float
    queries: int | None = None
    ceiling_per_second: float | None = None
    ratio: float | None = None


def of(name: str, database: str | None, figure: Figure, queries: int | None = None, ceiling: Figure | None = None) -> Line:
    return Line(
        name,
        database,
        round(figure.per_second, 1),
        round(figure.p50_ms, 3),
        round(figure.p99_ms, 3),
        queries,
        round(ceiling.per_second, 1) if ceiling else None,
        round(figure.per_second / ceiling.per_second, 3) if ceiling else None,
    )


def run_server(studio: Studio, listening: socket.socket) -> None:
    uvicorn.Server(uvicorn.Config(serve(studio), log_level="warning", access_log=False, proxy_headers=False)).run(sockets=[listening])


@contextmanager
def served(studio: Studio, listening: socket.socket) -> Iterator[None]:
    """The app in a process of its own, so that server and load each have a core."""
    process = multiprocessing.get_context("fork").Process(target=run_server, args=(studio, listening), daemon=True)
    process.start()
    try:
        deadline = time.monotonic() + 30
        while True:
            try:
                if httpx2.get(f"{studio.settings.public_url}/readyz", timeout=2).status_code == 200:
                    break
            except httpx2.HTTPError:
                if time.monotonic() > deadline:
                    raise
            time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.join(10)


def measure_studio(name: str, url: str, folder: Path, seconds: float) -> list[Line]:
    listening = socket.create_server(("127.0.0.1", 0), backlog=256)
    host = f"127.0.0.1:{listening.getsockname()[1]}"
    studio = build(url, folder, f"http://{host}")
    queries = queries_of(studio, "/my/today", studio.cookie)
    hers = {"cookie": f"hinge={studio.cookie}"}
    with closing(listening), served(studio, listening):
        constant = measure(host, [request("GET", "/bench/constant", host, hers)], seconds)
        ceiling = measure(host, [request("GET", "/bench/ceiling", host, hers)], seconds)
        page = measure(host, [request("GET", "/my/today", host, hers)], seconds)
        tick = measure(host, tick_requests(studio, host), seconds)
        hers = {"cookie": f"hinge={studio.trainer}"}
        pages = {client: f"/clients/{client}/progress" for client in (studio.week, studio.years)}
        measure(host, [request("GET", page, host, hers) for page in pages.values()], seconds / 4)
        week, years = (measure(host, [request("GET", page, host, hers)], seconds) for page in pages.values())
    drawn, bare = page_with_figures(studio, seconds / 2)
    asked = {client: queries_of(studio, page, studio.trainer) for client, page in pages.items()}
    return [
        of("constant_bytes", name, constant),
        of("ceiling", name, ceiling, ceiling=constant),
        of("checklist_page", name, page, queries, ceiling),
        of("tick", name, tick),
        replace(of("figures_in_page", name, drawn), ratio=round(drawn.p50_ms / bare.p50_ms, 3)),
        of("history_week", name, week, asked[studio.week]),
        replace(of("history_three_years", name, years, asked[studio.years]), ratio=round(week.per_second / years.per_second, 3)),
    ]


def measure_library(name: str, url_of: Callable[[int], str], folder: Path, seconds: float) -> list[Line]:
    """Listing, searching and filtering 51 exercises and 5,000; the ratio is the worst of all that is asked."""
    found = compare(url_of, folder, seconds)
    return [of("library_51", name, found.few), replace(of("library_5000", name, found.many), ratio=round(found.worst, 3))]


def tick_requests(studio: Studio, host: str) -> list[bytes]:
    """One tick each, every one with an id of its own, over all that is due."""
    headers = {"cookie": f"hinge={studio.cookie}", "origin": f"http://{host}", "content-type": "application/json"}
    bodies = []
    for number in range(TICK_BODIES):
        item, sets = studio.items[number % len(studio.items)]
        tick = {
            "id": str(uuid4()),
            "item": item,
            "set": number // len(studio.items) % sets + 1,
            "performed_on": "2026-11-23",
            "at": "2026-11-23T08:30:00Z",
            "done": number // 200 % 2 == 0,
        }
        bodies.append(json.dumps({"ticks": [tick]}).encode())
    return [request("POST", f"/api/v1/clients/{studio.client_id}/ticks", host, headers, body) for body in bodies]


def queries_of(studio: Studio, page: str, cookie: str) -> int:
    """How many statements a page asks of the database, the sign-in's one among them."""
    app = serve(studio)
    with TestClient(app, base_url=studio.settings.public_url) as client:
        client.cookies.set("hinge", cookie)
        client.get(page)
        counter = count_queries(app)
        assert client.get(page).status_code == 200
        return next(counter)


def measure_rules(seconds: float) -> Line:
    """`build_plan` for somebody with everything tight, from the starter library."""
    screen, library = situation(TIGHT), {one.slug: one for one in starter()}
    times = []
    end = time.perf_counter() + seconds
    while (started := time.perf_counter()) < end:
        build_plan(screen, library, RULESET)
        times.append(time.perf_counter() - started)
    return of("build_plan", None, timed(times))


def measure_hostile_files() -> Line:
    """Reading each file that would do harm, up to its refusal; p99 is the worst of them."""
    times = []
    for files, is_csv in ((HOSTILE, False), (HOSTILE_TABLES, True)):
        for content, _, _ in files.values():
            started = time.perf_counter()
            with suppress(Invalid):
                read_file(content, is_csv=is_csv)
            times.append(time.perf_counter() - started)
    return of("hostile_file", None, timed(times))


def timed(times: list[float]) -> Figure:
    times = sorted(times)
    return Figure(len(times) / sum(times), times[len(times) // 2] * 1000, times[int(len(times) * 0.99)] * 1000)


def machine() -> dict[str, Any]:
    return {"python": platform.python_version(), "system": platform.system(), "architecture": platform.machine(), "cores": os.cpu_count()}


def main() -> None:
    parser = argparse.ArgumentParser(prog="./run bench")
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="for each figure")
    arguments = parser.parse_args()
    drawn, slowest = drawing(min(arguments.seconds, 2.0))
    lines = [
        measure_rules(min(arguments.seconds, 2.0)),
        of("figure", None, drawn),
        of("figure_slowest", None, slowest),
        measure_hostile_files(),
    ]
    with tempfile.TemporaryDirectory() as folder:
        lines += measure_studio("sqlite", f"sqlite:///{folder}/bench.sqlite3", Path(folder), arguments.seconds)
        lines += measure_library("sqlite", lambda size: f"sqlite:///{folder}/library{size}.sqlite3", Path(folder), arguments.seconds)
    if is_missing("initdb"):
        print("There is no PostgreSQL on this machine: SQLite only.", file=sys.stderr)
    else:
        with tempfile.TemporaryDirectory() as folder, cluster(durable=True) as url:
            maintain(url, "CREATE DATABASE bench")
            lines += measure_studio("postgresql", f"{url}/bench", Path(folder), arguments.seconds)
            for size in (FEW, MANY):
                maintain(url, f"CREATE DATABASE library{size}")
            lines += measure_library("postgresql", lambda size: f"{url}/library{size}", Path(folder), arguments.seconds)
    print(f"{'figure':19} {'database':11} {'per second':>11} {'p50 ms':>8} {'p99 ms':>8} {'queries':>8} {'ratio':>6}")
    for line in lines:
        queries, ratio = ("" if value is None else str(value) for value in (line.queries, line.ratio))
        times = f"{line.per_second:11.1f} {line.p50_ms:8.3f} {line.p99_ms:8.3f}"
        print(f"{line.name:19} {line.database or '-':11} {times} {queries:>8} {ratio:>6}")
    if arguments.json:
        arguments.json.write_text(
            json.dumps({"machine": machine(), "figures": [asdict(line) for line in lines]}, indent=2) + "\n", encoding="utf-8"
        )


if __name__ == "__main__":
    main()
