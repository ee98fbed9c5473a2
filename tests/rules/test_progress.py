"""What must be shown before a stage counts as passed: with all of it a trainer may sign, and without any one piece of it she may not."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from app.rules.documents import Plan, Screened, SignOff, Stopped
from app.rules.history import days
from app.rules.progress import (
    EXIT,
    PER_LEG,
    RULE_IDS,
    STAGES,
    Progress,
    blocking,
    can_sign,
    due_tests,
    exit_for,
    progress,
    stage_states,
)
from app.rules.today import Today, today
from app.rules.track import Track, replay, start, walk
from app.rules.vocabulary import Evidence, Side, Stage, StageState
from app.rules.week import week
from tests.rules.histories import DAY0, Life, lived

HEAD = "Somebody.\nperson: situation {situation}, 34 years, 64 kg\n"

ATHLETE = HEAD.format(situation="strong-athlete")
"""Nothing tight: flexibility and self-massage are not indicated."""

WEAK = HEAD.format(situation="weak-everything")
TIGHT = HEAD.format(situation="everything-tight")
SHORT = HEAD.format(situation="one-sided-hamstring")

STRONG = """
d0 session strengthening/sl-bridge 2 ok reps 12 x2
d0 session strengthening/ham-curl 2 ok reps 8
d0 session strengthening/step-up 2 ok reps 8
"""
STRONG_SIGNED = STRONG + "d2 sign strengthening\n"
DOWEL = """
d4 session dowel/dowel-hinge 3 ok reps 8
d6 session dowel/dowel-hinge 3 ok reps 8 hip_bend_deg 50 stretch_felt
"""
DOWEL_SIGNED = STRONG_SIGNED + DOWEL + "d6 sign dowel\n"
WALL = """
d8 session wall/wall-hinge 3 ok reps 10 light_touch wall_distance_cm 25
d10 session wall/wall-hinge 3 ok reps 10 light_touch wall_distance_cm 30.5 shin_deg 10 knee_bend_deg 30 stretch_felt
"""
WALL_SIGNED = DOWEL_SIGNED + WALL + "d10 sign wall\n"
RDL = """
d10 screen ASLR left 2, ASLR right 2, SLS left 45, SLS right 45
d11 session rdl/rdl-dowel 2 ok reps 8
d12 agreed rdl/rdl-kb 16
d12 session rdl/rdl-kb 3 sets 16 kg ok reps 8
d12 morning 2
d14 tick strengthening x13
d26 session rdl/rdl-kb 3 sets 16 kg ok reps 8
d26 morning 0
d38 session rdl/rdl-kb 3 sets 16 kg ok reps 8
d38 morning 1
"""
RDL_SIGNED = WALL_SIGNED + RDL + "d38 sign rdl\n"
SINGLE = """
d40 session single_leg/sl-supported 2 ok reps 6
d42 session single_leg/sl-hinge 2 ok reps 8 pelvis_level
d44 session single_leg/sl-hinge/left 2 ok reps 8 pelvis_level
d44 session single_leg/sl-hinge/right 2 ok reps 9 pelvis_level
d44 screen SLH5 left 5, SLH5 right 5
d46 agreed single_leg/sl-rdl 6
d46 session single_leg/sl-rdl 2 sets 6 kg ok reps 8
d48 session single_leg/sl-rdl 2 sets 6 kg ok reps 8
d50 session single_leg/sl-rdl 2 sets 6 kg ok reps 8
"""


def missing(text: str, day: int, stage: Stage, **how: object) -> list[str]:
    """What keeps a trainer from signing."""
    return [one.id for one in can_sign(lived(text).progress(day), stage, **how)]  # type: ignore[arg-type]  # as the rules take it


def state(text: str, day: int, stage: Stage) -> StageState:
    return lived(text).progress(day).of(stage).state


def due(life: Life, day: int) -> Today:
    made_on, plan = life.plans[-1]
    return today(plan, made_on, life.events, life.on(day), progress=life.progress(day))


def slugs(life: Life, day: int, stage: Stage) -> list[str]:
    return list(dict.fromkeys(one.item.exercise for part in due(life, day).stages if part.stage is stage for one in part.items))


# --- the table ------------------------------------------------------------------------------------------------------


def test_the_table_has_every_stage_in_its_order_and_no_id_twice() -> None:
    assert [one.stage for one in STAGES] == list(Stage)
    assert len(set(RULE_IDS)) == len(RULE_IDS)
    assert all(one.id.startswith(f"{stage}.") for stage, found in EXIT.items() for one in found)
    assert {one.evidence for found in EXIT.values() for one in found} == set(Evidence)
    assert all(one.origin and one.entry for one in STAGES)


def test_a_time_to_stay_is_asked_only_where_a_finding_is_clear_enough() -> None:
    athlete, weak, tight = lived(ATHLETE).plan, lived(WEAK).plan, lived(TIGHT).plan

    def stays(plan: Plan, number: int) -> bool:
        return any(one.always for one in plan.stages[number].exit)

    assert (stays(tight, 0), stays(athlete, 2), stays(weak, 2)) == (True, False, True)
    assert stays(lived(SHORT).plan, 0) is False
    assert tight.stages[0].exit == exit_for(Stage.FLEXIBILITY, [found.grade for found in tight.stages[0].findings])


@pytest.mark.parametrize(
    ("told", "asked"),
    [
        ("SLBRIDGE left 12", ["strengthening.dwell"]),
        ("SIDEPLANK right 20", ["strengthening.dwell"]),
        ("PLANK 30", ["strengthening.dwell"]),
        ("STEPDOWN left 4", ["strengthening.dwell"]),
        ("SLBRIDGE left 25", []),
        ("SLS left 15", []),
    ],
)
def test_any_clear_finding_of_strength_asks_for_two_weeks_whether_an_exercise_rests_on_it_or_not(told: str, asked: list[str]) -> None:
    life = lived(f"{HEAD.format(situation='hypermobile-dancer')}d0 screen {told}\n")
    assert [one.id for one in life.plan.stages[2].exit if one.always] == asked
    assert [one.id for one in life.progress(1).of(Stage.STRENGTHENING).criteria if one.always] == asked


NO_HAMSTRING = SHORT + "d1 stop\nd2 cleared not acute_hamstring_strain\nd3 screen all\n"


def test_a_range_that_a_key_leaves_without_a_stretch_is_measured_again_or_passes_on_the_trainers_word_with_a_note() -> None:
    stage = lived(NO_HAMSTRING).plan.stages[0]
    assert (stage.items, stage.emptied_by) == ((), ("acute_hamstring_strain",))
    assert {(one.test, one.side) for one in stage.findings} == {("AKE", Side.LEFT)}
    (shown,) = (one for one in lived(NO_HAMSTRING).progress(4).of(Stage.FLEXIBILITY).criteria if one.id == "flexibility.regraded")
    assert (shown.met, shown.word_is_enough) == (False, True)
    assert shown.missing == (
        "Measure again, two weeks or six sessions after the first time: Active knee extension, left. "
        "The plan has no stretch and no rolling for this, so it passes on the trainer's word as well, with a note that says why."
    )
    both = ["flexibility.regraded", "flexibility.four_weeks"]
    assert missing(NO_HAMSTRING, 4, Stage.FLEXIBILITY) == both
    assert missing(NO_HAMSTRING, 4, Stage.FLEXIBILITY, words=["flexibility.regraded"]) == both
    assert missing(NO_HAMSTRING, 4, Stage.FLEXIBILITY, words=["flexibility.regraded"], note="it is strained") == []
    again = f"{NO_HAMSTRING}d17 screen AKE left 25\n"
    assert missing(again, 17, Stage.FLEXIBILITY) == []


def test_a_range_that_is_trained_never_passes_on_the_trainers_word() -> None:
    assert missing(SHORT, 20, Stage.FLEXIBILITY, words=["flexibility.regraded"], note="it looks good") != []


def test_what_was_shown_with_an_easier_exercise_counts_after_a_new_screen_brings_the_harder_one() -> None:
    low = "step-up-low"
    told = f"""{HEAD.format(situation="one-leg-cannot-balance")}d2 session strengthening/{low}/left 2 ok reps 8
