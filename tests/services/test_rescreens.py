"""A screen that repeats some tests, and what a re-screen changes about the plan: taken whole, or line by line for a reason."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from app.errors import Conflict, Invalid, StaleVersion
from app.rules import documents as rules
from app.rules.documents import Measurement
from app.rules.vocabulary import Side, Stage, Status
from app.services import changes, plans, referrals, screens
from app.services.drafts import Lines
from app.services.screens import Draft, Logged, Previewed
from tests.cast import DAY, Cast
from tests.rescreening import again, before, draft, her, log, neither, took
from tests.rules.situations import hurts

TIGHT = took(AKE=(22, 12))
STRAP, SLIDE = "flexibility/strap-ham/left", "flexibility/ake-slide/left"
ANSWERS = {
    **{
        f"readiness.{id}": ("no",)
        for id in (
            "heart_condition_or_high_blood_pressure",
            "chest_pain_at_rest_or_activity",
            "dizziness_balance_loss_or_blackout_12_months",
            "other_chronic_condition",
            "medication_for_chronic_condition",
            "bone_joint_soft_tissue_problem_now_or_12_months_that_activity_could_worsen",
            "told_only_medically_supervised_activity",
        )
    },
    "red_flags_asked": ("none",),
    "history.pain_now": ("0",),
    "history.pregnant": ("no",),
}


def in_part(cast: Cast, stage: Stage = Stage.FLEXIBILITY) -> int:
    with cast.work("tess") as store:
        return screens.start_draft(store, her(cast), cast.clock(), cast.clock().date(), another=True, stage=stage).id


def of(cast: Cast, draft: int) -> Draft:
    with cast.work("tess", writes=False) as store:
        return screens.get_draft(store, her(cast), draft, cast.clock(), cast.clock().date())


def add(cast: Cast, draft: int, fields: Mapping[str, tuple[str, ...]]) -> None:
    """Type more into a draft."""
    there = of(cast, draft)
    with cast.work("tess") as store:
        screens.save_draft(store, her(cast), draft, {**there.typed.fields, **fields}, there.row.revision, "", cast.clock())


def value(test: str, left: str, right: str) -> dict[str, tuple[str, ...]]:
    return {f"measurements.{test}.left.value": (left,), f"measurements.{test}.right.value": (right,)}


def days(document: rules.Screen) -> dict[str, date | None]:
    return {f"{one.test}.{one.side}": one.measured_on for one in document.measurements}


def preview(cast: Cast, draft: int) -> Previewed:
    with cast.work("tess", writes=False) as store:
        return screens.preview_draft(store, her(cast), draft, cast.clock(), cast.clock().date())


def finish(cast: Cast, draft: int, lines: Lines | None = None, *, against: int | None = None) -> Logged:
    revision = of(cast, draft).row.revision
    with cast.work("tess") as store:
        return screens.finish_draft(store, her(cast), draft, revision, cast.clock(), cast.clock().date(), against=against, lines=lines)


def plan_of(cast: Cast) -> rules.Plan:
    with cast.work("tess", writes=False) as store:
        found = plans.current_plan(store, her(cast), cast.clock().date()).plan
    assert found is not None
    return found


def items(plan: rules.Plan) -> dict[str, rules.Item]:
    return {item.key: item for stage in plan.stages for item in stage.items}


def ways(found: Previewed) -> dict[str, str]:
    assert found.changes is not None
    return {one.key: one.way for one in found.changes.diff.items}


def refused(refusal: pytest.ExceptionInfo[Invalid]) -> dict[str, str]:
    return {one.field: one.message for one in refusal.value.errors}


# --- some tests alone -------------------------------------------------------------------------------------------------


def test_of_a_stage_alone_only_its_tests_are_measured_and_all_else_is_kept_with_its_day(cast: Cast) -> None:
    log(cast, TIGHT)
    cast.clock.move(days=28)
    part = in_part(cast)
    there = of(cast, part)
    lacks = {one.field for one in there.problems}
    assert {"measurements.AKE.left.value", "measurements.AKE.right.value", "readiness.other_chronic_condition", "red_flags"} <= lacks
    assert {"history.pain_now", "history.pregnant"} <= lacks, "asked anew"
    assert not any(field.startswith(("measurements.ADD", "history.sitting", "history.osteoporosis", "injuries")) for field in lacks)
    assert there.typed.value("history.sitting_hours")
    add(cast, part, {**ANSWERS, **value("AKE", "15", "12")})
    logged = finish(cast, part)
    found = days(logged.document)
    assert (found.pop("AKE.left"), found.pop("AKE.right")) == (None, None)
    assert set(found.values()) == {DAY}


def test_a_kept_value_keeps_its_own_first_day_and_after_twelve_weeks_it_is_measured_anew(cast: Cast) -> None:
    log(cast, TIGHT)
    for _ in range(3):
        cast.clock.move(days=28)
        part = in_part(cast)
        add(cast, part, {**ANSWERS, **value("AKE", "25", "12")})
        logged = finish(cast, part)
        assert days(logged.document)["ADD.left"] == DAY
    cast.clock.move(days=1)
    with cast.work("tess", writes=False) as store:
        chosen = screens.new_draft(store, her(cast), Stage.FLEXIBILITY, cast.clock().date()).chosen
    assert chosen is not None
    assert ("ADD", Side.LEFT) in {(one.test, one.side) for one in chosen.anew}
    assert chosen.kept == ()
    late = of(cast, in_part(cast))
    assert "measurements.ADD.left.value" in {one.field for one in late.problems}


def test_a_kept_value_can_be_measured_anew_by_typing(cast: Cast) -> None:
    log(cast, TIGHT)
    cast.clock.move(days=28)
    part = in_part(cast)
    add(cast, part, {**ANSWERS, **value("AKE", "15", "12"), "measurements.ADD.left.value": ("44",)})
    found = {(one.test, one.side): one for one in of(cast, part).document.measurements}
    assert found["ADD", Side.LEFT] == Measurement("ADD", Side.LEFT, 44)
    assert found["ADD", Side.RIGHT].measured_on == DAY
    add(cast, part, {"measurements.ADD.left.value": ("4,,4",)})
    assert ("ADD", Side.LEFT) not in {(one.test, one.side) for one in of(cast, part).document.measurements}, "begun, and not kept unseen"


def test_what_hurt_is_never_kept(cast: Cast) -> None:
    first = log(cast, took(AKE=(22, 12), ADD=(hurts(45, 4), 45)))
    assert first.outcome.referral is not None
    stop, at = first.outcome.referral.id, cast.clock()
    with cast.work("tess") as store:
        referrals.clear(
            store, her(cast), stop, professional="Dr Young", cleared_on=DAY, allowed=(), not_allowed=(), note="", at=at, today=DAY
        )
    with cast.work("tess", writes=False) as store:
        chosen = screens.new_draft(store, her(cast), Stage.FLEXIBILITY, DAY).chosen
    assert chosen is not None
    assert [(one.test, one.side) for one in chosen.anew] == [("ADD", Side.LEFT)]


def test_without_a_plan_there_is_no_screen_of_a_stage(cast: Cast) -> None:
    with pytest.raises(Conflict):
        in_part(cast)


def test_a_mended_screen_keeps_the_days_of_what_it_kept(cast: Cast) -> None:
    log(cast, TIGHT)
    cast.clock.move(days=28)
    part = in_part(cast)
    add(cast, part, {**ANSWERS, **value("AKE", "15", "12")})
    logged = finish(cast, part)
    with cast.work("tess") as store:
        mending = screens.mend_screen(store, her(cast), logged.row.id, "The wrong leg.", cast.clock()).id
    add(cast, mending, value("AKE", "16", "12"))
    assert days(finish(cast, mending).document) == days(logged.document)


def test_a_discarded_draft_comes_back_with_what_it_kept(cast: Cast) -> None:
    log(cast, TIGHT)
    cast.clock.move(days=28)
    part = in_part(cast)
    kept = of(cast, part).typed.kept
    with cast.work("tess") as store:
        gone = screens.discard_draft(store, her(cast), part, cast.clock())
    with cast.work("tess") as store:
        back = screens.restore_draft(store, her(cast), gone.typed, None, cast.clock(), DAY).id
    assert of(cast, back).typed.kept == kept != ()


# --- what it changes --------------------------------------------------------------------------------------------------


def test_a_finding_that_got_better_takes_its_stretch_out_and_says_why(cast: Cast) -> None:
    found = preview(cast, again(cast, TIGHT, took(AKE=(12, 12))))
    assert ways(found)[STRAP] == "removed"
    assert found.changes is not None
    text = next(one.text for one in found.changes.diff.items if one.key == STRAP)
    assert "went from 22° to 12°, at least the 10°" in text
    assert "R15" in text


def test_a_finding_that_got_worse_brings_an_easier_start(cast: Cast) -> None:
    found = preview(cast, again(cast, TIGHT, took(AKE=(45, 12))))
    assert (ways(found)[SLIDE], ways(found)[STRAP]) == ("added", "removed")


def test_noise_alone_changes_nothing_and_says_so(cast: Cast) -> None:
    found = preview(cast, again(cast, TIGHT, took(AKE=(23, 12))))
    assert found.changes is not None
    assert found.changes.diff.changed == ()
    (one,) = (it for it in found.changes.diff.findings if (it.test, it.side) == ("AKE", Side.LEFT))
    assert (one.way, "less than the 10° by which two measurements may differ" in one.text) == ("unchanged", True)


def test_a_new_finding_brings_its_exercises(cast: Cast) -> None:
    found = preview(cast, again(cast, took(), TIGHT))
    assert ways(found)[STRAP] == "added"


def test_taken_whole_the_plan_is_the_one_by_the_rules_and_the_old_one_stays_as_it_was(cast: Cast) -> None:
    second = again(cast, TIGHT, took(AKE=(12, 12)))
    with cast.work("tess", writes=False) as store:
        old = store.plans.numbered(store.clients.get(her(cast)), 1).document
    shown = preview(cast, second)
    finish(cast, second, {}, against=1)
    assert plan_of(cast) == shown.draft.preview.plan == shown.plan
    with cast.work("tess", writes=False) as store:
        assert store.plans.numbered(store.clients.get(her(cast)), 1).document == old


def test_a_line_kept_for_a_reason_stays_with_it(cast: Cast) -> None:
    second = again(cast, TIGHT, took(AKE=(12, 12)))
    finish(cast, second, before({STRAP: " She likes it. "}))
    kept = items(plan_of(cast))[STRAP]
    assert [(one.rule, one.because) for one in kept.reasons] == [("trainer", "Kept by Tess: She likes it.")]


def test_a_new_line_left_out_for_a_reason_stands_among_what_is_left_out(cast: Cast) -> None:
    second = again(cast, took(), TIGHT)
    finish(cast, second, neither({STRAP: "No strap at home."}))
    plan = plan_of(cast)
    assert STRAP not in items(plan)
    assert [(one.exercise, one.because) for one in plan.removed] == [("strap-ham", "Left out by Tess: No strap at home.")]


def test_a_line_kept_without_a_reason_is_refused_and_nothing_is_finished(cast: Cast) -> None:
    second = again(cast, TIGHT, took(AKE=(12, 12)))
    with pytest.raises(Invalid) as refusal:
        finish(cast, second, before({STRAP: "  "}))
    assert refused(refusal) == {f"line.{STRAP}": "A reason is needed to keep this."}
    assert of(cast, second).row.finished_at is None


def test_what_a_contraindication_took_out_is_not_left_to_her(cast: Cast) -> None:
    second = again(cast, took(MTT_HIP=(8, 8)), took(MTT_HIP=(8, 8)), history__contraindications="knee_kneeling_pain")
    lunge = "flexibility/runners-lunge/left"
    found = preview(cast, second)
    assert found.changes is not None
    assert ways(found)[lunge] == "removed"
    assert lunge in found.changes.fixed
    with pytest.raises(Invalid) as refusal:
        finish(cast, second, before({lunge: "She can take it."}))
    assert list(refused(refusal)) == [f"line.{lunge}"]
    with cast.work("tess") as store, pytest.raises(Invalid):
        screens.choose_lines(store, her(cast), second, before({lunge: "x"}), cast.clock(), cast.clock().date())


def test_a_stop_leaves_nothing_to_choose(cast: Cast) -> None:
    found = preview(cast, again(cast, TIGHT, took(AKE=(hurts(12, 5), 12))))
    assert (found.changes, found.plan, found.draft.preview.assessment.status) == (None, None, Status.REFER)


def test_the_first_screen_has_nothing_to_compare_with(cast: Cast) -> None:
    assert preview(cast, draft(cast, TIGHT)).changes is None


def test_choices_stay_with_the_draft_and_hold_when_it_is_finished(cast: Cast) -> None:
    second = again(cast, TIGHT, took(AKE=(12, 12)))
    with cast.work("tess") as store:
        screens.choose_lines(store, her(cast), second, before({STRAP: ""}), cast.clock(), cast.clock().date())
    assert preview(cast, second).lines == before({STRAP: ""})
    with pytest.raises(Invalid):
        finish(cast, second)
    with cast.work("tess") as store:
        screens.choose_lines(store, her(cast), second, before({STRAP: "She likes it."}), cast.clock(), cast.clock().date())
    add(cast, second, {"note": ("typed later",)})
    shown = preview(cast, second)
    assert shown.plan is not None
    assert STRAP in items(shown.plan)
    finish(cast, second)
    assert plan_of(cast) == shown.plan


def test_a_choice_about_a_line_that_no_longer_changes_falls_away(cast: Cast) -> None:
    second = again(cast, TIGHT, took(AKE=(12, 12)))
    with cast.work("tess") as store:
        screens.choose_lines(store, her(cast), second, before({STRAP: "She likes it."}), cast.clock(), cast.clock().date())
    add(cast, second, value("AKE", "22", "12"))
    assert preview(cast, second).lines == {}
    finish(cast, second)
    assert [one.rule for one in items(plan_of(cast))[STRAP].reasons] != ["trainer"]


def test_another_screen_finished_in_between_has_to_be_seen_first(cast: Cast) -> None:
    second = again(cast, TIGHT, took(AKE=(12, 12)))
    log(cast, took(AKE=(21, 12)))
    with pytest.raises(StaleVersion):
        finish(cast, second, {}, against=1)
    finish(cast, second, {}, against=2)


def test_mending_a_screen_compares_with_the_plan_before_it_and_keeps_what_was_chosen(cast: Cast) -> None:
    logged = finish(cast, again(cast, TIGHT, took(AKE=(12, 12))), before({STRAP: "She likes it."}))
    with cast.work("tess") as store:
        mending = screens.mend_screen(store, her(cast), logged.row.id, "The wrong leg.", cast.clock()).id
    shown = preview(cast, mending)
    assert shown.changes is not None
    assert (shown.changes.number, shown.lines) == (1, before({STRAP: "She likes it."}))
    finish(cast, mending)
    assert items(plan_of(cast))[STRAP].reasons[0].because == "Kept by Tess: She likes it."


def test_what_a_plan_changed_can_be_read_again(cast: Cast) -> None:
    finish(cast, again(cast, TIGHT, took(AKE=(12, 12), ADD=(30, 45))), before({STRAP: "She likes it."}))
    with cast.work("tess", writes=False) as store:
        found = changes.plan_changes(store, her(cast), 2)
        first = changes.plan_changes(store, her(cast), 1)
    assert first.changes is None
    assert found.changes is not None
    kept = next(one for one in found.changes.diff.items if one.key == STRAP)
    assert (found.changes.number, kept.way, "stays: kept by Tess: She likes it." in kept.text) == (1, "kept", True)
    with cast.work("cleo", writes=False) as store:
        assert changes.my_changes(store).changes == found.changes


def test_a_program_takes_the_plan_by_the_rules(cast: Cast) -> None:
    finish(cast, again(cast, TIGHT, took(AKE=(12, 12))), before({STRAP: "She likes it."}))
    cast.clock.move(days=7)
    log(cast, took(AKE=(12, 12)))
    assert STRAP not in items(plan_of(cast))


def test_a_draft_begun_before_another_screen_was_finished_keeps_the_values_of_that_one(cast: Cast) -> None:
    log(cast, TIGHT)
    cast.clock.move(days=14)
    part = in_part(cast)
    log(cast, took(AKE=(20, 12), ADD=(40, 40)))
    found = {(one.test, one.side): one for one in of(cast, part).document.measurements}
    assert found["ADD", Side.LEFT] == Measurement("ADD", Side.LEFT, 40, measured_on=DAY + timedelta(days=14))
