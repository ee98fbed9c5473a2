"""What a finished screen leads to, for people who are screened, stopped, screened again and mended."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.errors import Invalid, NotAllowed, NotFound
from app.rules.documents import Clearance, Screen
from app.rules.plan import build_plan
from app.rules.vocabulary import Level, Stage, Status
from app.services import plans, referrals
from app.services.library import current_library
from app.services.plans import PlanView
from tests.cast import DAY, Cast
from tests.finished import finish, situation
from tests.rules.situations import SITUATIONS, WOMAN, hurts, screen

TIGHT = "desk-worker-with-a-tilt"


def view(cast: Cast, who: str = "tess", client: str = "cleo") -> PlanView:
    with cast.work(who, writes=False) as store:
        return plans.current_plan(store, cast.people[client].client_id or 0, DAY)


def numbered(cast: Cast, number: int, who: str = "tess", client: str = "cleo") -> PlanView:
    with cast.work(who, writes=False) as store:
        return plans.numbered_plan(store, cast.people[client].client_id or 0, number, DAY)


def answer(cast: Cast, referral_id: int, *, allowed: tuple[str, ...] = (), not_allowed: tuple[str, ...] = ()) -> PlanView | None:
    with cast.work("tess") as store:
        return referrals.clear(
            store,
            cast.cleo.client_id or 0,
            referral_id,
            professional="Dr Young",
            cleared_on=cast.clock().date(),
            allowed=allowed,
            not_allowed=not_allowed,
            note="",
            at=cast.clock(),
            today=cast.clock().date(),
        )


def stop(cast: Cast, document: Screen, mends: int | None = None) -> tuple[int, int]:
    """Finish a screen that stops; returns its id and the referral's."""
    row, outcome = finish(cast, document, mends=mends)
    assert outcome.plan is None
    assert outcome.referral is not None
    return row, outcome.referral.id


def rules_of(found: PlanView) -> list[str]:
    return [reason.rule for reason in found.referral.reasons] if found.referral else []


# --- a plan ---------------------------------------------------------------------------------------------------------


def test_cleos_screen_becomes_her_first_plan(cast: Cast) -> None:
    screen_id, outcome = finish(cast, situation(TIGHT))
    found = view(cast)
    assert outcome.assessment.status is Status.PLAN_READY
    assert (found.number, found.screen_id, found.made_by, found.made_on) == (1, screen_id, "Tess", DAY)
    assert found.plan is not None
    assert [stage.stage for stage in found.plan.stages] == list(Stage)
    assert [standing.stage for standing in found.standings] == list(Stage)
    assert found.referral is None


def test_the_stored_plan_is_the_one_that_the_rules_make(cast: Cast) -> None:
    finish(cast, situation(TIGHT))
    with cast.work("tess", writes=False) as store:
        assert view(cast).plan == build_plan(situation(TIGHT), current_library(store))


def test_a_preview_shows_the_plan_and_writes_nothing(cast: Cast) -> None:
    with cast.work("tess") as store:
        client = store.clients.get(cast.cleo.client_id or 0)
        seen = plans.preview(store, client, situation(TIGHT), supersedes=None)
    assert seen.plan is not None
    with pytest.raises(NotFound):
        view(cast)
    finish(cast, situation(TIGHT))
    assert view(cast).plan == seen.plan


def test_the_plan_says_which_versions_of_the_library_it_uses(cast: Cast) -> None:
    finish(cast, situation(TIGHT))
    with cast.work("tess", writes=False) as store:
        lunge = store.library.get("runners-lunge")
        assert store.library.used_by([lunge]) == {lunge.id: 1}


def test_a_new_screen_gives_the_next_number_and_the_old_plan_stays_as_it_was(cast: Cast) -> None:
    finish(cast, situation(TIGHT))
    before = numbered(cast, 1)
    cast.clock.move(days=28)
    finish(cast, situation("strong-athlete", taken_on=cast.clock().date()))
    assert view(cast).number == 2
    after = numbered(cast, 1)
    assert replace(after, progress=before.progress) == replace(before, superseded_by=2)
    assert after.progress is not None
    assert after.progress.on == cast.clock().date()
    assert numbered(cast, 2).superseded_by is None