d2 session strengthening/{low}/right 2 ok reps 8
"""
    asked = "strengthening.step_up"
    again = told + "d21 screen SLS left 40, SLS right 40, STEPDOWN left 1, STEPDOWN right 1\n"
    assert low not in {item.exercise for stage in lived(again).plan.stages for item in stage.items}
    assert asked in missing(told.rpartition("d2 ")[0], 21, Stage.STRENGTHENING)
    assert asked not in missing(again, 21, Stage.STRENGTHENING)


# --- flexibility and self-massage -----------------------------------------------------------------------------------


def test_tight_ranges_that_are_only_mildly_out_after_two_weeks_pass() -> None:
    told = SHORT + "d14 screen AKE left 22\n"
    assert missing(told, 14, Stage.FLEXIBILITY) == []
    assert missing(told, 14, Stage.SMR) == []


def test_six_sessions_make_up_for_two_weeks_between_two_measurements() -> None:
    told = SHORT + "d0 tick flexibility x6/1\nd6 screen AKE left 22\n"
    assert missing(told, 6, Stage.FLEXIBILITY) == []
    assert missing(told.replace("x6/1", "x5/1"), 6, Stage.FLEXIBILITY) == ["flexibility.regraded", "flexibility.four_weeks"]


@pytest.mark.parametrize(
    "told",
    [
        "",
        "d13 screen AKE left 22\n",
        "d14 screen PLANK 60\n",
        "d14 screen AKE left 45\n",
    ],
    ids=["never again", "too early", "another test", "still clearly short"],
)
def test_a_range_that_is_not_measured_again_well_does_not_pass(told: str) -> None:
    assert missing(SHORT + told, 14, Stage.FLEXIBILITY) == ["flexibility.regraded", "flexibility.four_weeks"]
    assert missing(SHORT + told, 14, Stage.SMR) == ["smr.regraded", "smr.pressure"]


def test_a_clear_finding_is_stayed_with_for_two_weeks_or_six_sessions() -> None:
    life = lived(TIGHT)
    first = life.screens[0]
    early = Screened(0, DAY0 - timedelta(days=10), first.person, first.findings)
    better = tuple(replace(one, grade=1) if one.grade in (2, 3) else one for one in first.findings)
    later = Screened(9, DAY0 + timedelta(days=5), first.person, better)

    def asked(day: int, ticks: str = "") -> list[str]:
        told = lived(TIGHT + ticks)
        screens = [early, later]
        now = progress(told.plan, told.events, (), screens, told.on(day), began=DAY0)
        return [one.id for one in can_sign(now, Stage.FLEXIBILITY)]

    assert asked(13) == ["flexibility.dwell"]
    assert asked(14) == []
    assert asked(10, "d0 tick flexibility x5/1\n") == ["flexibility.dwell"]
    assert asked(10, "d0 tick flexibility x6/1\n") == []


def test_a_stage_that_a_later_screen_asks_for_counts_from_that_screen() -> None:
    """Nothing was tight at first; a month later one hamstring is."""
    told = ATHLETE + "d30 screen AKE left 45\n"
    now = lived(told).progress(30)
    assert now.of(Stage.FLEXIBILITY).opened_on == DAY0 + timedelta(days=30)
    assert now.of(Stage.SMR).opened_on == DAY0 + timedelta(days=30)
    assert "flexibility.dwell" in missing(told, 43, Stage.FLEXIBILITY)
    assert "flexibility.dwell" not in missing(told, 44, Stage.FLEXIBILITY)
    assert missing(told, 57, Stage.FLEXIBILITY, words=["flexibility.four_weeks"], note="so far") != []
    (four,) = (one for one in lived(told).progress(57).of(Stage.FLEXIBILITY).criteria if one.id == "flexibility.four_weeks")
    assert (four.missing or "").startswith("Four weeks are over on 4 March.")
    again = missing(told + "d36 tick flexibility x3\nd43 screen AKE left 22\n", 43, Stage.FLEXIBILITY)
    assert again == ["flexibility.regraded", "flexibility.four_weeks"], "thirteen days after it was found"
    assert missing(told + "d44 screen AKE left 22\n", 44, Stage.FLEXIBILITY) == ["practice.missed"], "only that she was away"


def test_what_was_asked_for_from_the_start_still_is_when_another_range_is_found_later() -> None:
    now = lived(SHORT + "d14 screen AKE left 22, MTT_HIP left 8\n").progress(14)
    assert now.of(Stage.FLEXIBILITY).opened_on == DAY0
    gone = SHORT + "d20 screen AKE left 0\nd40 screen AKE left 45\n"
    assert lived(gone).progress(40).of(Stage.FLEXIBILITY).opened_on == DAY0 + timedelta(days=40), "in between nothing was tight"


STIFF = TIGHT + "{ticks}d28 screen MTT_HIP left {value}\n"
TICKS = "d1 tick flexibility x3\nd8 tick flexibility x3\nd15 tick flexibility x3\nd22 tick flexibility\n"


def four_weeks(told: str, day: int = 28, words: tuple[str, ...] = ("flexibility.four_weeks",), note: str = "a long way") -> list[str]:
    return missing(told, day, Stage.FLEXIBILITY, words=words, note=note)


def test_four_weeks_of_stretching_with_a_change_pass_on_the_trainers_word() -> None:
    told = STIFF.format(ticks=TICKS, value=8)
    assert four_weeks(told) == []
    refused = ["flexibility.regraded", "flexibility.four_weeks"]
    assert four_weeks(told, words=()) == refused
    assert four_weeks(told, note=" ") == refused
    assert four_weeks(told, day=27) == refused


@pytest.mark.parametrize(
    ("ticks", "value"),
    [
        (TICKS.replace("d22 tick flexibility\n", ""), 8),
        ("d1 tick flexibility x14/1\n", 8),
        (TICKS, 9),
    ],
    ids=["nine of twelve", "many in two weeks", "a change below the noise"],
)
def test_four_weeks_without_the_sessions_or_the_change_do_not(ticks: str, value: int) -> None:
    assert "flexibility.four_weeks" in four_weeks(STIFF.format(ticks=ticks, value=value))


def test_rolling_that_hardly_presses_in_two_sessions_passes_self_massage() -> None:
    assert missing(SHORT + "d0 check smr pressure 3\nd2 check smr pressure 2\n", 2, Stage.SMR) == []


@pytest.mark.parametrize(
    "told",
    [
        "d0 check smr pressure 3\n",
        "d0 check smr pressure 3\nd2 check smr pressure 4\n",
        "d0 check smr pressure 4\nd2 check smr pressure 3\n",
    ],
    ids=["once", "more the second time", "less only the second time"],
)
def test_once_is_not_enough(told: str) -> None:
    assert missing(SHORT + told, 2, Stage.SMR) == ["smr.regraded", "smr.pressure"]


@pytest.mark.parametrize(("weight", "shown", "is_met"), [(70.1, "17.5 kg", True), (70.3, "17.6 kg", False)])
def test_a_quarter_of_body_weight_is_compared_as_it_is_shown(weight: float, shown: str, *, is_met: bool) -> None:
    told = ATHLETE.replace("64 kg", f"{weight} kg") + WALL_SIGNED + RDL.replace("16 kg", "17.5 kg").replace("rdl-kb 16", "rdl-kb 17.5")
    (load,) = (one for one in lived(told).progress(39).of(Stage.RDL).criteria if one.id == "rdl.load")
    assert load.met is is_met
    wanted = lived(told.replace(" 17.5 kg ok", " 16 kg ok")).progress(39).of(Stage.RDL).criteria
    assert any(one.missing is not None and one.missing.startswith(shown) for one in wanted)


@pytest.mark.parametrize(("bend", "is_told"), [(35, False), (39, False), (40, True)])
def test_knees_that_bend_much_more_with_load_are_told_to_the_trainer(bend: int, *, is_told: bool) -> None:
    told = ATHLETE + WALL_SIGNED + RDL.replace("d26 session rdl/rdl-kb 3 sets 16 kg ok", f"d26 check rdl/rdl-kb ok knee_bend_deg {bend}")
    notes = [note.text for note in lived(told).progress(27).notes]
    said = "31 January: the knees bent 40° with load, 30° without. Up to 5° more is usual; 10° or more is worth a look at the hinge."
    assert notes == ([said] if is_told else [])


def test_which_mornings_after_the_three_sessions_are_still_to_be_told_is_said() -> None:
    told = ATHLETE + WALL_SIGNED + RDL.replace("d12 morning 2\n", "").replace("d26 morning 0\n", "")
    (pain,) = (one for one in lived(told).progress(39).of(Stage.RDL).criteria if one.id == "rdl.pain")
    assert pain.missing == "The morning after 17 January and 31 January is still to be told: no report is not 0."
    assert pain.shown == "Morning after reported for 12 February."


@pytest.mark.parametrize(
    ("told", "asked"),
    [
        ("d13 override strengthening {why}\n", []),
        ("d14 override strengthening {why}\n", [("PLANK", Side.BOTH), ("STEPDOWN", Side.LEFT), ("STEPDOWN", Side.RIGHT)]),
        ("d14 override strengthening {why}\nd14 screen PLANK 60\n", [("STEPDOWN", Side.LEFT), ("STEPDOWN", Side.RIGHT)]),
        ("d8 screen PLANK 60\nd14 override strengthening {why}\n", [("STEPDOWN", Side.LEFT), ("STEPDOWN", Side.RIGHT)]),
        ("d14 override strengthening {why}\nd30 screen all\n", []),
        ("d14 override strengthening {why}\nd15 unsign strengthening\n", []),
    ],
    ids=["measured less than two weeks before", "two weeks before", "one since", "one just before", "all since", "taken back"],
)
def test_what_is_measured_once_more_after_a_stage_was_passed(told: str, asked: list[tuple[str, Side]]) -> None:
    exits = lived(ATHLETE + told.format(why='"trained with me for years"')).progress(31).exits
    assert [test for one in exits for test in one.tests] == asked
    assert all((one.stage, one.on) == (Stage.STRENGTHENING, DAY0 + timedelta(days=14)) for one in exits)


# --- each criterion alone -------------------------------------------------------------------------------------------

WEAKER = (
    WEAK
    + """
