"""Answers to stops: who may log them, what they lift, and what they leave locked."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from app.errors import Conflict, Invalid, NotAllowed, NotFound
from app.models import AuditEvent
from app.rules.vocabulary import Stage, Status
from app.services import clients, plans, referrals
from app.services.plans import PlanView
from app.services.referrals import Stop
from tests.cast import DAY, Cast
from tests.finished import finish, situation


def stop(cast: Cast, name: str, **more: object) -> int:
    _, outcome = finish(cast, replace(situation(name), **more))  # type: ignore[arg-type]  # any field of a screen
    assert outcome.referral is not None
    return outcome.referral.id


def clear(
    cast: Cast,
    referral_id: int,
    *,
    who: str = "tess",
    professional: str = "Dr Young",
    cleared_on: date = DAY,
    allowed: Iterable[str] = (),
    not_allowed: Iterable[str] = (),
) -> PlanView | None:
    with cast.work(who) as store:
        return referrals.clear(
            store,
            cast.cleo.client_id or 0,
            referral_id,
            professional=professional,
            cleared_on=cleared_on,
            allowed=allowed,
            not_allowed=not_allowed,
            note="By telephone.",
            at=cast.clock(),
            today=cast.clock().date(),
        )


def read(cast: Cast, referral_id: int, who: str = "tess") -> Stop:
    with cast.work(who, writes=False) as store:
        return referrals.read_referral(store, cast.cleo.client_id or 0, referral_id)


def refused_fields(cast: Cast, referral_id: int, **more: object) -> list[str]:
    with pytest.raises(Invalid) as refusal:
        clear(cast, referral_id, **more)  # type: ignore[arg-type]  # some of the fields
    assert read(cast, referral_id).referral.state == "open"
    return [error.field for error in refusal.value.errors]


@pytest.mark.parametrize(
    "name", ["emergency-red-flag", "urgent-red-flag", "heart-medicine", "painful-test", "severe-hip-flexors", "resting-pain"]
)
def test_an_answer_to_any_level_publishes_the_plan_of_the_screen_that_stopped(cast: Cast, name: str) -> None:
    referral = stop(cast, name)
    made = clear(cast, referral)
    assert made is not None
    assert (made.number, made.status, made.made_by) == (1, Status.PLAN_READY, "Tess")
    found = read(cast, referral)
    assert found.answer is not None
    assert (found.answer.professional, found.answer.logged_by, found.answer.note) == ("Dr Young", "Tess", "By telephone.")
    assert (found.referral.state, found.plan_number) == ("cleared", 1)


def test_limits_hold_and_what_is_allowed_is_lifted(cast: Cast) -> None:
    made = clear(cast, stop(cast, "osteoporosis-cleared-to-load"), allowed=("loaded_hinge",), not_allowed=("shoulder_pain",))
    assert made is not None
    assert made.plan is not None
    assert all(not stage.locks for stage in made.plan.stages)
    assert {one.key for one in made.plan.removed} == {"shoulder_pain"}
    assert any(item.loaded for stage in made.plan.stages if stage.stage is Stage.RDL for item in stage.items)


def test_without_the_loaded_hinge_the_load_stays_locked(cast: Cast) -> None:
    made = clear(cast, stop(cast, "osteoporosis-cleared-without-loading"))
    assert made is not None
    assert made.plan is not None
    assert [lock.rule for stage in made.plan.stages for lock in stage.locks] == ["R52", "R52"]
    assert not any(item.loaded for stage in made.plan.stages for item in stage.items)


def test_an_answer_to_a_stop_without_measurements_asks_for_a_screen(cast: Cast) -> None:
    referral = stop(cast, "heart-medicine", measurements=())
    assert clear(cast, referral) is None
    with cast.work("tess", writes=False) as store:
        now = plans.current_plan(store, cast.cleo.client_id or 0, DAY)
    assert (now.number, now.plan, now.status) == (None, None, Status.PLAN_READY)
    assert now.referral is not None
    assert now.referral.state == "cleared"
    _, outcome = finish(cast, situation("heart-medicine"))
    assert outcome.plan is not None


def test_a_second_answer_is_refused(cast: Cast) -> None:
    referral = stop(cast, "painful-test")
    clear(cast, referral)
    with pytest.raises(Conflict, match="Dr Young"):
        clear(cast, referral, professional="Dr Old")
    found = read(cast, referral)
    assert found.answer is not None
    assert found.answer.professional == "Dr Young"
    assert found.plan_number == 1


def test_a_stop_that_was_taken_over_says_which_one_to_answer(cast: Cast) -> None:
    older = stop(cast, "painful-test")
    newer = stop(cast, "heart-medicine")
    with pytest.raises(Conflict, match=f"stop {newer}"):
        clear(cast, older)
    made = clear(cast, newer)
    assert made is not None
    assert made.number == 1


def test_limits_are_keys_of_the_table_and_never_both_ways(cast: Cast) -> None:
    referral = stop(cast, "painful-test")
    assert refused_fields(cast, referral, allowed=("everything",)) == ["allowed"]
    assert refused_fields(cast, referral, not_allowed=("loaded_hinge",)) == ["not_allowed"]
    assert refused_fields(cast, referral, allowed=("hernia",), not_allowed=("hernia",)) == ["not_allowed"]
    assert refused_fields(cast, referral, professional="  ") == ["professional"]


def test_an_answer_is_dated_between_the_screen_and_today(cast: Cast) -> None:
    referral = stop(cast, "painful-test")
    assert refused_fields(cast, referral, cleared_on=DAY + timedelta(days=1)) == ["cleared_on"]
    assert refused_fields(cast, referral, cleared_on=DAY - timedelta(days=1)) == ["cleared_on"]
    cast.clock.move(days=3)
    assert clear(cast, referral, cleared_on=DAY + timedelta(days=2)) is not None


def test_an_answer_may_be_older_than_a_screen_that_only_carried_the_reason_over(cast: Cast) -> None:
    stop(cast, "painful-test")
    cast.clock.move(days=10)
    later = stop(cast, "desk-worker-with-a-tilt", taken_on=DAY + timedelta(days=10))
    assert refused_fields(cast, later, cleared_on=DAY - timedelta(days=1)) == ["cleared_on"]
    made = clear(cast, later, cleared_on=DAY + timedelta(days=5))
    assert made is not None
    assert made.number == 1


def test_only_her_own_trainer_answers_for_cleo(cast: Cast) -> None:
    referral = stop(cast, "painful-test")
    for stranger in ("tom", "bea"):
        with pytest.raises(NotFound):
            clear(cast, referral, who=stranger)
        with pytest.raises(NotFound):
            read(cast, referral, stranger)
    for person in ("ada", "cleo", "colin", "ben"):
        with pytest.raises(NotAllowed):
            clear(cast, referral, who=person)
        with pytest.raises(NotAllowed):
            read(cast, referral, person)


def test_a_stop_of_another_client_is_not_cleos(cast: Cast) -> None:
    _, outcome = finish(cast, situation("painful-test"), client="cara")
    assert outcome.referral is not None
    with pytest.raises(NotFound):
        clear(cast, outcome.referral.id)


def test_a_profile_that_is_put_away_takes_no_answer(cast: Cast) -> None:
    referral = stop(cast, "painful-test")
    with cast.work("tess") as store:
        clients.archive_client(store, cast.cleo.client_id or 0, cast.clock())
    with pytest.raises(Conflict):
        clear(cast, referral)
    assert read(cast, referral).referral.state == "open"


def test_the_stop_knows_the_keys_that_its_screen_set(cast: Cast) -> None:
    assert read(cast, stop(cast, "pregnant-and-cleared")).keys == ("pregnancy", "pregnancy_supine", "pregnancy_late")


def test_opening_and_clearing_stand_in_the_audit_log_without_a_word_about_health(cast: Cast) -> None:
    referral = stop(cast, "painful-test")
    clear(cast, referral)
    with cast.work("ada", writes=False) as store:
        lines = [(one.verb, one.noun) for one in store.session.scalars(select(AuditEvent).order_by(AuditEvent.id))]
    assert lines[-3:] == [("opened", "referral"), ("cleared", "referral"), ("published", "plan")]


def test_of_two_answers_at_once_one_holds(cast: Cast) -> None:
    referral = stop(cast, "painful-test")
    start = Barrier(2)

    def answer(professional: str) -> str:
        start.wait()
        try:
            clear(cast, referral, professional=professional)
        except Conflict:
            return "refused"
        return professional

    with ThreadPoolExecutor(2) as both:
        outcomes = sorted(both.map(answer, ("Dr Young", "Dr Zeller")))
    found = read(cast, referral)
    assert found.answer is not None
    assert outcomes == [found.answer.professional, "refused"]
    assert found.plan_number == 1
