"""A stop on its way to an answer, step by step and back; and stops that come out of practice."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select

from app.errors import Conflict, Invalid, NotAllowed, NotFound
from app.models import AuditEvent, Plan
from app.rules.contraindications import PAINFUL
from app.rules.documents import Reason
from app.rules.pain import PracticeStop
from app.rules.vocabulary import Feel, Level, Side, Stage, Status
from app.services import clients, plans, practice, referrals, screens
from app.services.drafts import Lines
from app.services.plans import PlanView
from app.services.practice import Tick
from app.services.referrals import Stop
from tests.cast import DAY, Cast
from tests.finished import finish, situation
from tests.rescreening import again as screened_again
from tests.rescreening import before as kept
from tests.rescreening import neither, took
from tests.services.test_referrals import clear, read, stop

TODAY = DAY + timedelta(days=20)
"""The day on which the answers come in."""


def send(cast: Cast, referral: int, *, who: str = "tess", to: str = "Dr Young", on: date = DAY) -> None:
    with cast.work(who) as store:
        referrals.send(store, cast.cleo.client_id or 0, referral, to=to, on=on, at=cast.clock(), today=cast.clock().date())


def hear(
    cast: Cast, referral: int, *, who: str = "tess", on: date = DAY, by: str = "Dr Young", words: str = "Seen.", refused: bool = False
) -> None:
    with cast.work(who) as store:
        client, at = cast.cleo.client_id or 0, cast.clock()
        referrals.hear(store, client, referral, professional=by, on=on, words=words, refused=refused, at=at, today=at.date())


def back(cast: Cast, referral: int, step: int, *, who: str = "tess") -> None:
    with cast.work(who) as store:
        referrals.take_back(store, cast.cleo.client_id or 0, referral, step, cast.clock())


def now(cast: Cast, who: str = "tess") -> PlanView:
    with cast.work(who, writes=False) as store:
        return plans.current_plan(store, cast.cleo.client_id or 0, cast.clock().date())


def states(cast: Cast, referral: int) -> list[str]:
    return [mark.step for mark in read(cast, referral).way]


# --- the way --------------------------------------------------------------------------------------------------------


def test_a_stop_is_handed_over_answered_and_cleared_and_each_step_says_when_and_by_whom(cast: Cast) -> None:
    referral = stop(cast, "painful-test")
    cast.clock.move(days=20)
    send(cast, referral, on=DAY + timedelta(days=1))
    hear(cast, referral, on=DAY + timedelta(days=5), words="An image first.")
    assert now(cast).referral is not None
    assert now(cast).plan is None
    made = clear(cast, referral, cleared_on=DAY + timedelta(days=9), professional="Dr Zeller")
    assert made is not None
    way = read(cast, referral).way
    assert [(mark.step, (mark.on - DAY).days, mark.whom) for mark in way] == [
        ("opened", 0, ""),
        ("sent", 1, "Dr Young"),
        ("answered", 5, "Dr Young"),
        ("cleared", 9, "Dr Zeller"),
    ]
    assert {(mark.by, mark.noted_on) for mark in way[1:]} == {("Tess", TODAY)}
    assert way[2].words == "An image first."


def test_what_is_not_cleared_stays_locked_until_another_answer_clears_it(cast: Cast) -> None:
    finish(cast, situation("desk-worker-with-a-tilt"))
    referral = stop(cast, "painful-test")
    cast.clock.move(days=20)
    hear(cast, referral, on=DAY + timedelta(days=5), words="Rest first.", refused=True)
    standing = now(cast)
    assert (standing.status, standing.number, standing.former) == (Status.REFER, None, 1)
    assert standing.referral is not None
    assert standing.referral.state == "not_cleared"
    with cast.work("cleo") as store:
        tick = Tick("1", "dowel/dowel-hinge/both", 1, TODAY, cast.clock(), done=True)
        added = practice.add_ticks(store, cast.cleo.client_id or 0, [tick], cast.clock(), TODAY)
        assert [one.reason for one in added.refused] == [practice.STOPPED]
    with pytest.raises(Invalid):
        clear(cast, referral, cleared_on=DAY + timedelta(days=4))
    send(cast, referral, to="Dr Zeller", on=DAY + timedelta(days=12))
    made = clear(cast, referral, cleared_on=DAY + timedelta(days=15), professional="Dr Zeller")
    assert made is not None
    assert made.number == 2
    assert states(cast, referral) == ["opened", "not_cleared", "sent", "cleared"]


Move = Callable[[Cast, int], None]

MOVES: dict[str, tuple[Move, ...]] = {
    "open": (),
    "sent": (send,),
    "answered": (send, hear),
    "not_cleared": (send, lambda cast, referral: hear(cast, referral, refused=True)),
}


@pytest.mark.parametrize("state", MOVES)
def test_whatever_a_stop_waits_for_neither_a_new_screen_nor_time_lifts_it(cast: Cast, state: str) -> None:
    finish(cast, situation("desk-worker-with-a-tilt"))
    older = stop(cast, "painful-test")
    for move in MOVES[state]:
        move(cast, older)
    cast.clock.move(days=400)
    assert now(cast).plan is None
    assert now(cast, "cleo").plan is None
    _, outcome = finish(cast, situation("desk-worker-with-a-tilt", taken_on=cast.clock().date()))
    assert outcome.plan is None
    assert outcome.referral is not None
    assert [reason.rule for reason in outcome.assessment.reasons] == ["P3.AKE.left"]
    assert (read(cast, older).referral.state, read(cast, outcome.referral.id).referral.state) == ("withdrawn", "open")
    with cast.work("tess", writes=False) as store:
        client = store.clients.get(cast.cleo.client_id or 0)
        assert store.clients.facts([client])[client.id].is_stopped


@pytest.mark.parametrize("state", MOVES)
def test_a_clearance_is_logged_from_any_state_that_waits_and_once(cast: Cast, state: str) -> None:
    referral = stop(cast, "painful-test")
    for move in MOVES[state]:
        move(cast, referral)
    assert clear(cast, referral) is not None
    for again in (send, hear, clear):
        with pytest.raises(Conflict, match="Dr Young"):
            again(cast, referral)
    assert states(cast, referral)[-1] == "cleared"


@pytest.mark.parametrize(("days", "field"), [(-1, "before"), (21, "not come yet"), (9, "before the last step")])
def test_a_step_is_dated_between_what_came_before_and_today(cast: Cast, days: int, field: str) -> None:
    referral = stop(cast, "painful-test")
    cast.clock.move(days=20)
    send(cast, referral, on=DAY + timedelta(days=10))
    wrong = DAY + timedelta(days=days)
    for move in (send, hear):
        with pytest.raises(Invalid) as refusal:
            move(cast, referral, on=wrong)
        assert field in refusal.value.errors[0].message
    with pytest.raises(Invalid):
        clear(cast, referral, cleared_on=wrong)
    assert states(cast, referral) == ["opened", "sent"]


@pytest.mark.parametrize(("more", "field"), [({"by": " "}, "answered_by"), ({"words": " "}, "answer")])
def test_an_answer_says_who_and_what(cast: Cast, more: dict[str, str], field: str) -> None:
    referral = stop(cast, "painful-test")
    with pytest.raises(Invalid) as refusal:
        hear(cast, referral, **more)  # type: ignore[arg-type]  # some of the texts
    assert [error.field for error in refusal.value.errors] == [field]
    with pytest.raises(Invalid):
        send(cast, referral, to=" ")
    assert states(cast, referral) == ["opened"]


def test_a_mistaken_step_is_taken_back_one_at_a_time_and_the_log_knows(cast: Cast) -> None:
    referral = stop(cast, "painful-test")
    send(cast, referral)
    hear(cast, referral, refused=True)
    sent, refused = (mark.id or 0 for mark in read(cast, referral).way[1:])
    with pytest.raises(Conflict):
        back(cast, referral, sent)
    back(cast, referral, refused)
    assert read(cast, referral).referral.state == "sent"
    with pytest.raises(Conflict):
        back(cast, referral, refused)
    back(cast, referral, sent)
    assert read(cast, referral).referral.state == "open"
    assert states(cast, referral) == ["opened"]
    with cast.work("ada", writes=False) as store:
        lines = [(one.verb, one.noun, one.subject_id) for one in store.session.scalars(select(AuditEvent).order_by(AuditEvent.id))]
    assert lines[-4:] == [
        ("sent", "referral", referral),
        ("not cleared", "referral", referral),
        ("took a step back", "referral", referral),
        ("took a step back", "referral", referral),
    ]
    send(cast, referral)
    clear(cast, referral)
    with pytest.raises(Conflict, match="Dr Young"):
        back(cast, referral, read(cast, referral).way[1].id or 0)


def test_nobody_but_her_trainer_moves_a_stop_of_cleos(cast: Cast) -> None:
    referral = stop(cast, "painful-test")
    send(cast, referral)
    step = read(cast, referral).way[1].id or 0
    moves: Iterable[Callable[[str], None]] = (
        lambda who: send(cast, referral, who=who),
        lambda who: hear(cast, referral, who=who),
        lambda who: back(cast, referral, step, who=who),
        lambda who: write(cast, referral, "Now?", who=who),
    )
    for move in moves:
        for who, refusal in (("tom", NotFound), ("bea", NotFound), ("ada", NotAllowed), ("cleo", NotAllowed), ("colin", NotAllowed)):
            with pytest.raises(refusal):
                move(who)
    assert states(cast, referral) == ["opened", "sent"]


def test_a_profile_that_is_put_away_takes_no_step(cast: Cast) -> None:
    referral = stop(cast, "painful-test")
    with cast.work("tess") as store:
        clients.archive_client(store, cast.cleo.client_id or 0, cast.clock())
    for move in (send, hear):
        with pytest.raises(Conflict):
            move(cast, referral)
    assert states(cast, referral) == ["opened"]


def write(cast: Cast, referral: int, question: str, remark: str = "", *, who: str = "tess") -> None:
    with cast.work(who) as store:
        referrals.write_letter(store, cast.cleo.client_id or 0, referral, question=question, remark=remark, at=cast.clock())


def test_the_question_of_the_note_is_kept_until_the_answer_is_logged(cast: Cast) -> None:
    referral = stop(cast, "painful-test")
    assert read(cast, referral).question is None
    write(cast, referral, " May she lunge? ", "It hurts on the left.")
    assert (read(cast, referral).question, read(cast, referral).remark) == ("May she lunge?", "It hurts on the left.")
    write(cast, referral, " ")
    assert (read(cast, referral).question, read(cast, referral).remark) == (None, "")
    clear(cast, referral)
    with pytest.raises(Conflict):
        write(cast, referral, "Too late?")


# --- out of practice ------------------------------------------------------------------------------------------------

WORST = PracticeStop("PAIN5", Level.REFER, "Pain of 6 of 10 in practice, so we stop here.", DAY, "strengthening/bridge/both", "bridge")
TINGLES = PracticeStop("RF5", Level.URGENT, "Numbness or tingling down a leg.", DAY, "strengthening/bridge/both", "bridge")
TWICE = replace(WORST, rule="PAIN2", text="The same exercise was painful in two sessions in a row, so we stop here.")


def hurts(cast: Cast, *stops: PracticeStop, who: str = "cleo") -> int:
    """What Cleo's report does, as the use case of practice calls it."""
    with cast.work(who) as store:
        client = store.clients.get(cast.cleo.client_id or 0)
        plan = store.plans.latest(client)
        assert plan is not None
        return plans.open_from_practice(store, client, plan, stops, cast.clock()).id