d0 session strengthening/bridge-iso 2 ok reps 12 x2
d0 session strengthening/bridge-walkout 2 ok reps 8
d0 session strengthening/step-up-low 2 ok reps 8
d0 screen PLANK 60, STEPDOWN left 1, STEPDOWN right 1, DLBRIDGE 6
"""
)

ALONE: tuple[tuple[str, str, int, str, str], ...] = (
    ("strengthening.bridge", ATHLETE + STRONG, 2, "sl-bridge 2 ok reps 12 x2", "sl-bridge 2 ok reps 12"),
    ("strengthening.bridge", ATHLETE + STRONG, 2, "sl-bridge 2 ok reps 12", "sl-bridge 2 ok reps 11"),
    ("strengthening.bridge", ATHLETE + STRONG, 2, "sl-bridge 2 ok", "sl-bridge 1 ok"),
    ("strengthening.bridge", ATHLETE + STRONG, 2, "strengthening/sl-bridge 2", "strengthening/sl-bridge/left 2"),
    ("strengthening.bridge", ATHLETE + STRONG, 2, "sl-bridge 2 ok", "sl-bridge 2 fail clean"),
    ("strengthening.curl", ATHLETE + STRONG, 2, "ham-curl 2 ok reps 8", "ham-curl 2 ok reps 7"),
    ("strengthening.curl", ATHLETE + STRONG, 2, "ham-curl 2", "ham-curl 1"),
    ("strengthening.curl", ATHLETE + STRONG + "d2 check strengthening/ham-curl ok reps 3\n", 2, "ok reps 3", "fail clean"),
    ("strengthening.step_up", ATHLETE + STRONG, 2, "step-up 2 ok reps 8", "step-up/left 2 ok reps 8"),
    ("strengthening.step_up", ATHLETE + STRONG, 2, "step-up 2 ok reps 8", "step-up 2 ok reps 7"),
    ("strengthening.step_up", ATHLETE + STRONG + "d2 screen STEPDOWN left 1\n", 14, "STEPDOWN left 1", "STEPDOWN left 4"),
    ("strengthening.plank", ATHLETE + STRONG + "d2 screen PLANK 60\n", 14, "PLANK 60", "PLANK 15"),
    ("dowel.contacts", ATHLETE + STRONG_SIGNED + DOWEL, 6, "d4 session dowel/dowel-hinge 3", "d4 session dowel/dowel-hinge 2"),
    (
        "dowel.contacts",
        ATHLETE + STRONG_SIGNED + DOWEL,
        6,
        "d4 session dowel/dowel-hinge 3 ok reps 8",
        "d4 session dowel/dowel-hinge 3 ok reps 7",
    ),
    ("dowel.contacts", ATHLETE + STRONG_SIGNED + DOWEL, 6, "3 ok reps 8\n", "3 fail order reps 8\n"),
    ("dowel.contacts", ATHLETE + STRONG_SIGNED + DOWEL, 6, "3 ok reps 8\n", "3 ok reps 8 lost_contact head\n"),
    ("dowel.contacts", ATHLETE + STRONG_SIGNED + DOWEL, 6, "d4 session", "d1 session"),
    ("dowel.depth", ATHLETE + STRONG_SIGNED + DOWEL, 6, "hip_bend_deg 50", "hip_bend_deg 49"),
    ("dowel.depth", ATHLETE + STRONG_SIGNED + DOWEL, 6, " stretch_felt", ""),
    ("dowel.depth", ATHLETE + STRONG_SIGNED + DOWEL, 6, " hip_bend_deg 50", ""),
    ("wall.touches", ATHLETE + DOWEL_SIGNED + WALL, 10, "d8 session wall/wall-hinge 3", "d8 session wall/wall-hinge 2"),
    (
        "wall.touches",
        ATHLETE + DOWEL_SIGNED + WALL,
        10,
        "ok reps 10 light_touch wall_distance_cm 25",
        "ok reps 9 light_touch wall_distance_cm 25",
    ),
    ("wall.touches", ATHLETE + DOWEL_SIGNED + WALL, 10, "light_touch wall_distance_cm 25", "wall_distance_cm 25"),
    ("wall.touches", ATHLETE + DOWEL_SIGNED + WALL, 10, "wall_distance_cm 25", "wall_distance_cm 24"),
    ("wall.touches", ATHLETE + DOWEL_SIGNED + WALL, 10, "wall_distance_cm 25", 'wall_distance_cm 19 note "short legs"'),
    ("wall.touches", ATHLETE + DOWEL_SIGNED + WALL, 10, "wall_distance_cm 25", ""),
    ("wall.shape", ATHLETE + DOWEL_SIGNED + WALL, 10, "shin_deg 10", "shin_deg 11"),
    ("wall.shape", ATHLETE + DOWEL_SIGNED + WALL, 10, "knee_bend_deg 30", "knee_bend_deg 31"),
    ("wall.shape", ATHLETE + DOWEL_SIGNED + WALL, 10, "knee_bend_deg 30", "knee_bend_deg 9"),
    ("wall.stretch", ATHLETE + DOWEL_SIGNED + WALL, 10, " stretch_felt\n", "\n"),
    ("rdl.weeks", ATHLETE + WALL_SIGNED + RDL.replace("d38", "d37"), 37, "", ""),
    ("rdl.sets", ATHLETE + WALL_SIGNED + RDL, 38, "d26 session rdl/rdl-kb 3 sets", "d26 session rdl/rdl-kb 2 sets"),
    (
        "rdl.sets",
        ATHLETE + WALL_SIGNED + RDL,
        38,
        "d26 session rdl/rdl-kb 3 sets 16 kg ok",
        "d26 session rdl/rdl-kb 3 sets 16 kg fail control",
    ),
    ("rdl.load", ATHLETE + WALL_SIGNED + RDL.replace("16 kg", "15.5 kg"), 38, "", ""),
    ("rdl.load", ATHLETE.replace("64 kg", "- kg") + WALL_SIGNED + RDL, 38, "", ""),
    ("rdl.pain", ATHLETE + WALL_SIGNED + RDL, 38, "d12 morning 2\n", ""),
    ("rdl.pain", ATHLETE + WALL_SIGNED + RDL, 38, "d12 morning 2", "d12 morning 3"),
    ("rdl.pain", ATHLETE + WALL_SIGNED + RDL, 38, "d26 morning 0\n", ""),
    ("rdl.pain", ATHLETE + WALL_SIGNED + RDL, 38, "d38 morning 1\n", ""),
    ("rdl.pain", ATHLETE + WALL_SIGNED + RDL, 38, "d38 session", "d26 pain rdl/rdl-dowel 3\nd38 session"),
)
"""A criterion, all that is needed, the day, and what of it is changed into what: then just that criterion is missing."""


def _changed(text: str, old: str, new: str) -> str:
    before, found, after = text.rpartition(old) if old else (text, "", "")
    assert old == found
    return before + new + after if old else text


@pytest.mark.parametrize(("id", "text", "day", "old", "new"), ALONE)
def test_without_just_this_evidence_just_this_criterion_is_missing(id: str, text: str, day: int, old: str, new: str) -> None:
    stage = Stage(id.split(".")[0])
    if old or new:
        assert missing(text, day, stage) == []
    assert missing(_changed(text, old, new), day, stage) == [id]


def test_no_lean_back_is_a_point_of_the_form_gate_and_breaks_the_row_too() -> None:
    told = ATHLETE + STRONG_SIGNED + DOWEL
    for point in ("lockout", "pain"):
        assert missing(_changed(told, "3 ok reps 8 hip", f"3 fail {point} reps 8 hip"), 6, Stage.DOWEL) == ["dowel.contacts", "dowel.top"]
    assert missing(_changed(told, "3 ok reps 8 hip", "3 fail neutral reps 8 hip"), 6, Stage.DOWEL) == ["dowel.contacts"]


def test_a_weak_start_is_stayed_with_for_two_weeks() -> None:
    life = lived(WEAKER)
    plan = life.plans[0][1]

    def asked(day: int) -> list[str]:
        now = progress(plan, life.events, (), life.screens, life.on(day), checks=life.checks, began=DAY0)
        return [one.id for one in can_sign(now, Stage.STRENGTHENING)]

    assert asked(13) == ["strengthening.dwell"]
    assert asked(14) == []


def test_a_distance_a_little_off_passes_with_a_note() -> None:
    told = ATHLETE + DOWEL_SIGNED + WALL
    assert missing(told.replace("wall_distance_cm 25", 'wall_distance_cm 20 note "short legs"'), 10, Stage.WALL) == []


def test_a_goal_load_stands_in_for_a_quarter_of_body_weight_once_it_is_lifted() -> None:
    told = ATHLETE + WALL_SIGNED + RDL.replace("16 kg", "12 kg")
    assert missing(told, 38, Stage.RDL) == ["rdl.load"]
    assert missing(told, 38, Stage.RDL, goal_load_kg=12.0) == []
    assert missing(told, 38, Stage.RDL, goal_load_kg=12.5) == ["rdl.load"]


def test_no_more_of_a_load_counts_than_was_confirmed() -> None:
    """Whatever a phone says she lifted: her trainer confirms the loads."""
    told = ATHLETE + WALL_SIGNED + RDL
    for agreed in ("d12 agreed rdl/rdl-kb 14.5\n", ""):
        heavy = told.replace("d12 agreed rdl/rdl-kb 16\n", agreed).replace("16 kg", "60 kg")
        assert missing(heavy, 38, Stage.RDL) == ["rdl.load"]
        assert lived(heavy).progress(38).load_reached_kg == (14.5 if agreed else None)
        assert slugs(lived(heavy), 39, Stage.RDL) == ["rdl-kb" if agreed else "rdl-dowel"], "the bar waits for 15 kg"
    assert lived(told.replace("16 kg", "60 kg")).progress(38).load_reached_kg == 16.0


def test_a_load_on_one_leg_counts_when_it_was_confirmed() -> None:
    assert missing(SINGLE_LEG.replace("d46 agreed single_leg/sl-rdl 6\n", ""), 50, Stage.SINGLE_LEG) == ["single_leg.sets"]


def test_ticks_alone_and_looks_alone_pass_nothing() -> None:
    ticks = (
        ATHLETE + STRONG_SIGNED + DOWEL.replace("session", "tick").replace(" ok reps 8", "").replace(" hip_bend_deg 50 stretch_felt", "")
    )
    assert missing(ticks, 6, Stage.DOWEL) == ["dowel.contacts", "dowel.depth", "dowel.top"]
    looks = ATHLETE + STRONG_SIGNED + DOWEL.replace("session", "check").replace("hinge 3", "hinge")
    assert missing(looks, 6, Stage.DOWEL) == ["dowel.contacts"]


# --- the single leg -------------------------------------------------------------------------------------------------

SINGLE_LEG = ATHLETE + RDL_SIGNED + SINGLE


def test_both_legs_pass_and_both_are_signed() -> None:
    assert missing(SINGLE_LEG, 50, Stage.SINGLE_LEG) == []
    assert state(SINGLE_LEG + "d50 sign single_leg/left\n", 50, Stage.SINGLE_LEG) is StageState.OPTIONAL
    assert state(SINGLE_LEG + "d50 sign single_leg/left\nd50 sign single_leg/right\n", 50, Stage.SINGLE_LEG) is StageState.PASSED
    assert state(SINGLE_LEG + "d50 sign single_leg\n", 50, Stage.SINGLE_LEG) is StageState.PASSED


@pytest.mark.parametrize(
    ("ids", "old", "new"),
    [
        (["single_leg.hinge/left"], "d44 session single_leg/sl-hinge/left 2 ok reps 8", "d44 session single_leg/sl-hinge/left 1 ok reps 8"),
        (["single_leg.hinge/right"], "sl-hinge/right 2", "sl-hinge/right 1"),
        (["single_leg.slh5/left"], "SLH5 left 5", "SLH5 left 3"),
        (["single_leg.slh5/right"], "SLH5 right 5", "SLH5 right 3"),
        (["single_leg.level/left"], "left 2 ok reps 8 pelvis_level", "left 2 ok reps 8"),
        (["single_leg.level/right"], "right 2 ok reps 9 pelvis_level", "right 2 ok reps 9"),
        (["single_leg.equal"], "right 2 ok reps 9", "right 2 ok reps 10"),
        (["single_leg.hinge/right", "single_leg.equal"], "right 2 ok reps 9", "right 2 fail square reps 9"),
    ],
)
def test_what_one_leg_lacks_keeps_load_from_both(ids: list[str], old: str, new: str) -> None:
    told = _changed(SINGLE_LEG[: SINGLE_LEG.index("d46")], old, new)
    found = missing(told, 45, Stage.SINGLE_LEG)
    assert found == [*ids, "single_leg.sets"]
    now = lived(told).progress(45)
    rung = now.of(Stage.SINGLE_LEG).rungs[-1]
    assert (rung.exercise, rung.is_open, [one.id for one in rung.waits]) == ("sl-rdl", False, ["single_leg.gate"])
    assert now.rung_due(Stage.SINGLE_LEG) == "sl-hinge"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("d46 session single_leg/sl-rdl 2 sets 6 kg ok reps 8\n", ""),
        ("d48 session single_leg/sl-rdl 2", "d48 session single_leg/sl-rdl/left 2"),
        ("d48 session single_leg/sl-rdl 2", "d48 session single_leg/sl-rdl 1"),
        (
            "d48 session single_leg/sl-rdl 2 sets 6 kg ok reps 8\n",
            "d48 session single_leg/sl-rdl/left 2 sets 6 kg ok reps 8\nd48 session single_leg/sl-rdl/right 2 sets 5 kg ok reps 8\n",
        ),
    ],
    ids=["two only", "one leg only", "one set only", "unequal loads"],
)
def test_load_on_one_leg_is_equal_on_both_three_times_in_a_row(old: str, new: str) -> None:
    assert missing(_changed(SINGLE_LEG, old, new), 50, Stage.SINGLE_LEG) == ["single_leg.sets"]


def test_the_weaker_leg_goes_first_with_a_set_more_while_they_differ() -> None:
    told = SINGLE_LEG[: SINGLE_LEG.index("d46")]
    life = lived(told + "d46 check single_leg/sl-hinge/right ok reps 6 pelvis_level\n")
    items = [one.item for part in due(life, 46).stages if part.stage is Stage.SINGLE_LEG for one in part.items]
    assert [(item.side, item.dose.sets) for item in items] == [(Side.RIGHT, 3), (Side.LEFT, 2)]
    even = lived(told + "d46 check single_leg/sl-hinge/right ok reps 8 pelvis_level\n")
    items = [one.item for part in due(even, 46).stages if part.stage is Stage.SINGLE_LEG for one in part.items]
    assert [(item.side, item.dose.sets) for item in items] == [(Side.LEFT, 2), (Side.RIGHT, 2)]


# --- entries, rungs, locks ------------------------------------------------------------------------------------------


def test_the_dowel_opens_when_all_that_prepares_is_passed_and_may_be_practised_before() -> None:
    assert state(ATHLETE, 0, Stage.DOWEL) is StageState.OPTIONAL
    assert state(ATHLETE + STRONG_SIGNED, 2, Stage.DOWEL) is StageState.OPEN
    assert missing(ATHLETE, 0, Stage.DOWEL) == ["strengthening.passed"]
    assert state(HEAD.format(situation="rounds-the-back"), 0, Stage.DOWEL) is StageState.LOCKED


def test_the_rdl_waits_for_the_wall_and_for_a_hinge_of_seven() -> None:
    assert state(ATHLETE + DOWEL_SIGNED, 6, Stage.RDL) is StageState.LOCKED
    assert state(ATHLETE + WALL_SIGNED, 10, Stage.RDL) is StageState.OPEN
    low = lived(ATHLETE + WALL_SIGNED + "d10 screen HINGE8 6 shin lockout\n").progress(10)
    assert low.of(Stage.RDL).state is StageState.LOCKED
    assert [one.id for one in blocking(low, Stage.RDL)] == ["rdl.hinge8"]
    assert low.of(Stage.RDL).locked_because == "The hinge scores 7 or more of 8 when it is measured."


def test_the_single_leg_waits_for_balance_and_for_its_lock() -> None:
    for side in ("left", "right"):
        now = lived(ATHLETE + RDL_SIGNED + f"d39 screen SLS {side} 9\n").progress(39)
        assert [one.id for one in now.of(Stage.SINGLE_LEG).waits][-1] == "single_leg.balance"
    assert state(ATHLETE + RDL_SIGNED, 39, Stage.SINGLE_LEG) is StageState.OPTIONAL


def test_one_rung_opens_per_session_that_qualifies() -> None:
    base = ATHLETE + WALL_SIGNED + "d10 screen ASLR left 2, ASLR right 2\n"
    assert slugs(lived(base), 11, Stage.RDL) == ["rdl-dowel"]
    good = base + "d11 session rdl/rdl-dowel 2 ok reps 8\nd11 agreed rdl/rdl-kb 6\n"
    assert slugs(lived(good), 11, Stage.RDL) == ["rdl-kb"]
    assert slugs(lived(base + "d11 session rdl/rdl-dowel 2 ok reps 7\n"), 11, Stage.RDL) == ["rdl-dowel"]
    assert slugs(lived(base + "d11 session rdl/rdl-dowel 1 ok reps 8\n"), 11, Stage.RDL) == ["rdl-dowel"]
    assert slugs(lived(base + "d11 tick rdl/rdl-dowel 2\n"), 11, Stage.RDL) == ["rdl-dowel"]
    both = base + "d11 session rdl/rdl-dowel 2 ok reps 8\nd11 agreed rdl/rdl-kb 16\nd11 session rdl/rdl-kb 3 sets 16 kg ok reps 8\n"
    assert slugs(lived(both), 12, Stage.RDL) == ["rdl-kb"]
    bar = both.replace("d11 session rdl/rdl-kb", "d13 session rdl/rdl-kb")
    assert slugs(lived(bar), 13, Stage.RDL) == ["rdl-kb"]
    bar += "d13 agreed rdl/rdl-bb 15\n"
    assert slugs(lived(bar), 13, Stage.RDL) == ["rdl-bb"]
    assert slugs(lived(bar.replace("16 kg", "14.5 kg")), 13, Stage.RDL) == ["rdl-kb"]


def test_until_a_first_load_is_confirmed_the_exercise_before_is_due_and_both_loads_are_proposed() -> None:
    bar = ATHLETE + WALL_SIGNED + RDL + "d38 agreed rdl/rdl-kb 16\n"
    now = lived(bar).progress(39)
    assert (now.rung_due(Stage.RDL), now.loads) == ("rdl-kb", {"rdl-kb": 16})
    assert [(one.exercise, one.load_kg, one.kind) for one in now.proposals] == [("rdl-kb", 16, "stay"), ("rdl-bb", 16, "first")]
    assert [one.text for one in now.of(Stage.RDL).rungs[2].waits] == [
        "A trainer confirms the first load; until then the one before it is practised."
    ]
    sure = lived(bar + "d39 load rdl/rdl-bb 15\n").progress(39)
    assert (sure.rung_due(Stage.RDL), [one.exercise for one in sure.proposals]) == ("rdl-bb", ["rdl-bb"])
    assert all(not one.waits for one in sure.of(Stage.RDL).rungs)


@pytest.mark.parametrize(
    ("told", "opens"),
    [
        ("pain rdl/rdl-dowel 2", True),
        ("pain rdl/rdl-dowel 3", False),
        ("pain rdl/rdl-dowel 3\nd11 pain rdl/rdl-dowel 0", True),
        ("pain strengthening/bridge 4", True),
    ],
    ids=["two of ten", "three", "three, put right", "with something else"],
)
def test_a_session_that_hurt_her_opens_no_rung_whatever_was_seen(told: str, *, opens: bool) -> None:
    base = ATHLETE + WALL_SIGNED + "d10 screen ASLR left 2, ASLR right 2\nd11 session rdl/rdl-dowel 2 ok reps 8\n"
    now = lived(f"{base}d11 {told}\n").progress(12)
    assert now.of(Stage.RDL).rungs[1].is_open is opens


def test_what_hurt_one_leg_counts_against_that_leg_and_against_both_together() -> None:
    base = ATHLETE + RDL_SIGNED + SINGLE[: SINGLE.index("d46")]

    def lacking(told: str) -> set[str]:
        return {one.key for one in lived(base + told).progress(45).of(Stage.SINGLE_LEG).missing}

    assert lacking("") == {"single_leg.sets"}
    assert lacking("d44 pain single_leg/sl-hinge/left 3\n") == {"single_leg.hinge/left", "single_leg.equal", "single_leg.sets"}


UNRAISED = (
    SHORT
    + """
