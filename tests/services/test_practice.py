"""Ticks: what counts, what was known already, what is refused and why; days and weeks of practice."""

import random
import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event

from app.errors import Conflict, Invalid, NotAllowed, NotFound
from app.models import PracticeEvent
from app.rules.documents import MORNING
from app.rules.today import today as due_on
from app.rules.vocabulary import Feel, Side, SkipReason, Stage, Status
from app.services import clients, practice, progress, referrals
from app.services.history import Halt
from app.services.practice import Added, Tick
from app.services.progress import CheckFields
from tests import ladder
from tests.cast import DAY, Cast
from tests.finished import finish, situation

LUNGE, STRAP, WALL = "flexibility/runners-lunge/left", "flexibility/strap-ham/left", "wall/wall-hinge/both"


def tick(item: str = STRAP, **changes: Any) -> Tick:
    fields: dict[str, Any] = {"id": str(uuid4()), "item": item, "set": 1, "performed_on": DAY, "at": datetime(2026, 11, 23, 8, tzinfo=UTC)}
    return Tick(**{**fields, "done": True, **changes})


def send(cast: Cast, *ticks: Tick, who: str = "cleo", client: str = "cleo", today: date = DAY) -> Added:
    with cast.work(who) as store:
        return practice.add_ticks(store, cast.people[client].client_id or 0, ticks, cast.clock(), today)


def my_day(cast: Cast, today: date = DAY) -> practice.Day:
    with cast.work("cleo", writes=False) as store:
        return practice.my_day(store, today)


def events(cast: Cast) -> list[PracticeEvent]:
    with cast.work("cleo", writes=False) as store:
        return list(store.session.query(PracticeEvent).order_by(PracticeEvent.id))


def answer(cast: Cast, referral_id: int, on: date) -> None:
    """A professional answers Cleo's stop, without a limit."""
    with cast.work("tess") as store:
        referrals.clear(
            store,
            cast.cleo.client_id or 0,
            referral_id,
            professional="Dr Moss",
            cleared_on=on,
            allowed=(),
            not_allowed=(),
            note="",
            at=cast.clock(),
            today=on,
        )


def reason(added: Added) -> str:
    assert (added.accepted, added.known) == ((), ())
    return added.refused[0].reason


@pytest.fixture
def screened(cast: Cast) -> Cast:
    """Cleo with short hamstrings and a plan."""
    finish(cast, situation("minimum-only"))
    return cast


# --- what counts ----------------------------------------------------------------------------------------------------


def test_cleo_ticks_a_set_and_her_day_shows_it(screened: Cast) -> None:
    one = tick()
    assert send(screened, one) == Added((one.id,), (), ())
    due = my_day(screened).due
    assert due is not None
    assert [item.done for item in due.items if item.item.key == STRAP] == [1]


def test_the_same_tick_twice_is_one_tick(screened: Cast) -> None:
    one = tick()
    send(screened, one)
    assert send(screened, one) == Added((), (one.id,), ())
    assert len(events(screened)) == 1


def test_the_same_tick_twice_in_one_batch_is_one_tick(screened: Cast) -> None:
    one = tick()
    assert send(screened, one, one) == Added((one.id,), (one.id,), ())
    assert len(events(screened)) == 1


