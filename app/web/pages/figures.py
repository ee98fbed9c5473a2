"""Pictures of exercises at addresses of their own: as a page, and as bare SVG that a browser keeps for ever."""

from dataclasses import dataclass
from typing import ClassVar

from fastapi import APIRouter, Response

from app.errors import NotFound, NotSignedIn
from app.rules.vocabulary import Side
from app.web.figures import Figure, Kind, drawn, figure
from app.web.figures import version as drawing
from app.web.page import Page, Screenful

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
    if view.actor is None:
        raise NotSignedIn
    found = figure(slug, side)
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