def with_plan(cast: Cast, name: str = "weak-everything") -> PlanView:
    finish(cast, situation(name))
    return now(cast)


def exercises(view: PlanView | None) -> set[str]:
    assert view is not None
    assert view.plan is not None
    return {item.exercise for stage in view.plan.stages for item in stage.items}


@pytest.mark.parametrize(("hurt", "status"), [(WORST, Status.REFER), (TWICE, Status.REFER), (TINGLES, Status.URGENT_REFER)])
def test_pain_in_practice_locks_the_whole_plan_and_is_no_fault_of_its_screen(cast: Cast, hurt: PracticeStop, status: Status) -> None:
    screen, _ = finish(cast, situation("weak-everything"))
    referral = hurts(cast, hurt)
    standing = now(cast)
    assert (standing.status, standing.number, standing.former, standing.plan) == (status, None, 1, None)
    assert standing.referral is not None
    assert (standing.referral.id, standing.referral.from_practice) == (referral, True)
    assert standing.referral.reasons == (Reason(hurt.rule, hurt.level, hurt.text),)
    with cast.work("tess", writes=False) as store:
        shown = screens.get_screen(store, cast.cleo.client_id or 0, screen)
    assert shown.referral is None


def test_cleo_reads_why_her_practice_stopped_whatever_its_level(cast: Cast) -> None:
    with_plan(cast)
    hurts(cast, TINGLES)
    standing = now(cast, "cleo")
    assert standing.referral is not None
    assert [reason.rule for reason in standing.referral.reasons] == ["RF5"]


