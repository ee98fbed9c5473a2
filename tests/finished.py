"""Finished screens without the page that they are typed into."""

from dataclasses import replace
from datetime import date, datetime

from app import models
from app.rules.documents import Screen
from app.services import plans
from app.services.plans import ASSESSMENT, SCREEN, Outcome
from app.store import Store
from tests.cast import DAY, Cast
from tests.rules.situations import SITUATIONS


def situation(name: str, *, taken_on: date = DAY) -> Screen:
    """The screen of one of the situations, taken on a day."""
    return replace(SITUATIONS[name].screen, taken_on=taken_on)


def finish(cast: Cast, screen: Screen, *, who: str = "tess", client: str = "cleo", mends: int | None = None) -> tuple[int, Outcome]:
    """Finish a screen of one of the cast as her trainer does; returns its id and what came of it."""
    with cast.work(who) as store:
        return finish_in(store, cast.people[client].client_id or 0, screen, cast.clock(), mends)


def finish_in(store: Store, client_id: int, screen: Screen, at: datetime, mends: int | None = None) -> tuple[int, Outcome]:
    client = store.clients.get(client_id)
    weighed = plans.weigh(store, client, screen, None if mends is None else store.screens.get(client, mends))
    row = models.Screen(
        studio_id=client.studio_id,
        client_id=client.id,
        author_id=store.actor.user_id,
        taken_on=screen.taken_on,
        document=SCREEN.dump_json(screen).decode(),
        result=ASSESSMENT.dump_json(weighed.assessment).decode(),
        supersedes_id=mends,
        supersede_reason=None if mends is None else "mistyped",
        created_at=at,
        updated_at=at,
        finished_at=at,
    )
    store.screens.add(row)
    return row.id, plans.settle(store, client, row, screen, at, at.date())
