"""Pictures: how long one takes to draw, and what they add to the list of a client for whom everything is tight."""

import time
from collections.abc import Callable
from dataclasses import replace

from app.figures import PICTURES
from app.figures.draw import draw, frame
from app.figures.solve import moment, solve
from app.web.pages.practice import Section
from tests.bench.load import Figure
from tests.bench.studio import Studio, from_memory, serve


def drawing(seconds: float) -> tuple[Figure, Figure]:
    """One that moves, drawn from its angles, nothing remembered from the time before: any of them, and the one that takes longest."""
    times: dict[str, list[float]] = {slug: [] for slug in PICTURES}
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        for slug, picture in PICTURES.items():
            for kept in (draw, frame, moment, solve):
                kept.cache_clear()
            times[slug].append(_took(lambda picture=picture: draw(picture, animated=True)))  # type: ignore[misc]  # a lambda's default has no type
    return _figure([one for each in times.values() for one in each]), max(map(_figure, times.values()), key=lambda one: one.p50_ms)


def page_with_figures(studio: Studio, seconds: float) -> tuple[Figure, Figure]:
    """The same page from memory with its pictures and without them, in turn."""
    view, page = from_memory(studio, serve(studio))
    bare = replace(page, sections=tuple(_without(section) for section in page.sections))
    assert view.html(page).count('class="see"') >= 10
    assert 'class="see"' not in view.html(bare)
    drawn, without = [], []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        drawn.append(_took(lambda: view.html(page).encode()))
        without.append(_took(lambda: view.html(bare).encode()))
    return _figure(drawn), _figure(without)


def _without(section: Section) -> Section:
    return replace(section, rows=tuple(replace(row, fixed=replace(row.fixed, picture=None, explanation=None)) for row in section.rows))


def _took(do: Callable[[], object]) -> float:
    """The processor's own time: what else the machine does at that moment is no figure's doing."""
    started = time.process_time()
    do()
    return time.process_time() - started


def _figure(times: list[float]) -> Figure:
    times.sort()
    return Figure(len(times) / sum(times), times[len(times) // 2] * 1000, times[int(len(times) * 0.99)] * 1000)