def test_the_answer_rebuilds_the_plan_from_her_screen_with_its_limits_and_without_what_hurt_twice(cast: Cast) -> None:
    before = with_plan(cast)
    hurt = next(item for stage in before.plan.stages for item in stage.items if stage.stage is Stage.STRENGTHENING)  # type: ignore[union-attr]
    referral = hurts(cast, replace(TWICE, item=hurt.key, exercise=hurt.exercise))
    made = clear(cast, referral, not_allowed=("shoulder_pain",))
    assert made is not None
    assert (made.number, made.screen_id) == (2, before.screen_id)
    assert hurt.exercise in exercises(before) - exercises(made)
    found = read(cast, referral)
    assert {one.key for one in found.removed} == {"shoulder_pain", PAINFUL.id}
    assert {one.exercise for one in found.removed} >= {hurt.exercise}
    assert found.removed == tuple(one for one in made.plan.removed if one.key in ("shoulder_pain", PAINFUL.id))  # type: ignore[union-attr]
    assert all(one.because for one in found.removed)


def finish_with(cast: Cast, draft: int, lines: Lines) -> PlanView:
    """Tess finishes a draft and leaves lines of the plan before as they were."""
    with cast.work("tess") as store:
        client, at = cast.cleo.client_id or 0, cast.clock()
        revision = screens.get_draft(store, client, draft, at, at.date()).row.revision
        screens.finish_draft(store, client, draft, revision, at, at.date(), lines=lines)
    return now(cast)