d0 override flexibility "was measured elsewhere"
d0 override smr "was measured elsewhere"
d0 override strengthening "lifts twice a week"
d0 override dowel "seen by me twice"
"""
    + WALL
    + "d10 sign wall\n"
)
"""Her active leg raise was never measured."""


def test_load_waits_for_the_leg_raise_and_for_locks_on_load() -> None:
    step = "d11 session rdl/rdl-dowel 2 ok reps 8\n"

    def kettlebell(text: str) -> tuple[str | None, list[str]]:
        now = lived(text + step).progress(11)
        return now.rung_due(Stage.RDL), [one.id for one in now.of(Stage.RDL).rungs[1].waits]

    assert kettlebell(UNRAISED) == ("rdl-dowel", ["rdl.aslr"])
    assert kettlebell(UNRAISED + "d10 screen ASLR left 2\n") == ("rdl-dowel", ["rdl.aslr"])
    assert kettlebell(UNRAISED + "d10 screen ASLR left 2, ASLR right 3\n") == ("rdl-dowel", ["rdl.first_load"])
    assert kettlebell(UNRAISED + "d10 screen ASLR left 1, ASLR right 2\n") == ("rdl-dowel", ["R50"])


# --- signing --------------------------------------------------------------------------------------------------------


def test_a_reason_stands_in_for_what_is_missing_where_it_may() -> None:
    reason = "seen by me twice before"
    assert missing(ATHLETE, 0, Stage.STRENGTHENING, override_reason=reason) == []
    assert missing(ATHLETE, 0, Stage.STRENGTHENING, override_reason="because")[-1] == "override.reason"
    assert missing(SHORT, 0, Stage.FLEXIBILITY, override_reason=reason) == []
    assert missing(ATHLETE + STRONG_SIGNED, 2, Stage.DOWEL, override_reason=reason) == []
    assert missing(ATHLETE + DOWEL_SIGNED, 6, Stage.WALL, override_reason=reason) == ["wall.touches", "wall.shape", "wall.stretch"]
    assert missing(ATHLETE + WALL_SIGNED, 10, Stage.RDL, override_reason=reason) == []
    gate = [one.id for one in EXIT[Stage.SINGLE_LEG] if one.id != "single_leg.sets"]
    legs = [f"{id}/{leg}" if id in PER_LEG else id for id in gate for leg in (("left", "right") if id in PER_LEG else ("",))]
    found = missing(ATHLETE + RDL_SIGNED, 39, Stage.SINGLE_LEG, override_reason=reason)
    assert set(found) <= set(legs)
    assert {"single_leg.hinge/left", "single_leg.equal"} <= set(found)


def test_a_locked_stage_and_a_passed_one_are_not_signed_whatever_the_reason() -> None:
    reason = "seen by me twice before"
    assert missing(ATHLETE, 0, Stage.WALL, override_reason=reason) == ["dowel.passed"]
    assert missing(ATHLETE + STRONG_SIGNED, 2, Stage.STRENGTHENING, override_reason=reason) == ["strengthening.open"]
    assert missing(ATHLETE + "d0 stop\n", 0, Stage.STRENGTHENING, override_reason=reason) == ["stop"]


def test_a_sign_off_that_is_taken_back_opens_the_stage_again() -> None:
    told = ATHLETE + WALL_SIGNED
    assert state(told + "d12 unsign wall\n", 12, Stage.WALL) is StageState.OPEN
    assert state(told + "d12 unsign wall\n", 12, Stage.RDL) is StageState.LOCKED
    assert state(told + "d12 unsign wall\n", 11, Stage.WALL) is StageState.PASSED


# --- falling back ---------------------------------------------------------------------------------------------------

FAILS = "d12 session rdl/rdl-dowel 2 fail control reps 8 x3\n"


def test_three_failed_checks_at_the_lowest_rung_lead_back_to_the_wall_and_say_why() -> None:
    told = ATHLETE + WALL_SIGNED + FAILS
    now = lived(told).progress(16)
    assert now.of(Stage.WALL).state is StageState.OPEN
    assert now.of(Stage.RDL).state is StageState.LOCKED
    assert now.of(Stage.WALL).fell_because == (
        "On 21 January we went back to this stage, because form was not kept in 3 checks in a row. What is shown from then on counts."
    )
    assert [one.id for one in can_sign(now, Stage.WALL)] == ["wall.touches", "wall.shape", "wall.stretch"]
    again = told + WALL.replace("d10", "d20").replace("d8", "d18") + "d20 sign wall\n"
    assert state(again, 20, Stage.RDL) is StageState.OPEN
    assert lived(again).progress(20).of(Stage.WALL).fell is None


def test_two_failed_checks_or_a_good_one_between_change_nothing() -> None:
    assert state(ATHLETE + WALL_SIGNED + FAILS.replace("x3", "x2"), 16, Stage.WALL) is StageState.PASSED
    between = FAILS.replace("x3", "x2") + "d16 session rdl/rdl-dowel 2 ok reps 8\nd18 check rdl/rdl-dowel fail control reps 8\n"
    assert state(ATHLETE + WALL_SIGNED + between, 18, Stage.WALL) is StageState.PASSED


def test_a_higher_rung_falls_to_the_one_below_and_is_earned_again() -> None:
    told = ATHLETE + WALL_SIGNED + RDL[: RDL.index("d12 session")] + "d13 session rdl/rdl-kb 2 sets 6 kg fail neutral reps 8 x3\n"
    assert slugs(lived(told), 17, Stage.RDL) == ["rdl-dowel"]
    assert state(told, 17, Stage.WALL) is StageState.PASSED
    assert "rdl-kb" in lived(told).progress(17).notes[0].text
    assert slugs(lived(told + "d19 session rdl/rdl-dowel 1 ok reps 8\n"), 19, Stage.RDL) == ["rdl-dowel"]
    assert slugs(lived(told + "d19 session rdl/rdl-dowel 2 ok reps 8\n"), 19, Stage.RDL) == ["rdl-kb"]


def without_kettlebell(life: Life, day: int) -> Progress:
    """Where she stands when her plan of the day has no kettlebell any more."""
    left = (replace(one, items=tuple(item for item in one.items if item.exercise != "rdl-kb")) for one in life.plan.stages)
    plan = replace(life.plan, stages=tuple(left))
    told = {"checks": life.checks, "loads": life.loads, "stops": life.stops}
    return progress(plan, life.events, life.sign_offs, life.screens, life.on(day), began=DAY0, **told)  # type: ignore[arg-type]  # as told


def bar_of(now: Progress) -> tuple[bool, str]:
    rung = next(one for one in now.of(Stage.RDL).rungs if one.exercise == "rdl-bb")
    return rung.is_open, " ".join(one.text for one in rung.waits)


BAR_TEXT = "The bar comes after 3 × 8 with 15 kg or more with the kettlebell, seen by a trainer."


def test_the_bar_never_opens_without_what_the_kettlebell_has_to_carry() -> None:
    told = ATHLETE + WALL_SIGNED + RDL[: RDL.index("d12 agreed")]
    assert bar_of(lived(told).progress(12)) == (False, BAR_TEXT)
    now = without_kettlebell(lived(told), 12)
    assert bar_of(now) == (False, f"{BAR_TEXT} This plan has no kettlebell: the bar waits until a plan has one again.")
    assert (now.rung_due(Stage.RDL), now.proposals) == ("rdl-dowel", ())


@pytest.mark.parametrize(("kg", "opens"), [("16", True), ("14.5", False)])
def test_what_the_kettlebell_of_an_earlier_plan_carried_opens_the_bar(kg: str, *, opens: bool) -> None:
    told = (ATHLETE + WALL_SIGNED + RDL + "d38 agreed rdl/rdl-kb 16\n").replace("rdl-kb 16", f"rdl-kb {kg}").replace("16 kg", f"{kg} kg")
    now = without_kettlebell(lived(told), 39)
    assert bar_of(now)[0] is opens
    assert [(one.exercise, one.at_most_kg) for one in now.proposals] == ([] if not opens else [("rdl-bb", 16.0)])


def test_after_an_answered_stop_and_after_a_fall_from_the_bar_the_kettlebell_carries_it_anew() -> None:
    told = ATHLETE + WALL_SIGNED + RDL
    again = told + "d39 stop\nd40 cleared\nd40 screen all\n" + WALL.replace("d10", "d43").replace("d8", "d41") + "d43 sign wall\n"
    again += "d44 session rdl/rdl-dowel 2 ok reps 8\n"
    assert bar_of(lived(again).progress(45)) == (False, BAR_TEXT)
    assert bar_of(without_kettlebell(lived(again), 45))[0] is False
    fell = (
        told
        + "d39 agreed rdl/rdl-bb 15\nd39 session rdl/rdl-bb 3 sets 15 kg fail neutral reps 8 x3\nd45 session rdl/rdl-dowel 2 ok reps 8\n"
    )
    assert bar_of(lived(fell).progress(46)) == (False, BAR_TEXT)
    assert bar_of(without_kettlebell(lived(fell), 46))[0] is False


@pytest.mark.parametrize(("exercise", "wall"), [("rdl-kb", StageState.PASSED), ("rdl-dowel", StageState.OPEN)])
def test_what_fell_as_a_rung_falls_as_no_stage_when_a_later_plan_has_it_no_more(exercise: str, wall: StageState) -> None:
    failed = "".join(f"d{day} session rdl/{exercise} 2 fail control reps 8\n" for day in (12, 14, 16))
    life = lived(ATHLETE + WALL_SIGNED + "d10 screen ASLR left 2, ASLR right 2\nd11 session rdl/rdl-dowel 2 ok reps 8\n" + failed)
    assert life.progress(17).of(Stage.WALL).state is wall
    now = without_kettlebell(life, 17)
    assert now.of(Stage.WALL).state is wall
    assert any("rdl-kb" in one.text for one in now.notes) is (exercise == "rdl-kb")


def test_nothing_falls_at_the_dowel() -> None:
    life = lived(ATHLETE + STRONG_SIGNED + "d4 check dowel/dowel-hinge fail order x3\n")
    assert life.progress(8).of(Stage.DOWEL).state is StageState.OPEN
    assert life.progress(8).of(Stage.STRENGTHENING).state is StageState.PASSED
    assert [one.is_old for one in life.progress(8).notes] == [False]
    life.take_screen(life.screen, life.on(9))
    assert [one.is_old for one in life.progress(9).notes] == [True]


def test_two_worse_mornings_in_a_row_lead_back_one_stage() -> None:
    bad = "d{0} session rdl/rdl-dowel 2 ok reps 8\nd{0} pain rdl/rdl-dowel 0\nd{0} morning 2\n"
    once = ATHLETE + WALL_SIGNED + bad.format(12)
    assert state(once, 13, Stage.WALL) is StageState.PASSED
    assert [one.item.dose.sets for one in due(lived(once), 14).stages[-1].items] == [1]
    now = lived(once + bad.format(14)).progress(15)
    assert now.of(Stage.WALL).state is StageState.OPEN
    assert "morning" in (now.of(Stage.WALL).fell_because or "")


def test_what_was_signed_before_a_stop_that_was_answered_the_same_day_is_shown_again_too() -> None:
    told = ATHLETE + DOWEL_SIGNED + WALL + "d10 sign wall\n"
    assert state(told, 10, Stage.RDL) is StageState.OPEN
    now = lived(told + "d10 stop\nd10 cleared\n").progress(10)
    assert now.of(Stage.WALL).state is StageState.OPEN
    assert now.of(Stage.WALL).fell is not None
    assert now.of(Stage.RDL).state is StageState.LOCKED
    assert now.of(Stage.DOWEL).state is StageState.PASSED


def test_a_load_that_was_confirmed_before_a_stop_that_was_answered_the_same_day_is_confirmed_no_longer() -> None:
    told = ATHLETE + WALL_SIGNED + RDL[: RDL.index("d12 morning")] + "d14 agreed rdl/rdl-kb 17\nd14 stop\nd14 cleared\n"
    now = lived(told + _moved(WALL, 8) + "d18 sign wall\nd19 session rdl/rdl-dowel 2 ok reps 8\n").progress(20)
    assert [(one.exercise, one.is_open, one.is_due) for one in now.of(Stage.RDL).rungs][:2] == [
        ("rdl-dowel", True, True),
        ("rdl-kb", True, False),
    ]
    assert now.loads == {}
    assert [(one.exercise, one.kind, one.at_most_kg) for one in now.proposals] == [("rdl-kb", "first", 6.0)]


def _moved(text: str, days: int) -> str:
    """The same some days later."""
    return re.sub(r"^d(\d+)", lambda found: f"d{int(found[1]) + days}", text, flags=re.MULTILINE)


def test_after_a_stop_that_was_answered_the_wall_is_shown_again() -> None:
    told = ATHLETE + RDL_SIGNED + "d40 stop\n"
    life = lived(told)
    assert {one.state for one in life.progress(41).stages} == {StageState.LOCKED}
    assert due(life, 41).nothing_due
    now = lived(told + "d50 cleared\n").progress(50)
    assert [now.of(stage).state for stage in (Stage.DOWEL, Stage.WALL, Stage.RDL)] == [
        StageState.PASSED,
        StageState.OPEN,
        StageState.LOCKED,
    ]
    assert now.of(Stage.WALL).fell is not None


def test_a_new_screen_alone_lets_nothing_fall() -> None:
    now = lived(ATHLETE + RDL_SIGNED + "d40 screen PLANK 10, AKE left 40\n").progress(40)
    assert now.of(Stage.STRENGTHENING).state is StageState.PASSED
    assert now.of(Stage.RDL).state is StageState.PASSED
    assert now.of(Stage.FLEXIBILITY).state is StageState.OPEN


# --- what stays due -------------------------------------------------------------------------------------------------


def test_two_strength_exercises_and_the_rdl_stay_due() -> None:
    life = lived(ATHLETE + RDL_SIGNED)
    parts = {part.stage: list(dict.fromkeys(one.item.exercise for one in part.items)) for part in due(life, 39).stages}
    assert parts[Stage.STRENGTHENING] == ["sl-bridge", "ham-curl"]
    assert Stage.RDL in parts
    assert Stage.WALL not in parts
    assert Stage.SINGLE_LEG in parts


def test_a_stretch_that_a_newer_screen_asks_for_is_due_in_a_passed_stage() -> None:
    told = SHORT + "d14 screen AKE left 22\nd14 sign flexibility\n"
    assert slugs(lived(told), 15, Stage.FLEXIBILITY) == []
    assert slugs(lived(told + "d20 screen AKE left 45\n"), 20, Stage.FLEXIBILITY) == ["ake-slide"]


def test_three_weeks_of_hardly_any_practice_leave_three_exercises_and_no_signing() -> None:
    told = ATHLETE + STRONG + "{ticks}"
    quiet = lived(told.format(ticks="d7 tick strengthening\nd14 tick strengthening\nd21 skip strengthening unwell\n"))
    now = quiet.progress(28)
    assert now.is_slack
    assert len({one.item.exercise for one in due(quiet, 28).items}) == 3
    assert [one.id for one in can_sign(now, Stage.STRENGTHENING)] == ["practice.missed"]
    assert can_sign(now, Stage.STRENGTHENING, override_reason="was away, and is fit as before") == ()
    excused = told.format(ticks="d7 tick strengthening\nd14 tick strengthening\nd21 skip strengthening unwell x2\n")
    assert not lived(excused).progress(28).is_slack
    assert not quiet.progress(27).is_slack


def test_what_hurts_rests_and_its_easier_version_comes() -> None:
    life = lived(ATHLETE + RDL_SIGNED + "d38 agreed rdl/rdl-kb 16\nd39 agreed rdl/rdl-bb 15\nd39 pain rdl/rdl-bb 4\n")
    assert slugs(life, 39, Stage.RDL) == ["rdl-kb"]
    one = next(one for one in due(life, 39).items if one.item.exercise == "rdl-kb")
    assert one.stands_for is not None
    assert one.stands_for.exercise == "rdl-bb"
    assert slugs(life, 40, Stage.RDL) == ["rdl-bb"]


def test_an_extra_set_goes_when_the_sides_are_even() -> None:
    life = lived(SHORT)
    assert [one.item.dose.sets for one in due(life, 0).stages[0].items] == [4]
    even = Screened(
        2, life.on(5), life.screens[0].person, tuple(replace(one, asymmetry=False, worse=None) for one in life.screens[0].findings)
    )
    made_on, plan = life.plans[0]
    now = progress(plan, (), (), [*life.screens, even], life.on(5), began=DAY0)
    assert [one.item.dose.sets for one in today(plan, made_on, (), life.on(5), progress=now).stages[0].items] == [3]


def test_the_confirmed_load_is_shown_and_the_week_on_paper_follows() -> None:
    life = lived(ATHLETE + WALL_SIGNED + RDL[: RDL.index("d12 session")])
    one = next(one for one in due(life, 12).items if one.item.exercise == "rdl-kb")
    assert (one.load_kg, one.item.dose.sets, one.item.dose.tempo) == (16, 2, "3-1-1-1")
    made_on, plan = life.plans[-1]
    printed = week(plan, made_on, life.on(7), life.progress(12))
    assert [part.stage for part in printed] == [Stage.STRENGTHENING, Stage.RDL]
    assert [one.item.exercise for one in printed[-1].items] == ["rdl-kb"]


# --- tests that are due ---------------------------------------------------------------------------------------------


def test_a_stage_that_lacks_only_a_measurement_asks_for_its_tests() -> None:
    told = SHORT + "d0 tick flexibility x6\n"
    assert due_tests(lived(told).progress(9)).get(Stage.FLEXIBILITY) is None
    assert due_tests(lived(told).progress(10))[Stage.FLEXIBILITY] == (("AKE", Side.LEFT),)
    assert due_tests(lived(told + "d14 screen AKE left 45\n").progress(14)).get(Stage.FLEXIBILITY) is None
    asked = ATHLETE + RDL_SIGNED + _changed(SINGLE, "SLH5 right 5", "SLH5 right 3")
    assert Stage.SINGLE_LEG not in due_tests(lived(asked[: asked.index("d46")]).progress(45))


# --- the fold -------------------------------------------------------------------------------------------------------


def test_a_day_is_walked_once_and_in_order() -> None:
    life = lived(ATHLETE + STRONG)
    found = days(life.events, checks=life.checks, screens=life.screens)
    track = replay(found, start(life.plan, DAY0))
    assert isinstance(track, Track)
    with pytest.raises(ValueError, match="is not after"):
        walk(track, found[-1])


def test_without_anything_it_says_what_the_new_plan_says() -> None:
    for text in (ATHLETE, WEAK, TIGHT, SHORT, HEAD.format(situation="rounds-the-back")):
        life = lived(text)
        now: Progress = life.progress(0)
        assert [one.state for one in now.standings] == [one.state for one in stage_states(life.plan)]
        assert [one.locked_because for one in now.standings] == [one.locked_because for one in stage_states(life.plan)]


def test_a_stopped_screen_has_no_stages() -> None:
    life = lived(HEAD.format(situation="strong-athlete"))
    empty = replace(life.plan, stages=())
    now = progress(empty, (), (), (), DAY0, began=DAY0, stops=[Stopped(DAY0, None)])
    assert now.stages == ()
    assert now.is_stopped


@pytest.mark.parametrize("from_practice", [False, True])
def test_an_answer_on_the_same_day_ends_no_other_stop(from_practice: bool) -> None:  # noqa: FBT001 - a case, not a call
    life = lived(ATHLETE)
    answered, waits = Stopped(DAY0, DAY0, from_practice=True), Stopped(DAY0, None, from_practice=from_practice)
    for stops in ((answered, waits), (waits, answered)):
        assert progress(life.plan, (), (), (), DAY0, began=DAY0, stops=stops).is_stopped


def test_who_signed_when_and_why_is_kept() -> None:
    life = lived(ATHLETE + 'd0 override strengthening "travels to a race, seen twice"\n')
    one = life.progress(0).of(Stage.STRENGTHENING)
    assert (one.passed_on, one.passed_by, one.override_reason) == (DAY0, "Tess", "travels to a race, seen twice")
    assert isinstance(life.sign_offs[0], SignOff)
