"""A library of 51 exercises beside one of 5,000: the same asks of both, turn by turn, so that both share the machine's moods."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import text
from starlette.testclient import TestClient

from app.main import create_app
from app.models import Role, User
from app.services import accounts, imports
from app.services.accounts import Try
from app.services.exercise_files import to_yaml
from app.services.library import starter
from app.settings import Settings
from app.store import Database, migrate
from app.store.accounts import actor_of
from tests.bench.load import Figure
from tests.clock import Clock

HERE = "http://127.0.0.1:8000"
FEW, MANY = 51, 5000
MOST_HIT = "widely"
"""In four of five exercises of the large library, and in all of the small one, so that both fill a page."""
ASKS = {
    "first page": ("/library", "/library"),
    "last page": ("/library", "/library?page=83"),
    "one hit": ("/library?query=rarity", "/library?query=rarity"),
    "one hit, with accents": (f"/library?query={quote('ÉLÀN')}", f"/library?query={quote('ÉLÀN')}"),
    "many hits": (f"/library?query={MOST_HIT}", f"/library?query={MOST_HIT}"),
    "many hits, last page": (f"/library?query={MOST_HIT}", f"/library?query={MOST_HIT}&page=66"),
    "no hit": ("/library?query=zzz", "/library?query=zzz"),
    "one stage": ("/library", "/library?stage=strengthening"),
    "a word in one stage": ("/library?stage=flexibility&query=rarity", "/library?stage=flexibility&query=rarity"),
    "archived": ("/library?archived=yes", "/library?archived=yes"),
}
"""What is asked, of the small library and of the large one, with about as much on the page: a stage of the large one fills a page, so it
is held against all that the small one has."""


@dataclass(frozen=True)
class Compared:
    """What each of the two took over all asks, and by what the large one is slower where it is slowest."""

    few: Figure
    many: Figure
    worst: float
    ratios: dict[str, float]


def shelf(size: int) -> str:
    """The starter library told again and again, as a file; one exercise that is rare and one with accents among them."""
    told = []
    for number in range(size):
        one = starter()[number % FEW]
        again, tail = number >= FEW, {7: " rarity", 8: " Élàn"}.get(number, "")
        told.append(
            replace(
                one,
                slug=f"{one.slug}-{number}" if again else one.slug,
                name=f"{one.name} {number}{tail}" if again else one.name + tail,
                cues=(*one.cues, *((MOST_HIT,) if number % 5 or size == FEW else ())),
            )
        )
    return to_yaml((one, False) for one in told)


def build(url: str, size: int) -> str:
    """Fill an empty database with a studio of so many exercises; returns what opens its admin's session."""
    migrate.upgrade(url)
    database, at = Database.at(url), Clock()()
    with database.work(writes=True) as store:
        studio = accounts.add_studio(store, "Northside", "Europe/London", at)
        ada = User(studio_id=studio.id, email="ada@x.example", name="Ada", roles=frozenset({Role.ADMIN}), password_hash="", created_at=at)
        store.accounts.add(ada)
        cookie = accounts.sign_in(store, Try(ada.id, ada.password_hash, may_try=True), "a browser", at)
    with database.work(actor_of(ada, studio), writes=True) as store:
        sent = imports.look(store, imports.send(store, "many.yaml", shelf(size).encode(), at, is_csv=False))
        imports.take_in(store, sent.id, sent.run.mark, at)
        store.session.execute(text("ANALYZE"))  # which PostgreSQL otherwise does by itself a little later
    database.close()
    return cookie


@contextmanager
def opened(url: str, folder: Path, cookie: str) -> Iterator[TestClient]:
    app = create_app(Settings(database_url=url, data_dir=folder, public_url=HERE), Clock())
    with TestClient(app, base_url=HERE) as client:
        client.cookies.set("hinge", cookie)
        yield client


def asked(client: TestClient, path: str) -> float:
    started = time.perf_counter()
    answer = client.get(path)
    took = time.perf_counter() - started
    assert answer.status_code == 200, answer.text
    return took


def compare(url_of: Callable[[int], str], folder: Path, seconds: float) -> Compared:
    """Ask both libraries the same for so long; `url_of` gives an empty database for a size."""
    cookies = {size: build(url_of(size), size) for size in (FEW, MANY)}
    times: dict[str, tuple[list[float], list[float]]] = {name: ([], []) for name in ASKS}
    with opened(url_of(FEW), folder, cookies[FEW]) as few, opened(url_of(MANY), folder, cookies[MANY]) as many:
        end = None
        while end is None or time.perf_counter() < end:
            for name, (small, large) in ASKS.items():
                took = asked(few, small), asked(many, large)
                if end is not None:
                    times[name][0].append(took[0])
                    times[name][1].append(took[1])
            end = end or time.perf_counter() + seconds
    ratios = {name: _good(large) / _good(small) for name, (small, large) in times.items()}
    both = [sorted(one for pair in times.values() for one in pair[place]) for place in (0, 1)]
    figures = [Figure(len(all_of) / sum(all_of), _middle(all_of) * 1000, all_of[int(len(all_of) * 0.99)] * 1000) for all_of in both]
    return Compared(figures[0], figures[1], max(ratios.values()), ratios)


def _good(times: list[float]) -> float:
    """What a quarter of the asks took at most: what else the machine does only ever adds."""
    return sorted(times)[len(times) // 4]


def _middle(times: list[float]) -> float:
    return sorted(times)[len(times) // 2]