STRAP = "flexibility/strap-ham/left"
LIKED = "Kept by Tess: She likes it."


def reasons(view: PlanView | None) -> dict[str, str]:
    assert view is not None
    assert view.plan is not None
    return {item.key: item.reasons[0].because for stage in view.plan.stages for item in stage.items}


@pytest.mark.parametrize("who", ["tess", "tom"])
def test_a_line_that_tess_kept_for_cleo_is_still_there_after_an_answer_in_her_words(cast: Cast, who: str) -> None:
    finish_with(cast, screened_again(cast, took(AKE=(22, 12)), took(AKE=(12, 12))), kept({STRAP: "She likes it."}))
    hurt = hurts(cast, replace(WORST, on=cast.clock().date()))
    with cast.work("tess") as store:
        clients.share_client(store, cast.cleo.client_id or 0, cast.tom.user_id, cast.clock())
    made = clear(cast, hurt, who=who, cleared_on=cast.clock().date())
    assert reasons(made)[STRAP] == LIKED
    assert made == now(cast, who)
    once_more = clear(cast, hurts(cast, replace(TINGLES, on=cast.clock().date())), cleared_on=cast.clock().date())
    assert once_more is not None
    assert once_more.number == 4
    assert STRAP not in reasons(once_more), "the key of tingling takes it"


