"""What a trainer saw and signed is kept line by line, read as the rules read it, and nobody else's."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from app import models
from app.rules.documents import FormCheck, LoadSet, SignOff, Stopped
from app.rules.vocabulary import Side, Stage
from app.services import referrals
from app.store import Store
from app.store.progress import Summary
from tests.cast import DAY, Cast
from tests.finished import finish, finish_in, situation

LATER = DAY + timedelta(days=9)


def a_check(at: datetime, id: str = "1", on: date = DAY) -> FormCheck:
    return FormCheck(
        id=id,
        stage=Stage.DOWEL,
        exercise="dowel-hinge",
        side=Side.BOTH,
        performed_on=on,
        at=at,
        received_at=at,
        gate={"neutral": True, "order": False},
        seen={"hip_bend_deg": 52.5, "stretch_felt": True, "lost_contact": "none"},
        reps=8,
        note="Steady.",
        by="Tess",
    )


def a_sign_off(at: datetime, id: str = "1", on: date = DAY) -> SignOff:
    return SignOff(
        id=id,
        stage=Stage.RDL,
        side=Side.BOTH,
        signed_on=on,
        at=at,
        received_at=at,
        words=("rdl.load",),
        goal_load_kg=12.5,
        note="Well done.",
        override_reason=None,
        evidence=("3 x 8 in three sessions in a row.",),
        by="Tess",
    )


def a_load(at: datetime, id: str = "1", on: date = DAY) -> LoadSet:
    return LoadSet(id, "rdl-kb", 8.0, on, at, "first load", "Tess")


def with_plan(cast: Cast) -> int:
    _, outcome = finish(cast, situation("desk-worker-with-a-tilt"))
    assert outcome.plan is not None
    return outcome.plan.id


def cleo(store: Store, cast: Cast) -> models.Client:
    return store.clients.get(cast.cleo.client_id or 0)


def add(store: Store, cast: Cast, plan: int, at: datetime, id: str = "1", on: date = DAY) -> list[set[str]]:
    client, user = cleo(store, cast), store.actor.user_id
    return [
        store.progress.add_checks(client, plan, user, [a_check(at, id, on)]),
        store.progress.add_sign_offs(client, plan, user, [a_sign_off(at, id, on)]),
        store.progress.add_loads(client, plan, user, [a_load(at, id, on)], at),
    ]


def test_what_tess_saw_and_signed_is_read_as_it_was_written(cast: Cast) -> None:
    plan, at = with_plan(cast), cast.clock()
    with cast.work("tess") as store:
        assert add(store, cast, plan, at) == [{"1"}] * 3
    with cast.work("tess", writes=False) as store:
        client = cleo(store, cast)
        assert store.progress.checks(client) == (a_check(at),)
        assert store.progress.sign_offs(client) == (a_sign_off(at),)
        assert store.progress.loads(client) == (a_load(at),)


def test_the_same_line_twice_is_one_line_and_what_is_taken_back_stays(cast: Cast) -> None:
    plan, at = with_plan(cast), cast.clock()
    with cast.work("tess") as store:
        add(store, cast, plan, at)
        assert add(store, cast, plan, at) == [set()] * 3
        both = [a_check(at), replace(a_check(at, "2"), taken_back=True)]
        assert store.progress.add_checks(cleo(store, cast), plan, store.actor.user_id, both) == {"2"}
        assert [(one.id, one.taken_back) for one in store.progress.checks(cleo(store, cast))] == [("1", False), ("2", True)]
        assert store.progress.add_checks(cleo(store, cast), plan, store.actor.user_id, []) == set()


def test_only_what_came_since_a_day_is_read(cast: Cast) -> None:
    plan, at = with_plan(cast), cast.clock()
    with cast.work("tess") as store:
        add(store, cast, plan, at, "1", DAY)
        add(store, cast, plan, at, "2", LATER)
        client, progress = cleo(store, cast), store.progress
        for lines in (progress.checks(client, LATER), progress.sign_offs(client, LATER), progress.loads(client, LATER)):
            assert [one.id for one in lines] == ["2"]
        assert progress.screened(client, LATER) == ()


def test_a_line_that_makes_no_sense_is_refused_by_the_database(cast: Cast) -> None:
    plan, at = with_plan(cast), cast.clock()
    with cast.work("tess") as store:
        client, user, progress = cleo(store, cast), store.actor.user_id, store.progress
        with pytest.raises(IntegrityError):
            progress.add_checks(client, plan, user, [replace(a_check(at), reps=-1)])
        store.undo()
    with cast.work("tess") as store:
        client, user, progress = cleo(store, cast), store.actor.user_id, store.progress
        with pytest.raises(IntegrityError):
            progress.add_loads(client, plan, user, [replace(a_load(at), load_kg=0)], at)
        store.undo()


def test_only_cleo_and_her_trainer_read_it(cast: Cast) -> None:
    plan, at = with_plan(cast), cast.clock()
    with cast.work("tess") as store:
        add(store, cast, plan, at)
        client = cleo(store, cast)
        store.progress.keep(client, Summary(DAY, "{}", 4))
        store.session.expunge(client)
    for name, sees in (("tess", True), ("cleo", True), ("tom", False), ("ada", False), ("bea", False), ("colin", False)):
        with cast.work(name, writes=False) as store:
            progress = store.progress
            found = (progress.checks(client), progress.sign_offs(client), progress.loads(client), progress.screened(client))
            assert all(found) is any(found) is sees
            assert (progress.summary(client) is not None) is sees
            assert bool(progress.log_mark(client, LATER)) is sees


# --- screens and stops ----------------------------------------------------------------------------------------------


def test_of_the_screens_those_that_stand_are_read_with_person_and_findings(cast: Cast) -> None:
    mistyped, _ = finish(cast, situation("desk-worker-with-a-tilt"))
    mended, outcome = finish(cast, situation("everything-tight"), mends=mistyped)
    with cast.work("tess", writes=False) as store:
        (read,) = store.progress.screened(cleo(store, cast))
    assert (read.id, read.taken_on) == (mended, DAY)
    assert read.person == situation("everything-tight").person
    assert read.findings == outcome.assessment.findings


def stops(cast: Cast) -> tuple[Stopped, ...]:
    with cast.work("tess", writes=False) as store:
        found: tuple[Stopped, ...] = store.progress.stops(cleo(store, cast), store.actor.local)
        return found


def test_a_stop_lasts_from_the_first_that_it_took_over_until_its_answer_is_logged(cast: Cast) -> None:
    finish(cast, situation("painful-test"))
    cast.clock.move(days=3)
    finish(cast, situation("heart-medicine"))
    assert stops(cast) == (Stopped(DAY, None),)
    cast.clock.move(days=2)
    with cast.work("tess") as store:
        waiting = store.referrals.waiting(cleo(store, cast))
        assert waiting is not None
        at = cast.clock()
        answer = {"professional": "Dr Young", "cleared_on": at.date(), "allowed": (), "not_allowed": (), "note": "", "today": at.date()}
        referrals.clear(store, cast.cleo.client_id or 0, waiting.id, at=at, **answer)  # type: ignore[arg-type]
    cast.clock.move(days=1)
    finish(cast, situation("painful-test"))
    assert stops(cast) == (Stopped(DAY, DAY + timedelta(days=5)), Stopped(DAY + timedelta(days=6), None))


def test_a_stop_that_was_only_mistyped_was_none(cast: Cast) -> None:
    stopped, _ = finish(cast, situation("painful-test"))
    finish(cast, situation("desk-worker-with-a-tilt"), mends=stopped)
    assert stops(cast) == ()


# --- the summary ----------------------------------------------------------------------------------------------------


def test_there_is_one_summary_and_it_can_be_let_go(cast: Cast) -> None:
    with cast.work("tess") as store:
        client = cleo(store, cast)
        assert store.progress.summary(client) is None
        for kept in (Summary(DAY, '{"rung": 1}', 4), Summary(LATER, '{"rung": 2}', 7)):
            store.progress.keep(client, kept)
            assert store.progress.summary(client) == kept
        store.progress.forget(client)
        assert store.progress.summary(client) is None


def test_whatever_changes_the_days_until_a_day_moves_its_mark(cast: Cast) -> None:
    plan, at = with_plan(cast), cast.clock()
    with cast.work("tess") as store:
        client, user = cleo(store, cast), store.actor.user_id
        screen = store.screens.current(client)
        assert screen is not None
        event = {"studio_id": client.studio_id, "client_id": client.id, "plan_id": plan, "entered_by": user, "at": at, "received_at": at}
        event |= {"item": "dowel/dowel-hinge/both", "side": "both", "set_number": 1, "done": True, "performed_on": DAY}
        changes = (
            lambda: store.progress.add_checks(client, plan, user, [a_check(at)]),
            lambda: store.progress.add_sign_offs(client, plan, user, [a_sign_off(at)]),
            lambda: store.progress.add_loads(client, plan, user, [a_load(at)], at),
            lambda: store.practice.append([event | {"uuid": "1"}]),
            lambda: finish_in(store, client.id, situation("painful-test"), at + timedelta(seconds=1)),
            lambda: finish_in(store, client.id, situation("desk-worker-with-a-tilt", taken_on=LATER), at + timedelta(days=9), screen.id),
        )
        marks = [store.progress.log_mark(client, DAY)]
        for change in changes:
            change()
            marks.append(store.progress.log_mark(client, DAY))
        assert marks == sorted(set(marks))
        add(store, cast, plan, at, "2", LATER)
        store.practice.append([event | {"uuid": "2", "performed_on": LATER}])
        assert store.progress.log_mark(client, DAY) == marks[-1]
        store.undo()
