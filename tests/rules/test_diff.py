"""What a new screen changed, as a trainer would say it; and what she may keep against the rules."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings

from app.rules.battery import TESTS
from app.rules.diff import TRAINER, Choice, FindingChange, ItemChange, PlanDiff, RefusedChoice, compare, diff, noise_of, plan_with_choices
from app.rules.documents import Clearance, Item, Plan, Screen
from app.rules.findings import findings
from app.rules.plan import barred, build_plan
from app.rules.progress import stage_states
from app.rules.today import due_items
from app.rules.vocabulary import Origin, Side, Stage, StageState
from tests.rules.golden import STARTER_LIBRARY
from tests.rules.situations import MAN, SITUATIONS, TAKEN_ON, Result, hurts, noted, screen
from tests.rules.test_properties import answered
from tests.rules.test_words import NEVER

STRAP, SLIDE = "flexibility/strap-ham/left", "flexibility/ake-slide/left"


def took(**peculiar: Result) -> Screen:
    return screen(MAN, **peculiar)  # type: ignore[arg-type]  # results as the builder takes them


def planned(one: Screen, *clearances: Clearance) -> Plan:
    return build_plan(one, STARTER_LIBRARY, clearances=clearances)


def between(before: Screen, after: Screen, *clearances: Clearance) -> PlanDiff:
    return diff(planned(before), planned(after, *clearances), findings(before), findings(after))


def of(changes: Iterable[FindingChange], test: str, side: Side = Side.LEFT) -> FindingChange:
    return next(one for one in changes if (one.test, one.side) == (test, side))


def line(found: PlanDiff, key: str) -> ItemChange:
    return next(one for one in found.items if one.key == key)


def compared(test: str, before: Result, after: Result, side: Side = Side.LEFT) -> FindingChange:
    return of(compare(findings(took(**{test: before})), findings(took(**{test: after}))), test, side)


# --- findings -----------------------------------------------------------------------------------------------------------


def test_a_range_that_grew_by_more_than_the_noise_is_better() -> None:
    one = compared("AKE", (38, 12), (24, 12))
    assert (one.way, one.noise) == ("better", 10)
    assert (
        one.text
        == "Active knee extension on the left went from 38° to 24°: better, as it is at least the 10° by which two measurements may differ."
    )


def test_one_that_shrank_by_it_is_worse() -> None:
    assert compared("AKE", (12, 12), (22, 12)).way == "worse"
    assert compared("ADD", (45, 45), (37, 45)).way == "worse", "here more is better"


def test_a_change_smaller_than_the_noise_is_unchanged_and_says_so() -> None:
    one = compared("AKE", (29, 12), (21, 12))
    assert one.way == "unchanged"
    assert one.text == (
        "Active knee extension on the left went from 29° to 21°, which is less than the 10° by which two measurements may differ: "
        "unchanged."
    )


def test_the_noise_of_a_side_plank_is_a_share_of_the_longer_one() -> None:
    assert noise_of(TESTS["SIDEPLANK"], 40, 60) == 6
    assert compared("SIDEPLANK", (50, 50), (54, 50)).way == "unchanged"
    assert compared("SIDEPLANK", (50, 50), (56, 50)).way == "better"


def test_where_no_noise_is_known_the_lines_of_the_range_decide() -> None:
    assert compared("PLANK", 50, 52, Side.BOTH).way == "unchanged"
    one = compared("PLANK", 50, 15, Side.BOTH)
    assert (one.way, one.noise) == ("worse", None)
    assert one.text == "Front plank went from 50 s to 15 s: worse, across a line of the range we use."


def test_a_test_taken_for_the_first_time_is_new_and_one_not_taken_again_stands() -> None:
    without, taken = took(), took(SLH5=(5, 3))
    assert of(compare(findings(without), findings(taken)), "SLH5").text == (
        "Single-leg hinge hold on the left was measured for the first time: 5 s."
    )
    gone = of(compare(findings(taken), findings(without)), "SLH5")
    assert (gone.way, gone.text) == ("not_measured", "Single-leg hinge hold on the left was not measured again; the last time it was 5 s.")


def test_a_value_carried_over_from_an_earlier_screen_was_not_measured_again() -> None:
    before = took(AKE=(38, 12))
    again = replace(before, measurements=tuple(replace(one, measured_on=date(2026, 11, 1)) for one in before.measurements))
    assert {one.way for one in compare(findings(before), findings(again))} == {"not_measured"}
    assert between(before, again).is_empty


def test_pain_that_came_is_worse_and_pain_that_went_is_better() -> None:
    assert compared("AKE", (12, 12), (hurts(12, 4), 12)).text == "Active knee extension on the left was painful this time: worse."
    assert compared("AKE", (hurts(12, 4), 12), (12, 12)).text == "Active knee extension on the left does not hurt any more: 12°: better."


def test_a_tilt_is_different_and_neither_better_nor_worse() -> None:
    for before, after in (("neutral", "anterior"), ("anterior", "neutral")):
        assert compared("APT", noted(visual=before), noted(visual=after), Side.BOTH).way == "different"


# --- the plan -----------------------------------------------------------------------------------------------------------


def test_a_stretch_that_is_not_needed_any_more_goes_and_says_which_test_and_by_how_much() -> None:
    gone = line(between(took(AKE=(27, 12)), took(AKE=(12, 12))), STRAP)
    assert gone.way == "removed"
    assert gone.text == (
        "Supine hamstring stretch with strap, left goes: Active knee extension on the left went from 27° to 12°, at least the 10° by which "
        "two measurements may differ (R15)."
    )
    (cause,) = gone.causes
    assert cause.finding is not None
    assert (cause.rule, cause.finding.test, cause.finding.side, cause.finding.noise) == ("R15", "AKE", Side.LEFT, 10)


def test_an_easier_start_comes_in_the_place_of_an_exercise() -> None:
    found = between(took(AKE=(24, 24)), took(AKE=(45, 24)))
    assert line(found, SLIDE).text.startswith(
        "90/90 active knee straightening, left is new, in place of Supine hamstring stretch with strap:"
    )
    assert line(found, STRAP).text.startswith(
        "Supine hamstring stretch with strap, left goes, 90/90 active knee straightening takes its place:"
    )
    assert [cause.rule for cause in line(found, SLIDE).causes] == ["R16"]


def test_a_line_crossed_by_less_than_the_noise_changes_the_plan_and_is_owned_up_to() -> None:
    new = line(between(took(AKE=(19, 19)), took(AKE=(21, 19))), STRAP)
    assert new.way == "added"
    assert new.text == (
        "Supine hamstring stretch with strap, left is new: Active knee extension on the left went from 19° to 21°, which is less than the "
        "10° by which two measurements may differ, but across a line of the range we use (R15)."
    )


def test_an_extra_set_goes_when_the_sides_are_even() -> None:
    found = between(took(AKE=(39, 26)), took(AKE=(26, 26)))
    changed = line(found, "smr/smr-ham/left")
    assert changed.way == "dose"
    assert "Active knee extension is 26° left and 26° right now; 10° of difference count (R60)" in changed.text
    assert changed.before is not None
    assert changed.after is not None
    assert (changed.before.dose.sets, changed.after.dose.sets) == (2, 1)


def test_an_extra_set_that_comes_with_what_another_exercise_leaves_says_so() -> None:
    uneven = {"STEPDOWN": (3, 1)}
    steady, unsteady = took(**uneven), took(**uneven, SLS=(12, 12))
    clam = "strengthening/clam/left"
    came, went = line(between(steady, unsteady), clam).text, line(between(unsteady, steady), clam).text
    counts = "the difference in lateral step-down, 3 points left and 1 point right, counts for it"
    assert came.endswith(f"it comes in place of what is left out, because standing steadily comes first; {counts} now (R60).")
    assert went.endswith(f"{counts} no longer (R60).")
    assert "it no longer stands in for what was left out" in went


def test_a_longer_plank_is_held_longer() -> None:
    changed = line(between(took(PLANK=50), took(PLANK=58)), "strengthening/plank/both")
    assert changed.text.startswith("Front plank changes, 3 × 25 s before, 3 × 29 s now: Front plank went from 50 s to 58 s")


def test_what_a_professional_does_not_allow_says_so_instead_of_a_finding() -> None:
    one = took(MTT_HIP=(8, 8))
    limits = Clearance(TAKEN_ON, (), not_allowed=("knee_kneeling_pain",))
    found = between(one, one, limits)
    assert found.changed
    for change in found.changed:
        if change.way != "dose":
            assert [cause.kind for cause in change.causes] == ["key"], change.text
    assert line(found, "flexibility/runners-lunge/left").text.endswith("left goes: because kneeling hurts.")


def test_a_substitute_that_a_limit_takes_goes_because_of_it() -> None:
    """She sits long and is unsteady: the adductor rock-back stands in for the lateral lunge, until kneeling hurts as well."""
    one = took(SLS=(12, 12))
    one = replace(one, history=replace(one.history, sitting_hours=9.0))
    rock = "flexibility/add-rock/left"
    assert rock in keys(planned(one), Stage.FLEXIBILITY)
    limits = Clearance(TAKEN_ON, (), not_allowed=("knee_kneeling_pain",))
    assert line(between(one, one, limits), rock).text.endswith("left goes: because kneeling hurts.")


def test_what_follows_from_an_answer_says_that_no_finding_changed() -> None:
    before = took()
    after = replace(before, history=replace(before.history, sitting_hours=9.0))
    new = line(between(before, after), "flexibility/9090/left")
    assert new.text == "90/90 hip stretch and switch, left is new: no finding changed; because you sit more than 7 hours a day (R19)."


def test_new_rules_and_a_new_text_in_the_library_say_that_they_are_that() -> None:
    one = took(AKE=(27, 12))
    plan = planned(one)
    newer = {slug: replace(exercise, version=2) if slug == "bridge" else exercise for slug, exercise in STARTER_LIBRARY.items()}
    found = diff(plan, build_plan(one, newer), findings(one), findings(one))
    assert line(found, "strengthening/bridge/both").way == "kept"
    assert "the library has a newer version of it (1, now 2)" in line(found, "strengthening/bridge/both").text
    less = replace(plan, ruleset="2027.1", stages=tuple(replace(stage, items=stage.items[1:]) for stage in plan.stages))
    assert {cause.kind for change in diff(plan, less, (), ()).changed for cause in change.causes} == {"rules"}


def test_a_lock_that_came_or_went_is_told_for_its_stage() -> None:
    before, after = took(ASLR=(2, 2)), took(ASLR=(1, 2))
    (came, _) = between(before, after).stages
    assert (came.stage, came.text[:45]) == (Stage.RDL, "Load in this stage waits. Because a leg raise")
    (went, _) = between(after, before).stages
    assert went.text.startswith("Load in this stage waits no longer for this")


def test_what_stays_is_listed_with_what_it_rests_on() -> None:
    found = between(took(AKE=(27, 12)), took(AKE=(25, 12)))
    assert found.changed == ()
    kept = line(found, STRAP)
    assert kept.way == "kept"
    assert kept.text.startswith(
        "Supine hamstring stretch with strap, left stays: Active knee extension on the left went from 27° to 25°, which"
    )


@settings(max_examples=25, deadline=None)
@given(answered(), answered())
def test_every_line_is_there_once_and_every_change_has_a_reason(
    one: tuple[Screen, tuple[Clearance, ...]], other: tuple[Screen, tuple[Clearance, ...]]
) -> None:
    before, after = (build_plan(case[0], STARTER_LIBRARY, clearances=case[1]) for case in (one, other))
    found = diff(before, after, findings(one[0]), findings(other[0]))
    held = {item.key for plan in (before, after) for stage in plan.stages for item in stage.items}
    assert sorted(change.key for change in found.items) == sorted(held)
    assert all(change.causes for change in found.items)
    said = [change.text for change in found.items] + [change.text for change in found.findings] + [change.text for change in found.stages]
    assert not [text for text in said for word in NEVER if word in text.lower()]
    assert diff(before, before, findings(one[0]), findings(one[0])).is_empty


# --- kept against the rules ---------------------------------------------------------------------------------------------


def chosen(before: Screen, after: Screen, *choices: Choice, clearances: tuple[Clearance, ...] = ()) -> Plan:
    return plan_with_choices(planned(before), planned(after, *clearances), choices, barred=barred(after, STARTER_LIBRARY, clearances))


def keys(plan: Plan, stage: Stage) -> list[str]:
    return [item.key for one in plan.stages if one.stage is stage for item in one.items]


def item(plan: Plan, key: str) -> Item:
    return next(one for stage in plan.stages for one in stage.items if one.key == key)


WHY = "She likes it and it does her good."
SHORT, FINE = took(AKE=(27, 27)), took(AKE=(12, 27))


def test_taken_as_a_whole_it_is_the_new_plan() -> None:
    assert chosen(SHORT, FINE) == planned(FINE)
    assert chosen(SHORT, FINE, Choice(STRAP, "after")) == planned(FINE)


def test_of_a_stage_that_she_emptied_herself_nobody_says_that_the_library_lacks_something() -> None:
    before, after = SITUATIONS["severe-hip-flexors-cleared"], SITUATIONS["one-sided-hamstring"]
    new = keys(planned(after.screen), Stage.FLEXIBILITY)
    assert not set(new) & set(keys(planned(before.screen, *before.clearances), Stage.FLEXIBILITY))
    choices = [Choice(key, "before", WHY) for key in new]
    barred_now = barred(after.screen, STARTER_LIBRARY, after.clearances)
    plan = plan_with_choices(planned(before.screen, *before.clearances), planned(after.screen), choices, barred=barred_now)
    (stage,) = (one for one in stage_states(plan) if one.stage is Stage.FLEXIBILITY)
    assert keys(plan, Stage.FLEXIBILITY) == []
    assert (stage.state, stage.locked_because) == (StageState.OPEN, None)
    assert [one.because for one in plan.removed if one.key == TRAINER] == [WHY] * len(new)


def test_a_line_that_is_kept_carries_her_reason_and_stands_where_it_stood() -> None:
    plan = chosen(SHORT, FINE, Choice(STRAP, "before", WHY))
    (reason,) = item(plan, STRAP).reasons
    assert (reason.rule, reason.because, reason.origin, reason.finding) == (TRAINER, WHY, Origin.JUDGEMENT, None)
    assert item(plan, STRAP).dose == item(planned(SHORT), STRAP).dose
    assert keys(plan, Stage.FLEXIBILITY) == keys(planned(SHORT), Stage.FLEXIBILITY)
    told = diff(planned(SHORT), plan, findings(SHORT), findings(FINE))
    assert f": {WHY[0].lower()}{WHY[1:].rstrip('.')}" in line(told, STRAP).text


def test_a_line_that_is_refused_stands_among_what_is_left_out() -> None:
    plan = chosen(FINE, SHORT, Choice(STRAP, "before", WHY))
    assert STRAP not in keys(plan, Stage.FLEXIBILITY)
    assert (plan.removed[-1].exercise, plan.removed[-1].side, plan.removed[-1].because) == ("strap-ham", Side.LEFT, WHY)


def test_a_dose_that_is_kept_stays_as_it_was() -> None:
    plan = chosen(took(PLANK=50), took(PLANK=58), Choice("strengthening/plank/both", "before", WHY))
    assert item(plan, "strengthening/plank/both").dose.hold_s == 25
    assert item(plan, "strengthening/plank/both").reasons[0].rule == TRAINER


def test_a_line_that_stays_is_left_out_on_her_word_and_what_was_found_behind_it_is_still_known() -> None:
    plan = chosen(SHORT, SHORT, Choice(STRAP, "neither", WHY))
    assert STRAP not in keys(plan, Stage.FLEXIBILITY)
    assert (plan.removed[-1].exercise, plan.removed[-1].key, plan.removed[-1].because) == ("strap-ham", TRAINER, WHY)
    assert set(plan.stages[0].findings) == set(planned(SHORT).stages[0].findings)


def test_of_a_line_that_changes_both_the_old_one_and_none_may_be_had() -> None:
    plank = "strengthening/plank/both"
    plan = chosen(took(PLANK=50), took(PLANK=58), Choice(plank, "neither", WHY))
    assert plank not in keys(plan, Stage.STRENGTHENING)


@pytest.mark.parametrize(
    ("line", "why"),
    [("dowel/dowel-hinge/both", "step by step"), (STRAP, "leave this out already"), ("smr/no-such/left", "neither of the two")],
)
def test_a_step_of_the_ladder_and_what_is_not_there_is_not_left_out(line: str, why: str) -> None:
    with pytest.raises(RefusedChoice, match=why):
        chosen(SHORT, FINE, Choice(line, "neither", WHY))


@pytest.mark.parametrize("line", ["dowel/dowel-hinge/both", "wall/wall-hinge/both", "rdl/rdl-dowel/both", "rdl/rdl-kb/both"])
def test_a_step_that_comes_back_after_an_answer_is_not_left_out_either(line: str) -> None:
    careful = Clearance(TAKEN_ON, (), not_allowed=("nerve_symptoms",))
    before, after = planned(FINE, careful), planned(FINE)
    assert line not in keys(before, Stage(line.split("/")[0]))
    with pytest.raises(RefusedChoice, match="step by step"):
        plan_with_choices(before, after, [Choice(line, "neither", WHY)], barred=())


def test_a_drill_before_a_step_that_a_new_screen_asks_for_may_be_left_out() -> None:
    plan = chosen(FINE, took(DOWEL3=noted(45, lost_contact="head")), Choice("dowel/tall-kneel-hinge/both", "neither", WHY))
    assert keys(plan, Stage.DOWEL) == ["dowel/dowel-hinge/both"]


def test_leaving_a_line_out_needs_a_reason() -> None:
    with pytest.raises(RefusedChoice, match="A reason is needed to leave this out"):
        chosen(SHORT, SHORT, Choice(STRAP, "neither", " "))


def test_a_stage_that_the_rules_do_not_ask_for_opens_again_for_what_is_kept() -> None:
    before, after = took(AKE=(27, 12)), took()
    assert keys(planned(after), Stage.FLEXIBILITY) == []
    plan = chosen(before, after, Choice(STRAP, "before", WHY))
    (flexibility,) = [one for one in plan.stages if one.stage is Stage.FLEXIBILITY]
    assert flexibility.starts is StageState.OPEN
    assert flexibility.exit
    assert [one.key for one in due_items(flexibility, 0, 0)] == [STRAP]
    assert stage_states(plan)[0].state is StageState.OPEN


def test_refusing_all_of_a_stage_that_is_newly_asked_for_leaves_it_out() -> None:
    before, after = took(), took(AKE=(27, 12))
    plan = chosen(before, after, Choice(STRAP, "before", WHY))
    assert plan.stages[0].starts is StageState.NOT_INDICATED
    assert plan.stages[0].items == ()


def test_the_order_in_which_she_chooses_says_nothing() -> None:
    kept, out = Choice(STRAP, "before", WHY), Choice("flexibility/strap-ham/right", "neither", WHY)
    one_sided = took(AKE=(27, 12))
    assert chosen(one_sided, SHORT, kept, out) == chosen(one_sided, SHORT, out, kept)


def test_a_turn_is_not_kept_where_nothing_takes_turns() -> None:
    many, few = took(SIDEPLANK=(20, 20)), took()
    clam = "strengthening/clam/left"
    assert (item(planned(many), clam).every_session, item(planned(few), clam).every_session) == (False, True)
    with pytest.raises(RefusedChoice, match="comes every session"):
        chosen(many, few, Choice(clam, "before", WHY))


def test_nor_is_it_where_she_leaves_out_all_else_that_takes_turns() -> None:
    before, after = took(AKE=(22, 22)), SITUATIONS["tight-outer-thighs"].screen
    thigh = "smr/smr-tfl/left"
    assert (item(planned(before), thigh).every_session, item(planned(after), thigh).every_session) == (False, True)
    others = [one.key for stage in planned(after).stages for one in stage.items if one.turn is not None]
    plan = chosen(before, after, Choice(thigh, "before", WHY), *(Choice(key, "neither", WHY) for key in others))
    assert item(plan, thigh) == item(planned(after), thigh)


@pytest.mark.parametrize("reason", ["", "   "])
def test_keeping_a_line_needs_a_reason(reason: str) -> None:
    with pytest.raises(RefusedChoice, match="reason"):
        chosen(SHORT, FINE, Choice(STRAP, "before", reason))


def test_a_line_of_neither_plan_is_refused() -> None:
    with pytest.raises(RefusedChoice, match="neither"):
        chosen(SHORT, FINE, Choice("flexibility/handstand/both", "before", WHY))


def test_what_a_key_took_out_cannot_be_kept() -> None:
    limits = (Clearance(TAKEN_ON, (), not_allowed=("knee_kneeling_pain",)),)
    tight = took(MTT_HIP=(8, 8))
    with pytest.raises(RefusedChoice, match="kneeling hurts"):
        chosen(tight, tight, Choice("flexibility/runners-lunge/left", "before", WHY), clearances=limits)


def test_what_a_key_forbids_cannot_be_kept_even_where_no_rule_asks_for_it_now() -> None:
    limits = (Clearance(TAKEN_ON, (), not_allowed=("knee_kneeling_pain",)),)
    with pytest.raises(RefusedChoice, match="reason that holds"):
        chosen(took(MTT_HIP=(8, 8)), took(), Choice("flexibility/runners-lunge/left", "before", WHY), clearances=limits)


def test_what_hurt_twice_cannot_be_kept() -> None:
    with pytest.raises(RefusedChoice, match="hurt in two sessions"):
        chosen(SHORT, SHORT, Choice("rdl/rdl-kb/both", "before", WHY), clearances=(Clearance(TAKEN_ON, (), without=("rdl-kb",)),))


def test_nothing_is_kept_across_a_lock() -> None:
    locked = planned(took(ASLR=(1, 2)))
    less = replace(
        locked,
        stages=tuple(
            replace(stage, items=tuple(one for one in stage.items if one.exercise != "rdl-kb")) if stage.stage is Stage.RDL else stage
            for stage in locked.stages
        ),
    )
    with pytest.raises(RefusedChoice, match="leg raise scored 1"):
        plan_with_choices(planned(took(ASLR=(2, 2))), less, [Choice("rdl/rdl-kb/both", "before", WHY)], barred=())


def test_the_plan_before_stays_as_it_was() -> None:
    before = planned(SHORT)
    copy = planned(SHORT)
    plan_with_choices(before, planned(FINE), [Choice(STRAP, "before", WHY)], barred=())
    assert before == copy


@settings(max_examples=25, deadline=None)
@given(answered(), answered())
def test_keeping_everything_that_may_be_kept_never_brings_back_what_is_barred(
    one: tuple[Screen, tuple[Clearance, ...]], other: tuple[Screen, tuple[Clearance, ...]]
) -> None:
    before, after = (build_plan(case[0], STARTER_LIBRARY, clearances=case[1]) for case in (one, other))
    out = barred(other[0], STARTER_LIBRARY, other[1])
    plan = after
    for change in diff(before, after, (), ()).changed:
        try:
            plan = plan_with_choices(before, plan, [Choice(change.key, "before", WHY)], barred=out)
        except RefusedChoice:
            continue
    for stage in plan.stages:
        found = [easier for item in stage.items for easier in (item, item.easier, item.later) if easier is not None]
        assert not {(item.exercise, item.side) for item in found} & out
        assert len({item.key for item in stage.items}) == len(stage.items)
        turns = {item.turn for item in stage.items if item.turn is not None}
        assert all((item.turn is None) == item.every_session for item in stage.items)
        seen = {item.key for session in range(max(len(turns), 1)) for item in due_items(stage, 0, session)}
        if stage.stage not in (Stage.RDL, Stage.SINGLE_LEG):
            assert seen == {item.key for item in stage.items}, "everybody's turn comes"