def test_a_line_that_tess_left_out_for_cleo_stays_out_after_an_answer(cast: Cast) -> None:
    before = finish_with(cast, screened_again(cast, took(), took(AKE=(22, 12))), neither({STRAP: "No strap at home."}))
    made = clear(cast, hurts(cast, replace(WORST, on=cast.clock().date())), cleared_on=cast.clock().date())
    assert made is not None
    assert made.plan is not None
    assert STRAP not in reasons(before)
    assert (made.number, set(reasons(made))) == (3, set(reasons(before)))
    assert [one.because for one in made.plan.removed if one.exercise == "strap-ham"] == ["Left out by Tess: No strap at home."]


@pytest.mark.parametrize("limit", ["hurts twice", "nerve_symptoms"])
def test_what_hurt_twice_or_an_answer_forbids_goes_although_tess_kept_it(cast: Cast, limit: str) -> None:
    finish_with(cast, screened_again(cast, took(AKE=(22, 12)), took(AKE=(12, 12))), kept({STRAP: "She likes it."}))
    hurt = replace(TWICE if limit == "hurts twice" else WORST, item=STRAP, exercise="strap-ham", on=cast.clock().date())
    forbidden = () if limit == "hurts twice" else (limit,)
    made = clear(cast, hurts(cast, hurt), cleared_on=cast.clock().date(), not_allowed=forbidden)
    assert STRAP not in reasons(made)


def test_the_plan_of_a_new_screen_that_had_stopped_is_the_one_by_the_rules(cast: Cast) -> None:
    finish_with(cast, screened_again(cast, took(AKE=(22, 12)), took(AKE=(12, 12))), kept({STRAP: "She likes it."}))
    made = clear(cast, stop(cast, "painful-test", taken_on=cast.clock().date()), cleared_on=cast.clock().date())
    assert LIKED not in reasons(made).values()


def test_what_stays_out_stays_out_of_the_plan_of_the_next_screen_too(cast: Cast) -> None:
    before = with_plan(cast)
    hurt = next(item for stage in before.plan.stages for item in stage.items if stage.stage is Stage.STRENGTHENING)  # type: ignore[union-attr]
    clear(cast, hurts(cast, replace(TWICE, item=hurt.key, exercise=hurt.exercise)))
    cast.clock.move(days=28)
    finish(cast, situation("weak-everything", taken_on=cast.clock().date()))
    assert hurt.exercise not in exercises(now(cast))


@pytest.mark.parametrize("allowed", [(), ("nerve_symptoms",)])
def test_tingling_in_practice_sets_the_key_of_its_red_flag_unless_the_answer_allows_it(cast: Cast, allowed: tuple[str, ...]) -> None:
    with_plan(cast, "everything-tight")
    referral = hurts(cast, TINGLES)
    assert "nerve_symptoms" in read(cast, referral).keys
    made = clear(cast, referral, allowed=allowed)
    assert made is not None
    assert made.plan is not None
    assert any(one.key == "nerve_symptoms" for one in made.plan.removed) is not bool(allowed)


def test_the_plan_of_one_screen_may_stop_more_than_once(cast: Cast) -> None:
    with_plan(cast)
    for number in (2, 3):
        referral = hurts(cast, replace(WORST, on=cast.clock().date()))
        made = clear(cast, referral, cleared_on=cast.clock().date())
        assert made is not None
        assert made.number == number
        cast.clock.move(days=3)
    assert now(cast).number == 3


def test_what_a_stop_knows_already_changes_nothing_and_what_is_new_takes_it_over(cast: Cast) -> None:
    with_plan(cast)
    first = hurts(cast, WORST)
    send(cast, first)
    assert hurts(cast, WORST) == first
    second = hurts(cast, WORST, TINGLES)
    assert second != first
    assert (read(cast, first).referral.state, read(cast, second).referral.state) == ("withdrawn", "open")
    assert [reason.rule for reason in read(cast, second).referral.reasons] == ["RF5", "PAIN5"]
    assert hurts(cast, TINGLES, WORST) == second


