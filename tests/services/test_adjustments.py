"""Tess adjusts the plan in force: she leaves lines out and puts them back, and takes what the library has changed since."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.errors import Conflict, Invalid, NotFound, StaleVersion
from app.rules import documents as rules
from app.rules.diff import A_STEP
from app.rules.vocabulary import Side, Stage, StageState
from app.services import adjustments, clients, library, plans, practice, screens
from app.services.adjustments import Adjustment, NothingToAdjust, Unadjusted
from app.services.changes import LONGEST_REASON
from app.services.drafts import Line, Lines
from app.services.history import load_plan
from app.services.plans import PlanView
from app.services.practice import Tick
from tests.cast import DAY, Cast
from tests.finished import finish, situation
from tests.rescreening import before, draft, her, log, neither, took
from tests.rules.situations import MAN, SITUATIONS, hurts, screen
from tests.services.test_referrals import clear, stop
from tests.services.test_rescreens import finish as finish_draft
from tests.services.test_rescreens import items, plan_of, preview, refused

STRAP = "flexibility/strap-ham/left"
RIGHT = "flexibility/strap-ham/right"
TIGHT = took(AKE=(22, 22))
AT_HOME = "No strap at home."


def look(cast: Cast, who: str = "tess") -> Adjustment:
    with cast.work(who, writes=False) as store:
        return adjustments.adjustment(store, her(cast))


def adjust(cast: Cast, lines: Lines, *, who: str = "tess", seen: str | None = None) -> None:
    seen = look(cast, who).seen if seen is None else seen
    with cast.work(who) as store:
        adjustments.adjust_plan(store, her(cast), seen, lines, cast.clock(), cast.clock().date())


def standing(cast: Cast) -> PlanView:
    with cast.work("tess", writes=False) as store:
        return plans.current_plan(store, her(cast), cast.clock().date())


def words(plan: rules.Plan) -> list[tuple[str, str]]:
    return [(one.exercise, one.because) for one in plan.removed if one.key == "trainer"]


def archive(cast: Cast, slug: str, *, back: bool = False) -> None:
    with cast.work("ada") as store:
        (library.restore if back else library.archive)(store, slug, cast.clock())


@pytest.mark.parametrize("name", [name for name, one in SITUATIONS.items() if not one.clearances])
def test_a_plan_just_made_is_what_its_screen_leads_to(sqlite_cast: Cast, name: str) -> None:
    finish(sqlite_cast, situation(name))
    try:
        assert not look(sqlite_cast).is_due
    except NothingToAdjust:
        assert standing(sqlite_cast).plan is None


def test_a_line_of_the_first_plan_is_left_out_for_a_reason_and_put_back(cast: Cast) -> None:
    log(cast, TIGHT)
    adjust(cast, neither({STRAP: AT_HOME}))
    without = standing(cast)
    assert without.plan is not None
    assert without.number == 2
    assert (STRAP in items(without.plan), RIGHT in items(without.plan)) == (False, True), "left and right are two facts"
    assert words(without.plan) == [("strap-ham", f"Left out by Tess: {AT_HOME}")]
    found = look(cast)
    assert (found.lines, found.is_due) == (neither({STRAP: AT_HOME}), False)
    adjust(cast, {})
    assert standing(cast).number == 3
    assert plan_of(cast) == found.changes.after
    with cast.work("tess", writes=False) as store:
        client = store.clients.get(her(cast))
        assert words(load_plan(store.plans.numbered(client, 2))) == words(without.plan), "the past does not change"


def test_a_line_stays_left_out_whatever_stage_ada_counts_its_exercise_to(cast: Cast) -> None:
    log(cast, TIGHT)
    with cast.work("ada") as store:
        plank = library.exercise(store, "plank").exercise
        library.edit(store, "plank", replace(plank, stage=Stage.SMR, regress=None, progress=None), cast.clock(), based_on=1)
    out = neither({"strengthening/plank/both": "Her wrists."})
    adjust(cast, out)
    assert (look(cast).lines, look(cast).is_due) == (out, False)


def test_nothing_is_published_that_would_not_be_otherwise(cast: Cast) -> None:
    log(cast, TIGHT)
    with pytest.raises(Unadjusted):
        adjust(cast, {})
    adjust(cast, neither({RIGHT: AT_HOME, STRAP: AT_HOME}))
    with pytest.raises(Unadjusted):
        adjust(cast, neither({STRAP: AT_HOME, RIGHT: AT_HOME}))
    assert standing(cast).number == 2


@pytest.mark.parametrize(
    ("line", "reason", "said"),
    [
        (STRAP, " ", "A reason is needed to leave this out."),
        (STRAP, "x" * (LONGEST_REASON + 1), f"Use at most {LONGEST_REASON} characters."),
        (STRAP, "txet \u202edenrut", "The reason has a control character."),
        (STRAP, "Her\x00wrists.", "The reason has a control character."),
        (STRAP, "Her\nwrists.", "Write the reason in one line."),
        ("dowel/dowel-hinge/both", "She knows it.", A_STEP),
        ("flexibility/no-such/left", "x", "This line is in neither of the two plans."),
    ],
)
def test_what_is_not_left_to_her_is_refused_beside_its_line(cast: Cast, line: str, reason: str, said: str) -> None:
    log(cast, TIGHT)
    with pytest.raises(Invalid) as refusal:
        adjust(cast, neither({line: reason}))
    assert refused(refusal) == {f"line.{line}": said}
    assert standing(cast).number == 1


def test_a_line_that_stays_has_nothing_to_be_kept_for(cast: Cast) -> None:
    log(cast, TIGHT)
    with pytest.raises(Unadjusted):
        adjust(cast, before({STRAP: "She likes it."}))


def test_what_the_library_lacked_comes_with_the_exercise_that_ada_brings_back(cast: Cast) -> None:
    archive(cast, "plank")
    log(cast, took(PLANK=20))
    assert "plank" in plan_of(cast).gaps
    assert not look(cast).is_due
    archive(cast, "plank", back=True)
    found = look(cast)
    assert found.is_due
    assert {one.key: one.way for one in found.changes.diff.changed}["strengthening/plank/both"] == "added"
    adjust(cast, {})
    assert "strengthening/plank/both" in items(plan_of(cast))
    assert plan_of(cast).gaps == ()


def test_newer_words_of_an_exercise_reach_a_plan_when_tess_says_so(cast: Cast) -> None:
    log(cast, TIGHT)
    with cast.work("ada") as store:
        strap = library.exercise(store, "strap-ham").exercise
        library.edit(store, "strap-ham", replace(strap, cues=("Look at the ceiling.",)), cast.clock(), based_on=1)
    assert items(plan_of(cast))[STRAP].how == strap.cues
    assert look(cast).is_due
    adjust(cast, {})
    assert items(plan_of(cast))[STRAP].how == ("Look at the ceiling.",)


def test_what_changed_while_tess_looked_has_to_be_looked_at_first(cast: Cast) -> None:
    log(cast, TIGHT)
    seen = look(cast).seen
    archive(cast, "strap-ham")
    with pytest.raises(StaleVersion):
        adjust(cast, neither({"strengthening/plank/both": "Wrists."}), seen=seen)
    assert standing(cast).number == 1


def test_what_she_practised_and_passed_is_kept(cast: Cast) -> None:
    log(cast, TIGHT)
    for day in range(8):
        ticked = Tick(f"00000000-0000-4000-8000-00000000000{day}", RIGHT, 1, DAY + timedelta(days=day), cast.clock(), done=True)
        with cast.work("tess") as store:
            practice.add_ticks(store, her(cast), [ticked], cast.clock(), cast.clock().date())
        cast.clock.move(days=1)
    was = standing(cast).progress
    adjust(cast, neither({STRAP: AT_HOME}))
    now = standing(cast).progress
    assert was is not None
    assert now is not None
    assert [one.state for one in now.standings] == [one.state for one in was.standings]
    assert now.of(Stage.FLEXIBILITY).opened_on == was.of(Stage.FLEXIBILITY).opened_on


def test_what_she_did_this_week_counts_for_the_week_also_under_the_new_plan(cast: Cast) -> None:
    log(cast, TIGHT)

    def week(on: date | None = None) -> int:
        with cast.work("tess", writes=False) as store:
            due = practice.day_of(store, her(cast), on, cast.clock().date()).due
        assert due is not None
        return next(one.days_this_week for one in due.items if one.item.key == RIGHT)

    for day in range(2):
        ticked = Tick(f"00000000-0000-4000-8000-00000000000{day}", RIGHT, 1, DAY + timedelta(days=day), cast.clock(), done=True)
        with cast.work("tess") as store:
            practice.add_ticks(store, her(cast), [ticked], cast.clock(), cast.clock().date())
        cast.clock.move(days=1)
    assert week() == 2
    adjust(cast, neither({STRAP: AT_HOME}))
    assert week() == 2
    with cast.work("cleo", writes=False) as store:
        assert practice.my_day(store, cast.clock().date()).is_fresh
    cast.clock.move(days=1)
    assert week() == 2
    assert week(DAY + timedelta(days=2)) == 2
    cast.clock.move(days=4)
    assert week() == 0


@pytest.mark.parametrize(
    ("days", "now", "more", "then"),
    [(3, "half-kneel", 7, "half-kneel"), (11, "half-kneel", 7, "runners-lunge"), (14, "runners-lunge", 6, "runners-lunge")],
)
def test_what_follows_an_exercise_after_two_weeks_is_not_put_off(cast: Cast, days: int, now: str, more: int, then: str) -> None:
    log(cast, took(MTT_HIP=(14, 14)))

    def due() -> set[str]:
        with cast.work("tess", writes=False) as store:
            today = practice.day_of(store, her(cast), None, cast.clock().date()).due
        assert today is not None
        return {one.item.exercise for stage in today.stages for one in stage.items} & {"half-kneel", "runners-lunge"}

    cast.clock.move(days=days)
    adjust(cast, neither({"strengthening/plank/both": "Her wrists."}))
    assert due() == {now}
    assert not look(cast).is_due
    cast.clock.move(days=more)
    assert due() == {then}
    adjust(cast, {})
    assert due() == {then}
    assert not look(cast).is_due
    assert not [one for one in look(cast).changes.diff.items if one.way == "dose"]


def test_what_was_found_behind_a_line_that_she_left_out_is_measured_again_all_the_same(cast: Cast) -> None:
    log(cast, TIGHT)

    def asked() -> set[tuple[str, Side]]:
        progress = standing(cast).progress
        assert progress is not None
        return {test for one in progress.of(Stage.FLEXIBILITY).criteria for test in one.tests}

    cast.clock.move(days=14)
    before_it = asked()
    assert ("AKE", Side.LEFT) in before_it
    adjust(cast, neither({STRAP: AT_HOME}))
    assert asked() == before_it


def test_a_stage_that_she_empties_stays_open_and_is_left_on_her_word(cast: Cast) -> None:
    log(cast, TIGHT)
    mine = [item.key for stage in plan_of(cast).stages if stage.stage is Stage.SMR for item in stage.items]
    assert mine
    adjust(cast, neither(dict.fromkeys(mine, "She has no roller.")))
    stage = next(one for one in plan_of(cast).stages if one.stage is Stage.SMR)
    assert (stage.items, stage.starts) == ((), StageState.OPEN)


def test_a_word_of_tess_stays_hers_when_tom_adjusts(cast: Cast) -> None:
    log(cast, TIGHT)
    adjust(cast, neither({STRAP: AT_HOME}))
    with cast.work("tess") as store:
        clients.share_client(store, her(cast), cast.tom.user_id, cast.clock())
    adjust(cast, neither({STRAP: AT_HOME, RIGHT: "Nor there."}), who="tom")
    assert words(plan_of(cast)) == [("strap-ham", f"Left out by Tess: {AT_HOME}"), ("strap-ham", "Left out by Tom: Nor there.")]


def test_a_plan_of_which_she_kept_and_left_out_lines_is_what_its_screen_leads_to(cast: Cast) -> None:
    log(cast, took(AKE=(22, 12)))
    cast.clock.move(days=28)
    finish_draft(cast, draft(cast, took(AKE=(22, 22))), {**neither({RIGHT: "One is enough."}), **before({STRAP: "It does her good."})})
    found = look(cast)
    assert found.lines == {**neither({RIGHT: "One is enough."}), **before({STRAP: "It does her good."})}
    assert not found.is_due


def test_a_mended_screen_keeps_what_was_left_out_of_the_first_plan(cast: Cast) -> None:
    first = log(cast, TIGHT)
    adjust(cast, neither({STRAP: AT_HOME}))
    with cast.work("tess") as store:
        mending = screens.mend_screen(store, her(cast), first.row.id, "The wrong leg.", cast.clock()).id
    shown = preview(cast, mending)
    assert shown.changes is None
    assert shown.plan is not None
    assert words(shown.plan) == [("strap-ham", f"Left out by Tess: {AT_HOME}")]
    finish_draft(cast, mending)
    assert plan_of(cast) == shown.plan


def test_a_mended_later_screen_keeps_what_was_left_out_too(cast: Cast) -> None:
    log(cast, TIGHT)
    cast.clock.move(days=28)
    second = log(cast, TIGHT)
    adjust(cast, neither({STRAP: AT_HOME}))
    with cast.work("tess") as store:
        mending = screens.mend_screen(store, her(cast), second.row.id, "The wrong leg.", cast.clock()).id
    assert preview(cast, mending).lines == neither({STRAP: AT_HOME})
    finish_draft(cast, mending)
    assert words(plan_of(cast)) == [("strap-ham", f"Left out by Tess: {AT_HOME}")]


def test_a_line_that_stays_can_be_left_out_at_the_next_screen_as_well(cast: Cast) -> None:
    log(cast, TIGHT)
    cast.clock.move(days=28)
    finish_draft(cast, draft(cast, TIGHT), neither({STRAP: AT_HOME}))
    assert STRAP not in items(plan_of(cast))


def test_a_line_left_out_comes_back_with_the_next_screen_unless_it_is_left_out_again(cast: Cast) -> None:
    log(cast, TIGHT)
    adjust(cast, neither({STRAP: AT_HOME}))
    cast.clock.move(days=28)
    found = preview(cast, draft(cast, TIGHT))
    assert found.changes is not None
    line = next(one for one in found.changes.diff.items if one.key == STRAP)
    assert (line.way, [cause.kind for cause in line.causes]) == ("added", ["trainer"])


def test_what_a_clearance_limits_stays_limited(cast: Cast) -> None:
    """The plan after an answer to the very screen that stopped rests on that answer, and so does the adjusted one."""
    made = clear(cast, stop(cast, "painful-test"), allowed=(), not_allowed=("nerve_symptoms",))
    assert made is not None
    found = look(cast)
    assert not found.is_due
    line = next(key for key in items(plan_of(cast)) if key.startswith("strengthening/"))
    gone = {(one.exercise, one.key) for one in plan_of(cast).removed}
    adjust(cast, neither({line: "Not yet."}))
    assert gone < {(one.exercise, one.key) for one in plan_of(cast).removed}


LUNGE = "flexibility/runners-lunge/left"


def test_what_must_not_be_is_not_kept_because_ada_has_archived_it(cast: Cast) -> None:
    log(cast, took(MTT_HIP=(8, 8)))
    assert LUNGE in items(plan_of(cast))
    archive(cast, "runners-lunge")
    cast.clock.move(days=28)
    row = draft(cast, screen(MAN, MTT_HIP=(8, 8), contraindications=("knee_kneeling_pain",)))
    found = preview(cast, row).changes
    assert found is not None
    assert (found.otherwise[LUNGE], found.fixed[LUNGE]) == ((), "This is left out for a reason that holds.")
    with pytest.raises(Invalid):
        finish_draft(cast, row, before({LUNGE: "She likes it."}))


def test_what_ada_says_must_not_be_goes_with_the_exercise_that_she_archives(cast: Cast) -> None:
    log(cast, screen(MAN, MTT_HIP=(8, 8), contraindications=("knee_kneeling_pain",)))
    line = "strengthening/ham-curl/both"
    with cast.work("ada") as store:
        curl = library.exercise(store, "ham-curl").exercise
        library.edit(store, "ham-curl", replace(curl, contraindications=("knee_kneeling_pain",)), cast.clock(), based_on=1)
    archive(cast, "ham-curl")
    assert look(cast).changes.otherwise[line] == ()


def test_while_nothing_is_practised_nothing_is_adjusted(cast: Cast) -> None:
    with pytest.raises(NothingToAdjust):
        look(cast)
    log(cast, TIGHT)
    seen = look(cast).seen
    log(cast, took(AKE=(hurts(12, 5), 12)))
    with pytest.raises(NothingToAdjust):
        adjust(cast, neither({STRAP: AT_HOME}), seen=seen)
    with cast.work("tess") as store:
        clients.archive_client(store, her(cast), cast.clock())
    with pytest.raises(Conflict):
        look(cast)


def test_only_her_own_trainer_adjusts(cast: Cast) -> None:
    log(cast, TIGHT)
    with pytest.raises(NotFound):
        look(cast, "bea")


def test_a_draft_of_the_time_before_lines_could_be_left_out_is_still_read() -> None:
    found = screens.TYPED.validate_json(f'{{"units": "metric", "lines": {{"{STRAP}": "She likes it."}}}}')
    assert found.lines == {STRAP: Line("before", "She likes it.")}
