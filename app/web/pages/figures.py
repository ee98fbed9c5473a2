"""Pictures of exercises at addresses of their own: as a page, and as bare SVG that a browser keeps for ever."""

from dataclasses import dataclass
from typing import ClassVar

from fastapi import APIRouter, Response

from app.errors import NotFound, NotSignedIn
from app.rules.vocabulary import Side
from app.services import library
from app.web.deps import Work
from app.web.figures import Figure, Kind, drawn, figure, own_version
from app.web.figures import version as drawing
from app.web.page import Page, Screenful, View
from app.web.schemas import Number

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, kw_only=True)
class FigurePage(Page):
    template: ClassVar[str] = "figures/figure.html"
    figure: Figure
    side: str
    back_href: str
    back_label: str


@router.get("/figures/{slug}/{side}/{kind}.svg")
async def figure_file(slug: str, side: Side, kind: Kind, v: str = "") -> Response:
    """Anybody may ask: it says nothing of a person, no more than a style sheet does."""
    svg = drawn(slug, side, kind)
    if svg is None:
        raise NotFound
    keep = "public, max-age=31536000, immutable" if v == drawing() else "no-cache"
    return Response(svg, media_type="image/svg+xml", headers={"cache-control": keep})


@router.get("/figures/{slug}/{side}", name="figure")
def figure_page(view: Screenful, slug: str, side: Side) -> Response:
    return _large(view, figure(slug, side), side)


@router.get("/figures/{slug}/{version}/{side}/{kind}.svg")
def own_figure_file(work: Work, slug: str, version: Number, side: Side, kind: Kind, v: str = "") -> Response:
    """A studio's own picture, as that version of the exercise has it, for those of the studio."""
    own = library.picture(work, slug, version)
    svg = drawn(slug, side, kind, own) if own else None
    if svg is None:
        raise NotFound
    keep = "private, max-age=31536000, immutable" if v == own_version(own) else "private, no-cache"
    return Response(svg, media_type="image/svg+xml", headers={"cache-control": keep})


@router.get("/figures/{slug}/{version}/{side}")
def own_figure(work: Work, view: Screenful, slug: str, version: Number, side: Side) -> Response:
    own = library.picture(work, slug, version)
    return _large(view, figure(slug, side, own) if own else None, side)


def _large(view: View, found: Figure | None, side: Side) -> Response:
    if view.actor is None:
        raise NotSignedIn
    if found is None:
        raise NotFound
    is_client = view.actor.client_id is not None
    return view.show(
        FigurePage(
            shell=view.shell,
            figure=found,
            side="" if side is Side.BOTH else f", {side}",
            back_href=view.url("my_today" if is_client else "library"),
            back_label="Today" if is_client else "Library",
        )
    )
