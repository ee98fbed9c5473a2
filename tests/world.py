"""Objects that exist, for tests that go through every route: a plan, a stop, a draft, a link, by name."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from app.figures import PICTURES
from app.figures.documents import to_text
from app.models import AuthSession, Base
from app.rules.vocabulary import Sex, Stage
from app.services import access, adjustments, clients, exercise_drafts, imports, library, plans, referrals, screens
from tests import ladder
from tests.cast import DAY, PASSWORD, Cast
from tests.screening import STOPPED, sent, typed

YESTERDAY = DAY - timedelta(days=1)


def world(cast: Cast) -> Mapping[str, object]:
    """The ids of what the cast has; the names stand in braces in the access table."""
    people = cast.people.items()
    return {
        "password": PASSWORD,
        **{f"{name}_user": person.user_id for name, person in people},
        **{name: person.client_id for name, person in people if person.client_id is not None},
        **cast.keys["world"],
    }


def furnish(cast: Cast) -> dict[str, object]:
    """Screen Cleo twice and Cara into a stop that is handed over, bring Lea to her first load, and more; returns the ids by name."""
    at = cast.clock()
    cleo, cara = cast.cleo.client_id or 0, cast.cara.client_id or 0
    with cast.work("tess") as store:
        first = screens.log_screen(store, cleo, replace(sent(), taken_on=YESTERDAY), at - timedelta(days=1), YESTERDAY)
        latest = screens.log_screen(store, cleo, sent(), at, DAY)
        stopped = screens.log_screen(store, cara, sent(STOPPED), at, DAY)
        assert stopped.outcome.referral is not None
        stop = stopped.outcome.referral.id
        referrals.send(store, cara, stop, to="Dr Young", on=DAY, at=at, today=DAY)
        (step,) = store.referrals.steps(store.referrals.get(store.clients.get(cara), stop))
        draft = screens.start_draft(store, cleo, at, DAY, another=False)
        screens.save_draft(store, cleo, draft.id, typed(), 0, "", at)
        _, link = access.make_link(store, cleo, at)
        plan = plans.current_plan(store, cleo, DAY).plan
        event = clients.note_event(store, cleo, "fall", DAY, "On the stairs.", at, DAY)
        clients.share_client(store, cleo, cast.tom.user_id, at)
        clients.stop_sharing(store, cleo, cast.tom.user_id, at)
        archived = clients.add_client(store, clients.ClientFields(name="Olive", birth_year=1980, sex=Sex.FEMALE), at, DAY, consented_on=DAY)
        clients.archive_client(store, archived.id, at)
        lifter = clients.add_client(
            store, clients.ClientFields(name="Lea", birth_year=1996, sex=Sex.FEMALE), at, DAY, consented_on=DAY - ladder.CLIMB
        )
    with cast.work("tess") as store:
        began = at - ladder.CLIMB
        ladder.climb(store, lifter.id, began)
    with cast.database.work(writes=False) as store:
        device = store.session.scalars(select(AuthSession.id).where(AuthSession.client_id == cleo)).one()
    with cast.work("ada") as store:
        couch = library.exercise(store, "couch").exercise
        library.edit(store, "couch", replace(couch, picture=to_text(PICTURES["couch"])), at, based_on=1)
        library.archive(store, "couch", at)
        exercise_draft = exercise_drafts.begin(store, {"name": ("Half an idea",)}, at, slug=None)
        file = imports.send(store, "nothing.yaml", b"exercises: []", at, is_csv=False)
    with cast.work("tess", writes=False) as store:
        seen = adjustments.adjustment(store, cleo).seen
    assert plan is not None
    item = plan.stages[0].items[0]
    return {
        "screen": first.row.id,
        "latest": latest.row.id,
        "stopped": stopped.row.id,
        "referral": stop,
        "step": step.id,
        "draft": draft.id,
        "link": link,
        "device": device,
        "event": event.id,
        "archived": archived.id,
        "file": file,
        "exercise_draft": exercise_draft,
        "lifter": lifter.id,
        "sign_off": ladder.id_of("sign", lifter.id, Stage.WALL, began + timedelta(days=6)),
        "check": ladder.id_of("check", lifter.id, ladder.RDL, began + timedelta(days=8)),
        "item": item.key,
        "seen": seen,
        "side": item.side,
        "today": DAY.isoformat(),
        "yesterday": YESTERDAY.isoformat(),
    }


IN_PASSING = {"auth_session": {"seen_at"}}
"""Columns that change by mere looking."""


def contents(cast: Cast) -> dict[str, list[tuple[object, ...]]]:
    """Everything in the database, to be compared."""
    with cast.database.work(writes=False) as store:
        return {
            table.name: [
                tuple(row)
                for row in store.session.execute(
                    select(*(column for column in table.columns if column.name not in IN_PASSING.get(table.name, set()))).order_by(
                        *table.primary_key.columns
                    )
                )
            ]
            for table in Base.metadata.sorted_tables
        }