def test_the_same_tick_in_two_requests_at_once_is_one_tick(screened: Cast) -> None:
    one = tick()
    answers: list[Added] = []
    threads = [threading.Thread(target=lambda: answers.append(send(screened, one))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.accepted for answer in answers) == [(), (), (), (one.id,)]
    assert sorted(answer.known for answer in answers) == [(), (one.id,), (one.id,), (one.id,)]
    assert len(events(screened)) == 1


def test_a_tick_is_taken_back_by_another_event_and_nothing_is_deleted(screened: Cast) -> None:
    send(screened, tick())
    screened.clock.move(minutes=1)
    send(screened, tick(done=False, at=datetime(2026, 11, 23, 8, 1, tzinfo=UTC)))
    assert [one.done for one in events(screened)] == [True, False]
    due = my_day(screened).due
    assert due is not None
    assert due.done == 0


def test_an_older_event_that_arrives_late_does_not_overwrite_a_newer_one(screened: Cast) -> None:
    send(screened, tick(done=False, at=datetime(2026, 11, 23, 8, 30, tzinfo=UTC)))
    screened.clock.move(minutes=1)
    send(screened, tick(at=datetime(2026, 11, 23, 8, tzinfo=UTC)))
    due = my_day(screened).due
    assert due is not None
    assert due.done == 0


def test_a_phone_with_a_wrong_clock_does_not_write_into_the_future(screened: Cast) -> None:
    send(screened, tick(at=datetime(2031, 1, 1, tzinfo=UTC)), tick(set=2, at=datetime.min.replace(tzinfo=UTC)))
    assert [one.at for one in events(screened)] == [screened.clock(), practice.EARLIEST]


def test_the_side_may_be_left_out_or_must_be_the_items_own(screened: Cast) -> None:
    assert send(screened, tick(side=Side.LEFT)).accepted
    assert reason(send(screened, tick(set=2, side=Side.RIGHT))) == "This exercise is for the left side."


def test_what_hurt_how_hard_it_was_and_the_load_are_kept(screened: Cast) -> None:
    send(screened, tick(pain=3, effort="too_hard", load_kg=12.5))
    (only,) = events(screened)
    assert (only.pain, only.effort, only.load_kg) == (3, "too_hard", 12.5)


def test_more_than_five_hundred_at_once_are_too_many(screened: Cast) -> None:
    with pytest.raises(Invalid):
        send(screened, *(tick() for _ in range(501)))
    assert events(screened) == []


def test_an_empty_batch_changes_nothing(screened: Cast) -> None:
    assert send(screened) == Added((), (), ())


# --- what is refused ------------------------------------------------------------------------------------------------


def test_tomorrow_is_refused_and_so_is_yesterday_before_the_plan(screened: Cast) -> None:
    assert "not come" in reason(send(screened, tick(performed_on=DAY + timedelta(days=1))))
    assert "before the plan" in reason(send(screened, tick(performed_on=DAY - timedelta(days=1))))
    assert "before the plan" in reason(send(screened, tick(performed_on=date.min)))
    assert events(screened) == []


def test_what_is_not_in_the_plan_is_refused(screened: Cast) -> None:
    assert "no such exercise" in reason(send(screened, tick("flexibility/couch/left")))
    assert "no such exercise" in reason(send(screened, tick("")))


def test_a_set_beyond_the_dose_is_refused(screened: Cast) -> None:
    assert reason(send(screened, tick(set=4))) == "This exercise has 3 sets."
    assert reason(send(screened, tick(set=0))) == "This exercise has 3 sets."


def test_a_locked_stage_is_refused_and_says_what_is_missing(screened: Cast) -> None:
    (refused,) = send(screened, tick(WALL)).refused
    assert refused.reason == "Opens when the dowel stage is passed."
    assert [one.id for one in refused.missing] == ["dowel.contacts", "dowel.depth", "dowel.top"]


def test_a_refused_tick_does_not_keep_others_from_counting(screened: Cast) -> None:
    good, bad = tick(), tick(WALL)
    added = send(screened, bad, good)
    assert added.accepted == (good.id,)
    assert [one.id for one in added.refused] == [bad.id]


def test_a_refused_tick_that_is_sent_again_is_judged_again(screened: Cast) -> None:
    early = tick(performed_on=DAY + timedelta(days=1))
    assert send(screened, early).refused
    screened.clock.move(days=1)
    assert send(screened, early, today=DAY + timedelta(days=1)).accepted


def test_while_cara_is_stopped_every_tick_is_refused(cast: Cast) -> None:
    finish(cast, situation("painful-test"), client="cara")
    assert reason(send(cast, tick(), who="cara", client="cara")) == practice.STOPPED
    assert reason(send(cast, tick(), who="tess", client="cara")) == practice.STOPPED


def test_without_a_plan_or_archived_every_tick_is_refused(screened: Cast) -> None:
    assert reason(send(screened, tick(), who="colin", client="colin")) == practice.NO_PLAN
    with screened.work("tess") as store:
        clients.archive_client(store, screened.cleo.client_id or 0, screened.clock())
    assert reason(send(screened, tick())) == practice.ARCHIVED


def test_what_arrived_before_a_stop_is_still_known_after_it(screened: Cast) -> None:
    one = tick()
    send(screened, one)
    finish(screened, situation("painful-test"))
    assert send(screened, one).known == (one.id,)


def test_an_exercise_that_comes_later_is_refused_until_then(cast: Cast) -> None:
    finish(cast, situation("everything-tight"))
    assert send(cast, tick("flexibility/half-kneel/left")).accepted
    assert "after 2 weeks" in reason(send(cast, tick(LUNGE)))
    later = DAY + timedelta(days=14)
    cast.clock.move(days=14)
    assert send(cast, tick(LUNGE, performed_on=later), today=later).accepted


# --- a new plan -----------------------------------------------------------------------------------------------------


@pytest.fixture
def replanned(screened: Cast) -> Cast:
    """Five days later Cleo has another plan, without the hamstring stretch."""
    screened.clock.move(days=5)
    finish(screened, situation("desk-worker-with-a-tilt", taken_on=DAY + timedelta(days=5)))
    return screened


def test_an_item_of_the_former_plan_is_refused_from_the_new_ones_day_on(replanned: Cast) -> None:
    today = DAY + timedelta(days=5)
    assert "plan has changed" in reason(send(replanned, tick(performed_on=today), today=today))


def test_a_tick_from_before_the_new_plan_counts_to_the_one_in_force_that_day(replanned: Cast) -> None:
    today = DAY + timedelta(days=5)
    assert send(replanned, tick(performed_on=DAY + timedelta(days=4)), today=today).accepted
    (only,) = events(replanned)
    with replanned.work("tess") as store:
        assert only.plan_id == store.plans.numbered(store.clients.get(replanned.cleo.client_id), 1).id


def test_days_within_a_stop_do_not_count_afterwards(screened: Cast) -> None:
    screened.clock.move(days=2)
    _, outcome = finish(screened, situation("painful-test", taken_on=DAY + timedelta(days=2)))
    screened.clock.move(days=4)
    today = DAY + timedelta(days=6)
    assert outcome.referral is not None
    answer(screened, outcome.referral.id, today)
    assert reason(send(screened, tick(performed_on=DAY + timedelta(days=4)), today=today)) == practice.STOPPED
    assert send(screened, tick(performed_on=DAY + timedelta(days=1)), today=today).accepted


def test_days_on_which_an_answered_stop_waited_for_its_screen_were_not_planned_and_do_not_count_afterwards(screened: Cast) -> None:
    her, days = screened.cleo.client_id or 0, [DAY + timedelta(days=count) for count in range(31)]
    screened.clock.move(days=7)
    _, outcome = finish(screened, replace(situation("emergency-red-flag"), taken_on=days[7], measurements=()))
    assert outcome.plan is None
    screened.clock.move(days=3)
    with screened.work("tess", writes=False) as store:
        stop = progress.progress_of(store, her, days[10]).referral
    assert stop is not None
    answer(screened, stop.id, days[10])
    screened.clock.move(days=20)
    finish(screened, replace(situation("minimum-only"), taken_on=days[30]))
    late = [tick(performed_on=on) for on in (days[6], days[8], days[12], days[30])]
    added = send(screened, *late, who="tess", today=days[30])
    assert added.accepted == (late[0].id, late[3].id)
    assert [one.reason for one in added.refused] == [practice.STOPPED, practice.NO_PLAN]
    with screened.work("tess") as store:
        found = practice.practised(store, her, days[7] + timedelta(days=1), days[29], days[30])
        assert found.adherence == ()
        point = next(one for one in progress.progress_of(store, her, days[30]).forms if one.stage is Stage.STRENGTHENING)
        seen = CheckFields(str(uuid4()), point.exercise, point.side, days[12], ladder.gate(point.stage, point.side))
        with pytest.raises(Conflict) as refusal:
            progress.note_check(store, her, seen, screened.clock(), days[30])
    assert [one.id for one in refusal.value.missing] == ["screen"]


def test_the_days_of_a_stop_are_those_of_the_studio(screened: Cast) -> None:
    """In Auckland it is the 26th when a stop is opened on the 25th in London, so what she did that morning counts."""
    with screened.database.work(writes=True) as store:
        for studio in store.accounts.studios():
            studio.timezone = "Pacific/Auckland"
    stopped_on, answered_on = DAY + timedelta(days=3), DAY + timedelta(days=5)
    screened.clock.move(days=2, hours=5)
    _, outcome = finish(screened, situation("painful-test", taken_on=stopped_on))
    screened.clock.move(days=2)
    assert outcome.referral is not None
    answer(screened, outcome.referral.id, answered_on)
    assert send(screened, tick(performed_on=stopped_on), today=answered_on).accepted
    assert reason(send(screened, tick(performed_on=stopped_on + timedelta(days=1)), today=answered_on)) == practice.STOPPED


# --- who may --------------------------------------------------------------------------------------------------------


def test_tess_ticks_for_cleo_and_cleo_sees_that_it_was_tess(screened: Cast) -> None:
    send(screened, tick(), who="tess")
    send(screened, tick(set=2))
    assert [entry.entered_by for entry in my_day(screened).entries] == ["Tess", None]


def test_nobody_ticks_for_a_stranger(screened: Cast) -> None:
    for who in ("tom", "colin", "bea", "ben"):
        with pytest.raises(NotFound):
            send(screened, tick(), who=who)
    with pytest.raises(NotAllowed):
        send(screened, tick(), who="ada")
    assert events(screened) == []


# --- a day ----------------------------------------------------------------------------------------------------------


def test_a_day_says_why_there_is_nothing_to_practise(cast: Cast) -> None:
    assert my_day(cast).halt is Halt.UNSCREENED
    finish(cast, situation("severe-hip-flexors"))
    day = my_day(cast)
    assert (day.halt, day.stop, day.plan) == (Halt.STOPPED, Status.REFER, None)


def test_a_day_knows_that_its_plan_came_after_a_clearance_until_the_first_tick(cast: Cast) -> None:
    _, outcome = finish(cast, situation("severe-hip-flexors"))
    assert outcome.referral is not None
    answer(cast, outcome.referral.id, DAY)
    day = my_day(cast)
    assert day.after_clearance
    assert day.is_fresh
    assert day.due is not None
    send(cast, tick(day.due.items[0].item.key))
    assert not my_day(cast).is_fresh


def test_tess_looks_at_earlier_days_but_not_before_the_plan_nor_after_today(screened: Cast) -> None:
    screened.clock.move(days=3)
    today = DAY + timedelta(days=3)
    client_id = screened.cleo.client_id or 0
    with screened.work("tess", writes=False) as store:
        assert practice.day_of(store, client_id, DAY, today).on == DAY
        for on in (DAY - timedelta(days=1), today + timedelta(days=1)):
            with pytest.raises(Invalid):
                practice.day_of(store, client_id, on, today)


def test_a_long_log_summed_up_by_the_database_gives_the_day_that_its_events_give(cast: Cast) -> None:
    finish(cast, situation("everything-tight"))
    plan = my_day(cast).plan
    assert plan is not None
    keys = [(item.key, item.dose.sets) for stage in plan.stages[:3] for item in stage.items]
    chance = random.Random(7)
    for day in range(9):
        today = DAY + timedelta(days=day)
        ticks = []
        for key, sets in chance.sample(keys, 12):
            at = datetime(2026, 11, 23, chance.randrange(3), tzinfo=UTC)
            ticks.append(tick(key, set=chance.randint(1, sets), performed_on=today, at=at, done=chance.random() < 0.7))
            ticks.append(replace(ticks[-1], id=str(uuid4()), at=at + timedelta(hours=chance.randint(-1, 1)), done=chance.random() < 0.7))
        send(cast, *ticks, today=today)
    last = DAY + timedelta(days=8)
    with cast.work("cleo", writes=False) as store:
        log = store.practice.log(store.clients.get(cast.cleo.client_id), DAY, last)
    for day in range(9):
        on = DAY + timedelta(days=day)
        assert my_day(cast, on).due == due_on(plan, DAY, [entry.event for entry in log if entry.event.performed_on <= on], on)


def test_the_queries_of_a_day_do_not_grow(screened: Cast) -> None:
    send(screened, *(tick(set=number) for number in (1, 2, 3)))
    with screened.work("cleo", writes=False) as store:
        asked: list[str] = []
        event.listen(store.session.get_bind(), "before_cursor_execute", lambda *args: asked.append(args[2]))
        practice.my_day(store, DAY)
    assert sum(statement.startswith("SELECT") for statement in asked) <= 3, asked


# --- what is locked, left out, told later ---------------------------------------------------------------------------


def test_an_item_of_a_locked_stage_is_refused_with_what_is_missing_and_the_rest_counts(screened: Cast) -> None:
    good, locked = tick(), tick(WALL)
    added = send(screened, good, locked)
    assert added.accepted == (good.id,)
    assert [one.id for one in added.refused] == [locked.id]
    assert {one.id for one in added.refused[0].missing} == {"dowel.contacts", "dowel.depth", "dowel.top"}


def test_from_a_form_the_first_refusal_is_raised_and_nothing_is_written(screened: Cast) -> None:
    with screened.work("cleo") as store:
        with pytest.raises(Conflict) as refusal:
            practice.enter(store, screened.cleo.client_id or 0, [tick(), tick(WALL)], screened.clock(), DAY)
        store.undo()
    assert refusal.value.missing
    assert events(screened) == []


def test_what_tess_saw_in_a_session_takes_nothing_of_that_session_away(cast: Cast) -> None:
    """Three looks in a row without form: the stage falls back, and what was done on that day is entered all the same."""
    her = cast.cleo.client_id or 0
    with cast.work("tess") as store:
        ladder.climb(store, her, cast.clock())
        for day in (10, 12):
            ladder.session(store, her, ladder.RDL, cast.clock() + timedelta(days=day), failed=("control",), sets=2)
    on = DAY + timedelta(days=14)
    cast.clock.move(days=14)
    with cast.work("tess") as store:
        look = CheckFields(str(uuid4()), "rdl-dowel", Side.BOTH, on, ladder.gate(Stage.RDL, Side.BOTH, ("control",)), reps=8)
        progress.note_check(store, her, look, cast.clock(), on)
        again = replace(look, id=str(uuid4()))
        progress.note_check(store, her, again, cast.clock(), on)
    assert send(cast, tick(ladder.RDL, performed_on=on), today=on).accepted
    tomorrow = on + timedelta(days=1)
    cast.clock.move(days=1)
    (refused,) = send(cast, tick(ladder.RDL, performed_on=tomorrow), today=tomorrow).refused
    assert [one.id for one in refused.missing] == ["wall.touches", "wall.shape", "wall.stretch"]


def test_a_rung_whose_turn_has_not_come_is_refused_and_opens_the_session_after(cast: Cast) -> None:
    with cast.work("tess") as store:
        ladder.climb(store, cast.cleo.client_id or 0, cast.clock())
    on = DAY + ladder.CLIMB
    cast.clock.move(days=ladder.CLIMB.days)
    assert send(cast, tick(ladder.KETTLEBELL, performed_on=on, load_kg=8.0), today=on).accepted
    before = on - timedelta(days=3)
    late = send(cast, tick(ladder.KETTLEBELL, performed_on=before), today=on)
    assert late.refused[0].missing, "on that day it was not open yet"
    assert send(cast, tick("single_leg/sl-rdl/left", performed_on=on), today=on).refused[0].missing


def test_what_was_ticked_may_be_unticked_also_when_its_stage_is_locked_again(cast: Cast) -> None:
    with cast.work("tess") as store:
        ladder.climb(store, cast.cleo.client_id or 0, cast.clock())
    on = DAY + ladder.CLIMB
    cast.clock.move(days=ladder.CLIMB.days)
    send(cast, tick(ladder.KETTLEBELL, performed_on=on), today=on)
    cast.clock.move(minutes=1)
    with cast.work("tess") as store:
        (line,) = (one for one in progress.progress_of(store, cast.cleo.client_id or 0, on).checks if one.exercise == "rdl-dowel")
        progress.take_back_check(store, cast.cleo.client_id or 0, line.id, str(uuid4()), cast.clock(), on)
    later = datetime(2026, 12, 4, tzinfo=UTC)
    assert send(cast, tick(ladder.KETTLEBELL, performed_on=on, done=False, at=later), today=on).accepted
    cast.clock.move(days=1)
    tomorrow = on + timedelta(days=1)
    assert send(cast, tick(ladder.KETTLEBELL, performed_on=tomorrow, set=2), today=tomorrow).refused
    assert send(cast, tick(ladder.KETTLEBELL, performed_on=tomorrow, done=False, set=2), today=tomorrow).refused


def test_what_cleo_was_shown_on_a_day_may_be_filled_in_whatever_was_told_since_of_the_days_before(cast: Cast) -> None:
    """Her trainer takes back what had opened the kettlebell; what she did with it in the two days between was planned, and counts."""
    her = cast.cleo.client_id or 0
    with cast.work("tess") as store:
        ladder.climb(store, her, cast.clock())
    on = DAY + ladder.CLIMB
    cast.clock.move(days=ladder.CLIMB.days - 2)
    with cast.work("tess") as store:
        progress.confirm_load(store, her, "rdl-kb", 8, str(uuid4()), cast.clock(), cast.clock().date())
    cast.clock.move(days=4)
    with cast.work("tess") as store:
        (line,) = (one for one in progress.progress_of(store, her, on).checks if one.exercise == "rdl-dowel")
        progress.take_back_check(store, her, line.id, str(uuid4()), cast.clock(), cast.clock().date())
    cast.clock.move(days=1)
    today = cast.clock().date()
    late, now = tick(ladder.KETTLEBELL, performed_on=on), tick(ladder.KETTLEBELL, performed_on=today)
    added = send(cast, late, now, today=today)
    assert added.accepted == (late.id,)
    assert [one.id for one in added.refused] == [now.id]
    with cast.work("cleo", writes=False) as store:
        found = practice.practised(store, her, on - timedelta(days=1), today - timedelta(days=1), today).adherence
    assert [(one.days_done, one.days_planned) for one in found if one.item == ladder.KETTLEBELL] == [(1, 1)]


def test_what_was_open_in_the_morning_counts_for_that_day_whatever_came_later(cast: Cast) -> None:
    """She was offline when her trainer took the wall stage back at noon; what she sends in the evening was done before."""
    her = cast.cleo.client_id or 0
    with cast.work("tess") as store:
        ladder.climb(store, her, cast.clock())
    on = DAY + ladder.CLIMB
    cast.clock.move(days=ladder.CLIMB.days)
    with cast.work("tess") as store:
        line = next(one for one in progress.progress_of(store, her, on).sign_offs if one.stage is Stage.WALL)
        progress.take_back_sign_off(store, her, line.id, str(uuid4()), "", cast.clock(), on)
    assert send(cast, tick(ladder.KETTLEBELL, performed_on=on), today=on).accepted
    cast.clock.move(days=1)
    tomorrow = on + timedelta(days=1)
    (refused,) = send(cast, tick(ladder.KETTLEBELL, performed_on=tomorrow), today=tomorrow).refused
    assert refused.reason == "Opens when the wall stage is passed."


def test_what_comes_before_in_the_same_batch_counts_already_in_whatever_order_it_is_sent(cast: Cast) -> None:
    """Tess enters what Cleo wrote down: with the sessions between there was no break after which the load waits."""
    with cast.work("tess") as store:
        ladder.climb(store, cast.cleo.client_id or 0, cast.clock())
    began = DAY + ladder.CLIMB
    cast.clock.move(days=ladder.CLIMB.days)
    assert send(cast, tick(ladder.KETTLEBELL, performed_on=began), today=began).accepted
    today = began + timedelta(days=45)
    cast.clock.move(days=45)
    last, *between = (tick(ladder.KETTLEBELL, performed_on=began + timedelta(days=back)) for back in (45, 15, 30))
    assert send(cast, last, who="tess", today=today).refused[0].missing[0].id == "rdl.rescreen"
    added = send(cast, last, *between, who="tess", today=today)
    assert set(added.accepted) == {one.id for one in (last, *between)}


def test_many_late_days_ask_no_more_than_two(cast: Cast) -> None:
    with cast.work("tess") as store:
        ladder.climb(store, cast.cleo.client_id or 0, cast.clock())
    today = DAY + timedelta(days=100)
    cast.clock.move(days=100)

    def asked(days: range) -> int:
        statements: list[str] = []
        ticks = [
            tick(item, performed_on=DAY + timedelta(days=day)) for day in days for item in ("strengthening/bridge/both", ladder.KETTLEBELL)
        ]
        with cast.work("tess") as store:
            bind = store.session.get_bind()
            event.listen(bind, "before_cursor_execute", note := lambda *args: statements.append(args[2]))
            practice.add_ticks(store, cast.cleo.client_id or 0, ticks, cast.clock(), today)
            event.remove(bind, "before_cursor_execute", note)
        return sum(statement.startswith("SELECT") for statement in statements)

    few = asked(range(20, 22))
    assert asked(range(22, 90)) <= few


def test_a_set_without_a_word_of_its_load_was_done_with_the_one_that_cleo_was_shown(cast: Cast) -> None:
    her = cast.cleo.client_id or 0
    with cast.work("tess") as store:
        ladder.climb(store, her, cast.clock())
    on = DAY + ladder.CLIMB
    cast.clock.move(days=ladder.CLIMB.days)
    send(cast, tick(ladder.KETTLEBELL, performed_on=on), today=on)
    assert [one.load_kg for one in events(cast)[-1:]] == [None], "nothing is confirmed yet"
    with cast.work("tess") as store:
        progress.confirm_load(store, her, "rdl-kb", 8, str(uuid4()), cast.clock(), on)
    cast.clock.move(days=2)
    session = on + timedelta(days=2)
    less = tick(ladder.KETTLEBELL, set=2, performed_on=session, load_kg=6)
    said = tick(ladder.KETTLEBELL, set=2, performed_on=session, at=less.at + timedelta(hours=1), pain=1)
    none = tick(ladder.KETTLEBELL, set=1, performed_on=session, at=less.at + timedelta(hours=1), load_kg=0)
    undone = tick(ladder.KETTLEBELL, set=1, performed_on=session, at=less.at + timedelta(hours=2), done=False)
    send(cast, tick(ladder.KETTLEBELL, performed_on=session), less, said, none, undone, today=session)
    assert [one.load_kg for one in events(cast)[-5:]] == [8, 6, 6, 0, None]
    cast.clock.move(days=1)
    late = tick(ladder.KETTLEBELL, set=2, performed_on=session, at=less.at + timedelta(hours=1, minutes=5))
    send(cast, late, tick(ladder.KETTLEBELL, performed_on=on + timedelta(days=1)), today=session + timedelta(days=1))
    assert [one.load_kg for one in events(cast)[-2:]] == [6, 8]


def test_a_set_done_before_her_trainer_changed_the_load_was_done_with_the_former_one_however_late_it_arrives(cast: Cast) -> None:
    her = cast.cleo.client_id or 0
    with cast.work("tess") as store:
        ladder.climb(store, her, cast.clock())
    on = DAY + ladder.CLIMB
    cast.clock.move(days=ladder.CLIMB.days)
    first = cast.clock()
    for load in (8, 6):
        cast.clock.move(hours=1)
        with cast.work("tess") as store:
            progress.confirm_load(store, her, "rdl-kb", load, str(uuid4()), cast.clock(), on)
    cast.clock.move(hours=1)
    moments = [first + timedelta(minutes=minutes) for minutes in (30, 90, 150)]
    send(cast, *(tick(ladder.KETTLEBELL, performed_on=on, set=2, at=at) for at in moments[:1]), today=on)
    cast.clock.move(days=1)
    send(cast, *(tick(ladder.KETTLEBELL, performed_on=on, at=at) for at in moments[1:2]), today=on + timedelta(days=1))
    send(cast, *(tick(ladder.KETTLEBELL, performed_on=on, set=2, at=at) for at in moments[2:]), today=on + timedelta(days=1))
    assert [one.load_kg for one in events(cast)[-3:]] == [None, 8, 6]


def test_cleo_leaves_an_exercise_out_and_says_why(screened: Cast) -> None:
    send(screened, tick())
    screened.clock.move(minutes=1)
    with screened.work("cleo") as store:
        practice.skip_item(
            store, screened.cleo.client_id or 0, STRAP, SkipReason.NO_TIME, None, lambda: str(uuid4()), screened.clock(), DAY
        )
    assert [(one.set_number, one.skipped) for one in events(screened)] == [(1, None), (2, "no_time"), (3, "no_time")]
    with screened.work("cleo", writes=False) as store:
        (day,) = practice.practised(store, screened.cleo.client_id or 0, DAY, DAY, DAY).days
    assert [(one.done_sets, one.skipped) for one in day.items] == [(1, SkipReason.NO_TIME)]
    assert reason(send(screened, tick(set=2, skipped=SkipReason.OTHER))) == "A set is either done or left out."


def test_cleo_fills_in_two_weeks_herself_and_tess_what_is_older(screened: Cast) -> None:
    today = DAY + timedelta(days=30)
    screened.clock.move(days=30)
    assert send(screened, tick(performed_on=today - timedelta(days=14)), today=today).accepted
    assert "14 days" in reason(send(screened, tick(performed_on=today - timedelta(days=15)), today=today))
    assert send(screened, tick(performed_on=DAY), who="tess", today=today).accepted
    with screened.work("cleo", writes=False) as store:
        day = practice.my_day(store, today, today - timedelta(days=14))
        assert day.due is not None
        assert day.due.done == 1
        assert day.first == today - timedelta(days=14)
        for on in (today - timedelta(days=15), today + timedelta(days=1)):
            with pytest.raises(Invalid):
                practice.my_day(store, today, on)


def test_the_morning_after_is_told_the_day_after_and_asked_for_until_then(screened: Cast) -> None:
    send(screened, tick())
    assert my_day(screened).untold is None
    morning: dict[str, Any] = {"item": MORNING, "done": False, "pain": 1}
    assert "not come" in reason(send(screened, tick(**morning)))
    tomorrow = DAY + timedelta(days=1)
    screened.clock.move(days=1)
    assert my_day(screened, tomorrow).untold == DAY
    assert "0 to 10" in reason(send(screened, tick(**{**morning, "pain": None}), today=tomorrow))
    with screened.work("cleo") as store:
        practice.report_morning(store, screened.cleo.client_id or 0, DAY, 0, str(uuid4()), screened.clock(), tomorrow)
    assert my_day(screened, tomorrow).untold is None
    send(screened, tick(performed_on=tomorrow), today=tomorrow)
    later = tomorrow + timedelta(days=1)
    assert my_day(screened, later).untold == tomorrow
    assert my_day(screened, later + timedelta(days=4)).untold is None
    with screened.work("cleo", writes=False) as store:
        first, _ = practice.practised(store, screened.cleo.client_id or 0, DAY, later, later).days
    assert first.morning == 0


# --- what hurts -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("report", [{"pain": 5}, {"pain": 0, "feel": Feel.TINGLING}, {"feel": Feel.SHARP}])
def test_too_much_pain_stops_everything_at_once(screened: Cast, report: dict[str, Any]) -> None:
    added = send(screened, tick(), tick(set=2, done=False, **report))
    assert added.stopped
    day = my_day(screened)
    assert (day.halt, day.due) == (Halt.STOPPED, None)
    assert "stopped" in reason(send(screened, tick(set=3)))
    with screened.work("tess", writes=False) as store:
        (waiting,) = progress.waiting_stops(store)
        assert waiting.from_practice
        (row,) = store.referrals.all(store.clients.get(screened.cleo.client_id or 0))
        assert (row.source, row.state) == ("practice", "open")


def test_what_hurt_stops_whatever_is_ticked_before_or_after_it(screened: Cast) -> None:
    """From a phone that was offline: she stopped with pain, then ticked the set all the same."""
    at = datetime(2026, 11, 23, 7, tzinfo=UTC)
    added = send(screened, tick(done=False, pain=8, feel=Feel.SHARP, at=at), tick(at=at + timedelta(minutes=1)))
    assert added.stopped


def test_a_report_that_arrives_after_a_newer_tick_of_its_set_stops(screened: Cast) -> None:
    send(screened, tick())
    screened.clock.move(minutes=1)
    assert send(screened, tick(done=False, pain=8, at=datetime(2026, 11, 23, 7, tzinfo=UTC))).stopped


def test_pain_noted_by_mistake_is_taken_back_by_nought_and_not_by_a_tick(screened: Cast) -> None:
    def rests() -> bool:
        due = my_day(screened).due
        assert due is not None
        return STRAP not in {one.item.key for one in due.items}

    send(screened, tick(done=False, pain=4))
    screened.clock.move(minutes=1)
    send(screened, tick(at=screened.clock()))
    assert rests()
    screened.clock.move(seconds=1)
    send(screened, tick(pain=0, at=screened.clock()))
    assert not rests()


def stopped_and_answered(cast: Cast, on: date, **report: Any) -> None:
    """Cleo stops on a day, and a professional answers it there and then."""
    assert send(cast, tick(performed_on=on, **report), today=on).stopped
    with cast.work("tess", writes=False) as store:
        (row,) = (one for one in store.referrals.all(store.clients.get(cast.cleo.client_id or 0)) if one.waits)
    answer(cast, row.id, on)
    assert my_day(cast, on).halt is None


def test_what_hurts_after_a_stop_was_answered_that_very_day_stops_again(screened: Cast) -> None:
    stopped_and_answered(screened, DAY, pain=8)
    screened.clock.move(minutes=1)
    assert not send(screened, tick(set=2)).stopped, "a bare tick brings nothing up again"
    right = "flexibility/strap-ham/right"
    assert send(screened, tick(right, pain=8, at=screened.clock())).stopped
    assert my_day(screened).halt is Halt.STOPPED
    screened.clock.move(days=1)
    with screened.work("tess", writes=False) as store:
        row = store.referrals.waiting(store.clients.get(screened.cleo.client_id or 0))
    assert row is not None
    answer(screened, row.id, DAY + timedelta(days=1))
    assert my_day(screened, DAY + timedelta(days=1)).halt is None


def test_the_same_set_that_hurts_as_much_after_the_answer_stops_again(screened: Cast) -> None:
    stopped_and_answered(screened, DAY, pain=8)
    screened.clock.move(minutes=1)
    assert send(screened, tick(pain=8, at=screened.clock())).stopped


def test_what_is_told_late_of_a_day_before_an_answer_stops_too(screened: Cast) -> None:
    screened.clock.move(days=4)
    on = DAY + timedelta(days=4)
    stopped_and_answered(screened, on, pain=7)
    screened.clock.move(minutes=1)
    assert send(screened, tick(performed_on=DAY, set=2, feel=Feel.SHOOTING), today=on).stopped
    assert my_day(screened, on).halt is Halt.STOPPED


def test_a_second_session_in_pain_told_late_of_a_day_before_an_answer_takes_the_exercise_out(screened: Cast) -> None:
    screened.clock.move(days=4)
    on = DAY + timedelta(days=4)
    assert not send(screened, tick(performed_on=DAY, pain=3), today=on).stopped
    stopped_and_answered(screened, on, item="strengthening/bridge/both", pain=7)
    screened.clock.move(minutes=1)
    assert send(screened, tick(performed_on=DAY + timedelta(days=2), pain=4), today=on).stopped
    with screened.work("tess", writes=False) as store:
        assert "two sessions" in progress.waiting_stops(store)[0].text


def test_a_report_that_was_corrected_before_it_arrived_stops_nothing(screened: Cast) -> None:
    screened.clock.move(minutes=5)
    send(screened, tick(pain=0, at=screened.clock()))
    assert not send(screened, tick(pain=8, done=False, at=screened.clock() - timedelta(minutes=1))).stopped


@pytest.mark.parametrize("report", [{"pain": 5}, {"pain": 1, "feel": Feel.SHOOTING}])
def test_a_bad_morning_stops_as_a_bad_session_does(screened: Cast, report: dict[str, Any]) -> None:
    send(screened, tick())
    screened.clock.move(days=1)
    tomorrow = DAY + timedelta(days=1)
    assert send(screened, tick(MORNING, done=False, **report), today=tomorrow).stopped
    assert my_day(screened, tomorrow).halt is Halt.STOPPED


def test_some_pain_rests_the_exercise_for_the_day_and_no_longer(screened: Cast) -> None:
    send(screened, tick(pain=3))
    due = my_day(screened).due
    assert due is not None
    assert STRAP not in {one.item.key for one in due.items}
    tomorrow = my_day(screened, DAY + timedelta(days=1)).due
    assert tomorrow is not None
    assert STRAP in {one.item.key for one in tomorrow.items}


def test_the_same_pain_in_two_sessions_stops_also_when_the_first_is_told_late(screened: Cast) -> None:
    screened.clock.move(days=2)
    today = DAY + timedelta(days=2)
    assert not send(screened, tick(performed_on=today, pain=3), today=today).stopped
    screened.clock.move(minutes=1)
    assert send(screened, tick(performed_on=DAY, pain=4), today=today).stopped


def test_a_stop_out_of_practice_is_answered_and_practice_goes_on(screened: Cast) -> None:
    send(screened, tick(pain=7))
    with screened.work("tess", writes=False) as store:
        (row,) = store.referrals.all(store.clients.get(screened.cleo.client_id or 0))
    screened.clock.move(days=3)
    on = DAY + timedelta(days=3)
    answer(screened, row.id, on)
    assert my_day(screened, on).halt is None
    assert not send(screened, tick(performed_on=on), today=on).stopped
    assert send(screened, tick(set=2, performed_on=DAY), today=on).accepted, "what she did that morning counts"


# --- weeks ----------------------------------------------------------------------------------------------------------


def test_practice_shows_days_and_adherence_against_the_plan(screened: Cast) -> None:
    send(screened, tick(), tick(set=2), tick(set=3, pain=2))
    screened.clock.move(days=6)
    sunday = DAY + timedelta(days=6)
    with screened.work("cleo", writes=False) as store:
        done = practice.practised(store, screened.cleo.client_id or 0, DAY, sunday, sunday)
    (day,) = done.days
    assert day.date == DAY
    assert [(one.item, one.done_sets, one.of_sets, one.pain) for one in day.items] == [(STRAP, 3, 3, 2)]
    by_item = {one.item: (one.days_done, one.days_planned) for one in done.adherence}
    assert by_item[STRAP] == (1, 3)
    assert by_item["strengthening/bridge/both"] == (0, 3)
    assert not any(key.startswith(tuple(stage.value for stage in (Stage.DOWEL, Stage.WALL, Stage.RDL))) for key in by_item)


def test_more_than_planned_never_counts_above(screened: Cast) -> None:
    for day in range(5):
        send(screened, tick(performed_on=DAY + timedelta(days=day)), today=DAY + timedelta(days=6))
    sunday = DAY + timedelta(days=6)
    with screened.work("cleo", writes=False) as store:
        done = practice.practised(store, screened.cleo.client_id or 0, DAY, sunday, sunday)
    assert {one.item: (one.days_done, one.days_planned) for one in done.adherence}[STRAP] == (3, 3)


def test_each_plan_keeps_its_own_denominators(replanned: Cast) -> None:
    sunday = DAY + timedelta(days=6)
    with replanned.work("tess", writes=False) as store:
        done = practice.practised(store, replanned.cleo.client_id or 0, DAY, sunday, sunday)
    by_item = {one.item: one.days_planned for one in done.adherence}
    assert by_item[STRAP] == 2, "five of seven days of three a week"


@pytest.mark.parametrize(("first", "last"), [(DAY, DAY - timedelta(days=1)), (date(2024, 1, 1), DAY)])
def test_a_range_that_makes_no_sense_is_refused(cast: Cast, first: date, last: date) -> None:
    with cast.work("cleo", writes=False) as store, pytest.raises(Invalid):
        practice.practised(store, cast.cleo.client_id or 0, first, last, DAY)


@pytest.mark.parametrize("last", [date.min, date.max, None])
def test_any_range_is_answered(screened: Cast, last: date | None) -> None:
    with screened.work("cleo", writes=False) as store:
        assert practice.practised(store, screened.cleo.client_id or 0, None, last, DAY).days == ()