def test_an_incomplete_screen_that_does_not_stop_is_refused_field_by_field(cast: Cast) -> None:
    whole = situation(TIGHT)
    short = replace(whole, measurements=tuple(one for one in whole.measurements if one.test != "PLANK"))
    with pytest.raises(Invalid) as refusal:
        finish(cast, short)
    assert [error.field for error in refusal.value.errors] == ["measurements.PLANK.both"]
    with pytest.raises(NotFound):
        view(cast)


def test_nobody_else_reads_cleos_plan(cast: Cast) -> None:
    finish(cast, situation(TIGHT))
    assert view(cast, "cleo").number == 1
    for stranger in ("tom", "colin", "bea", "ben"):
        with pytest.raises(NotFound):
            view(cast, stranger)
        with pytest.raises(NotFound):
            numbered(cast, 1, stranger)
    with pytest.raises(NotAllowed):
        view(cast, "ada")


def test_without_a_screen_there_is_no_plan(cast: Cast) -> None:
    with pytest.raises(NotFound):
        view(cast)
    with pytest.raises(NotFound):
        numbered(cast, 1)


# --- a stop ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "status", "level"),
    [
        ("emergency-red-flag", Status.EMERGENCY, Level.EMERGENCY),
        ("urgent-red-flag", Status.URGENT_REFER, Level.URGENT),
        ("heart-medicine", Status.NEEDS_CLEARANCE, Level.CLEARANCE),
        ("painful-test", Status.REFER, Level.REFER),
    ],
)
def test_a_stop_has_no_number_no_stages_and_a_referral(cast: Cast, name: str, status: Status, level: Level) -> None:
    _, referral = stop(cast, situation(name))
    found = view(cast)
    assert (found.number, found.plan, found.standings, found.status) == (None, None, (), status)
    assert found.referral is not None
    assert (found.referral.id, found.referral.level, found.referral.state) == (referral, level, "open")


def test_a_stop_puts_the_former_plan_on_hold_and_leaves_it_readable(cast: Cast) -> None:
    finish(cast, situation(TIGHT))
    stop(cast, situation("painful-test"))
    assert view(cast).number is None
    assert view(cast).former == 1
    assert numbered(cast, 1).number == 1


def test_a_level_is_that_of_the_most_pressing_reason(cast: Cast) -> None:
    stop(cast, replace(situation("painful-test"), red_flags=("RF13", "RF7")))
    found = view(cast)
    assert found.status is Status.URGENT_REFER
    assert rules_of(found)[:2] == ["RF7", "RF13"]
    assert found.referral is not None
    assert found.referral.level is Level.URGENT


def test_a_client_reads_what_was_seen_and_not_what_she_said_in_confidence(cast: Cast) -> None:
    stop(cast, replace(situation("painful-test"), red_flags=("RF13",)))
    assert any(rule.startswith("P3.") for rule in rules_of(view(cast, "cleo")))
    assert "RF13" not in rules_of(view(cast, "cleo"))
    assert "RF13" in rules_of(view(cast, "tess"))


# --- what a new screen cannot answer --------------------------------------------------------------------------------


def test_a_new_screen_unlocks_nothing(cast: Cast) -> None:
    first, referral = stop(cast, situation("painful-test"))
    again, newer = stop(cast, situation(TIGHT))
    assert (first, referral) != (again, newer)
    assert any(rule.startswith("P3.") for rule in rules_of(view(cast)))
    with cast.work("tess", writes=False) as store:
        client = store.clients.get(cast.cleo.client_id or 0)
        assert [row.state for row in store.referrals.all(client)] == ["open", "withdrawn"]


def test_a_newer_stop_takes_the_reasons_of_the_older_one_over(cast: Cast) -> None:
    stop(cast, situation("painful-test"))
    _, newer = stop(cast, replace(situation(TIGHT), red_flags=("RF13",)))
    found = view(cast)
    assert found.status is Status.NEEDS_CLEARANCE
    assert rules_of(found)[0] == "RF13"
    assert any(rule.startswith("P3.") for rule in rules_of(found))
    assert found.referral is not None
    assert found.referral.id == newer


def test_mending_the_screen_that_stopped_takes_its_stop_back(cast: Cast) -> None:
    mistyped, _ = stop(cast, situation("painful-test"))
    finish(cast, situation(TIGHT), mends=mistyped)
    assert view(cast).number == 1
    with cast.work("tess", writes=False) as store:
        client = store.clients.get(cast.cleo.client_id or 0)
        assert store.referrals.waiting(client) is None