def test_mending_the_screen_or_taking_a_new_one_does_not_lift_what_hurt_in_practice(cast: Cast) -> None:
    mistyped, _ = finish(cast, situation("weak-everything"))
    first = hurts(cast, TWICE)
    _, mended = finish(cast, situation("weak-everything"), mends=mistyped)
    assert mended.referral is not None
    assert [reason.rule for reason in mended.assessment.reasons] == ["PAIN2"]
    _, later = finish(cast, situation("everything-tight"))
    assert later.referral is not None
    assert read(cast, first).referral.state == "withdrawn"
    made = clear(cast, later.referral.id)
    assert made is not None
    assert "bridge" not in exercises(made)
    assert [mark.step for mark in read(cast, later.referral.id).way] == ["opened", "cleared"]


def test_an_answer_is_not_older_than_what_hurt(cast: Cast) -> None:
    with_plan(cast)
    cast.clock.move(days=5)
    referral = hurts(cast, replace(WORST, on=DAY + timedelta(days=4)))
    with pytest.raises(Invalid):
        clear(cast, referral, cleared_on=DAY + timedelta(days=3))
    assert clear(cast, referral, cleared_on=DAY + timedelta(days=4)) is not None


def test_a_clearance_that_lifted_something_still_does_after_a_stop_of_practice(cast: Cast) -> None:
    first = stop(cast, "osteoporosis-cleared-to-load")
    before = clear(cast, first, allowed=("loaded_hinge",))
    made = clear(cast, hurts(cast, WORST))
    assert made is not None
    assert before is not None
    assert exercises(made) == exercises(before)
    assert made.plan is not None
    assert not any(stage.locks for stage in made.plan.stages)


def test_what_was_reported_of_an_exercise_stands_by_the_stop_newest_first(cast: Cast) -> None:
    with_plan(cast)
    cast.clock.move(days=3)
    item = "strengthening/bridge-iso/both"
    with cast.work("cleo") as store:
        client = store.clients.get(cast.cleo.client_id or 0)
        plan = store.plans.latest(client)
        assert plan is not None
        row = {"studio_id": client.studio_id, "client_id": client.id, "plan_id": plan.id, "item": item, "side": "both", "set_number": 1}
        row |= {
            "done": True,
            "at": cast.clock(),
            "received_at": cast.clock(),
            "entered_by": client.user_id,
            "effort": None,
            "load_kg": None,
        }
        reports = ((0, 4, None), (1, 0, None), (2, 6, "sharp"))
        store.practice.append(
            [
                {**row, "uuid": str(day), "performed_on": DAY + timedelta(days=day), "pain": pain, "feel": feel, "skipped": None}
                for day, pain, feel in reports
            ]
        )
    found: Stop = read(cast, hurts(cast, replace(WORST, on=DAY + timedelta(days=2), item=item, exercise="bridge-iso")))
    assert [((one.on - DAY).days, one.pain, one.feel) for one in found.hurt] == [(2, 6, Feel.SHARP), (0, 4, None)]
    assert {(one.exercise, one.side) for one in found.hurt} == {("bridge-iso", Side.BOTH)}


def test_each_plan_of_a_client_says_from_which_screen_it_comes(cast: Cast) -> None:
    with_plan(cast)
    clear(cast, hurts(cast, WORST))
    with cast.work("tess", writes=False) as store:
        rows = store.session.scalars(select(Plan).where(Plan.client_id == (cast.cleo.client_id or 0)).order_by(Plan.number)).all()
        assert all(older.screen_id == newer.screen_id and older.number < newer.number for older, newer in pairwise(rows))
        assert len(rows) == 2


def test_days_within_a_stop_that_another_took_over_do_not_count_afterwards(cast: Cast) -> None:
    with_plan(cast)
    cast.clock.move(days=2)
    hurts(cast, replace(WORST, on=DAY + timedelta(days=2)))
    cast.clock.move(days=4)
    taken_over = stop(cast, "painful-test", taken_on=cast.clock().date())
    cast.clock.move(days=2)
    today = cast.clock().date()
    clear(cast, taken_over, cleared_on=today)
    tick = Tick("00000000-0000-4000-8000-000000000001", WORST.item, 1, DAY + timedelta(days=4), cast.clock(), done=True)
    with cast.work("cleo") as store:
        (refused,) = practice.add_ticks(store, cast.cleo.client_id or 0, [tick], cast.clock(), today).refused
    assert refused.reason == practice.STOPPED