def test_mending_a_later_screen_does_not_lose_what_waited_before_it(cast: Cast) -> None:
    stop(cast, situation("painful-test"))
    carried_only, _ = stop(cast, situation(TIGHT))
    stop(cast, situation("strong-athlete"), mends=carried_only)
    assert any(rule.startswith("P3.") for rule in rules_of(view(cast)))


def test_mending_drops_only_what_the_mended_screen_had_said_itself(cast: Cast) -> None:
    stop(cast, situation("painful-test"))
    flagged, _ = stop(cast, replace(situation(TIGHT), red_flags=("RF13",)))
    stop(cast, situation(TIGHT), mends=flagged)
    rules = rules_of(view(cast))
    assert "RF13" not in rules
    assert any(rule.startswith("P3.") for rule in rules)


# --- what a clearance answers ---------------------------------------------------------------------------------------


def test_answered_questions_stay_answered_on_the_next_screen(cast: Cast) -> None:
    _, referral = stop(cast, situation("heart-medicine"))
    answer(cast, referral)
    cast.clock.move(days=28)
    _, outcome = finish(cast, replace(situation("heart-medicine"), taken_on=cast.clock().date()))
    assert outcome.assessment.status is Status.PLAN_READY


def test_after_a_year_the_same_question_stops_again(cast: Cast) -> None:
    _, referral = stop(cast, situation("heart-medicine"))
    answer(cast, referral)
    cast.clock.move(days=370)
    _, outcome = finish(cast, situation("heart-medicine", taken_on=cast.clock().date()))
    assert outcome.assessment.status is Status.NEEDS_CLEARANCE


def test_a_painful_test_stops_again_on_the_next_screen(cast: Cast) -> None:
    _, referral = stop(cast, situation("painful-test"))
    answer(cast, referral)
    cast.clock.move(days=28)
    _, outcome = finish(cast, situation("painful-test", taken_on=cast.clock().date()))
    assert outcome.assessment.status is Status.REFER


def test_mending_a_cleared_screen_keeps_its_clearance_when_it_stops_for_nothing_new(cast: Cast) -> None:
    hurting = screen(WOMAN, ADD=(hurts(45, 3), 45))
    hurting = replace(hurting, taken_on=DAY)
    first, referral = stop(cast, hurting)
    answer(cast, referral)
    mended = replace(hurting, measurements=tuple(replace(one, value=90.0) if one.test == "PLANK" else one for one in hurting.measurements))
    second, outcome = finish(cast, mended, mends=first)
    assert outcome.assessment.status is Status.PLAN_READY
    assert (view(cast).number, view(cast).screen_id) == (2, second)
    worse = replace(mended, red_flags=("RF7",))
    _, outcome = finish(cast, worse, mends=second)
    assert outcome.assessment.status is Status.URGENT_REFER
    assert len(outcome.assessment.reasons) == 2


def test_every_situation_settles_as_the_rules_say(sqlite_cast: Cast) -> None:
    for name, one in SITUATIONS.items():
        sqlite_cast.reset()
        screen_id, outcome = finish(sqlite_cast, one.screen)
        if one.clearances and outcome.referral is not None:
            given: Clearance = one.clearances[0]
            with sqlite_cast.work("tess") as store:
                made = referrals.clear(
                    store,
                    sqlite_cast.cleo.client_id or 0,
                    outcome.referral.id,
                    professional="Dr Young",
                    cleared_on=one.screen.taken_on,
                    allowed=given.allowed,
                    not_allowed=given.not_allowed,
                    note="",
                    at=sqlite_cast.clock(),
                    today=sqlite_cast.clock().date() + timedelta(days=1),
                )
                assert made is not None, name
                assert made.plan == build_plan(one.screen, current_library(store), clearances=one.clearances), name
        else:
            assert view(sqlite_cast).screen_id == screen_id, name


def test_a_day_before_the_screen_is_no_answer(cast: Cast) -> None:
    _, referral = stop(cast, situation("painful-test"))
    with cast.work("tess") as store, pytest.raises(Invalid) as refusal:
        referrals.clear(
            store,
            cast.cleo.client_id or 0,
            referral,
            professional="Dr Young",
            cleared_on=date(2026, 11, 22),
            allowed=(),
            not_allowed=(),
            note="",
            at=cast.clock(),
            today=DAY,
        )
    assert [error.field for error in refusal.value.errors] == ["cleared_on"]
