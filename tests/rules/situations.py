"""People as a trainer might meet them, each with what the screen found; their plans, worked out by hand, stand in `golden/`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias

from app.rules.documents import Clearance, ExtraValue, History, Injury, Measurement, Person, Screen
from app.rules.vocabulary import Region, Sex, Side

TAKEN_ON: Final = date(2026, 11, 22)

READINESS: Final = (
    "heart_condition_or_high_blood_pressure",
    "chest_pain_at_rest_or_activity",
    "dizziness_balance_loss_or_blackout_12_months",
    "other_chronic_condition",
    "medication_for_chronic_condition",
    "bone_joint_soft_tissue_problem_now_or_12_months_that_activity_could_worsen",
    "told_only_medically_supervised_activity",
)


@dataclass(frozen=True, slots=True)
class Situation:
    """One person on one day: a title, a sentence about her, the screen, and what a professional answered."""

    title: str
    story: str
    screen: Screen
    clearances: tuple[Clearance, ...] = ()


@dataclass(frozen=True, slots=True)
class Noted:
    """One side of one test as the trainer wrote it down."""

    value: float | None = None
    pain: int = 0
    extra: Mapping[str, ExtraValue] | None = None


Shown: TypeAlias = float | Noted
Result: TypeAlias = Shown | tuple[Shown, Shown]
"""One value for a test of both sides at once, or a pair: left, right."""


def noted(value: float | None = None, **extra: ExtraValue) -> Noted:
    return Noted(value=value, extra=extra)


def hurts(value: float, pain: int) -> Noted:
    return Noted(value=value, pain=pain)


def hinge(*failed: str) -> Noted:
    return noted(8 - len(failed), failed=failed)


def person(age: int, sex: Sex) -> Person:
    return Person(age=age, sex=sex)


ORDINARY: Final[Mapping[str, Result]] = {
    "MTT_HIP": (-8, -8),
    "MTT_KNEE": (85, 85),
    "AKE": (12, 12),
    "FIG4": (12, 12),
    "ADD": (45, 45),
    "APT": noted(visual="neutral"),
    "PLANK": 50,
    "DLBRIDGE": 18,
    "STEPDOWN": (1, 1),
    "SLS": (45, 45),
    "DOWEL3": noted(75, lost_contact="none"),
    "HINGE8": hinge(),
}
"""The minimum screen of somebody under 60 to whom no row applies but those that always do: all grade 0, the plank grade 1."""

ALWAYS_NOTED: Final[Mapping[str, Mapping[str, ExtraValue]]] = {"MTT_HIP": {"low_back_flat": True}}


def _measured(test: str, side: Side, shown: Shown) -> Measurement:
    one = shown if isinstance(shown, Noted) else Noted(value=shown)
    extra = {**ALWAYS_NOTED.get(test, {}), **(one.extra or {})} or None
    return Measurement(test=test, side=side, value=None if one.value is None else float(one.value), pain=one.pain, extra=extra)


def _measurements(results: Mapping[str, Result]) -> tuple[Measurement, ...]:
    measurements: list[Measurement] = []
    for test, result in results.items():
        if isinstance(result, tuple):
            left, right = result
            measurements += [_measured(test, Side.LEFT, left), _measured(test, Side.RIGHT, right)]
        else:
            measurements.append(_measured(test, Side.BOTH, result))
    return tuple(measurements)


def screen(
    who: Person,
    *,
    yes: tuple[str, ...] = (),
    red_flags: tuple[str, ...] = (),
    pain_now: int = 0,
    pain_where: tuple[Region, ...] = (),
    sitting_hours: float = 5,
    pregnant: bool = False,
    osteoporosis: bool = False,
    injuries: tuple[Injury, ...] = (),
    contraindications: tuple[str, ...] = (),
    **peculiar: Result,
) -> Screen:
    """A whole minimum screen of `who`: ordinary but for what is said; further tests are added after the minimum."""
    return Screen(
        taken_on=TAKEN_ON,
        person=who,
        readiness={question: question in yes for question in READINESS},
        red_flags=red_flags,
        history=History(
            pain_now=pain_now,
            pain_where=pain_where,
            sitting_hours=float(sitting_hours),
            pregnant=pregnant,
            osteoporosis=osteoporosis,
            injuries=injuries,
            contraindications=contraindications,
        ),
        measurements=_measurements({**ORDINARY, **peculiar}),
    )


def cleared(*answers: str, allowed: tuple[str, ...] = ()) -> Clearance:
    return Clearance(cleared_on=TAKEN_ON, answers=answers, allowed=allowed, same_screen=True)


WOMAN: Final = person(34, Sex.FEMALE)
MAN: Final = person(29, Sex.MALE)

SITUATIONS: Final[dict[str, Situation]] = {
    # --- stops ----------------------------------------------------------------------------------------------------
    "emergency-red-flag": Situation(
        "Emergency red flag",
        "Has new numbness between the legs.",
        screen(WOMAN, red_flags=("RF1",)),
    ),
    "urgent-red-flag": Situation(
        "Urgent red flag",
        "Has had a fever with the back pain.",
        screen(WOMAN, red_flags=("RF8",)),
    ),
    "operated-not-yet-cleared": Situation(
        "Operated, not yet cleared",
        "Had a knee operation five months ago and nobody has cleared her.",
        screen(WOMAN, red_flags=("RF13",)),
    ),
    "heart-medicine": Situation(
        "Heart medicine",
        "Takes medicine for a long-standing condition.",
        screen(MAN, yes=("medication_for_chronic_condition",)),
    ),
    "painful-test": Situation(
        "Painful test",
        "The left knee straightening hurts.",
        screen(WOMAN, AKE=(hurts(24, 4), 12)),
    ),
    "resting-pain": Situation(
        "Pain at rest",
        "The low back hurts 5 out of 10 while sitting still.",
        screen(MAN, pain_now=5, pain_where=(Region.BACK,)),
    ),
    "severe-hip-flexors": Situation(
        "Severely tight hip flexors",
        "The left thigh hangs 24 degrees above the table.",
        screen(MAN, MTT_HIP=(24, 15)),
    ),
    # --- cleared --------------------------------------------------------------------------------------------------
    "severe-hip-flexors-cleared": Situation(
        "Severely tight hip flexors, cleared",
        "A physical therapist has seen the left hip at 24 degrees and lets him train.",
        screen(MAN, MTT_HIP=(24, 15)),
        (cleared("P5.MTT_HIP.left"),),
    ),
    "osteoporosis-cleared-without-loading": Situation(
        "Osteoporosis, cleared, no loaded hinge",
        "Her doctor lets her train and says nothing about a loaded hinge.",
        screen(person(58, Sex.FEMALE), osteoporosis=True),
        (cleared("RF15"),),
    ),
    "osteoporosis-cleared-to-load": Situation(
        "Osteoporosis, cleared to load",
        "Her doctor allows a loaded hinge.",
        screen(person(58, Sex.FEMALE), osteoporosis=True),
        (cleared("RF15", allowed=("loaded_hinge",)),),
    ),
    "pregnant-and-cleared": Situation(
        "Pregnant and cleared",
        "Expecting, cleared without any limit lifted, both hip flexors a little tight.",
        screen(person(31, Sex.FEMALE), pregnant=True, MTT_HIP=(6, 6)),
        (cleared("RF16"),),
    ),
    # --- tight ----------------------------------------------------------------------------------------------------
    "desk-worker-with-a-tilt": Situation(
        "Desk worker with a tilt",
        "Sits nine hours a day, tilts forward, left hip flexors tight.",
        screen(WOMAN, sitting_hours=9, APT=noted(18, visual="anterior"), MTT_HIP=(6, 0)),
    ),
    "tilt-and-nothing-else": Situation(
        "Tilt and nothing else",
        "Tilts forward, nothing is tight, does not sit long.",
        screen(WOMAN, APT=noted(18, visual="anterior")),
    ),
    "long-sitter-nothing-tight": Situation(
        "Long sitter, nothing tight",
        "Sits nine hours a day and is still loose.",
        screen(person(45, Sex.MALE), sitting_hours=9),
    ),
    "everything-tight": Situation(
        "Everything tight",
        "Sits nine hours a day, tilts forward, moderately tight wherever one looks, on both sides alike.",
        screen(
            person(38, Sex.FEMALE),
            sitting_hours=9,
            MTT_HIP=(15, 15),
            MTT_KNEE=(60, 60),
            AKE=(40, 40),
            FIG4=(20, 20),
            ADD=(25, 25),
            APT=noted(18, visual="anterior"),
            ELY=(noted(18, pelvis_lifts=False), noted(18, pelvis_lifts=False)),
            OBER=(10, 10),
            MTT_ABD=(25, 25),
            PSLR=(60, 60),
            ASLR=(2, 2),
            HIP_IR=(17, 17),
            WBLT=(5, 5),
        ),
    ),
    "runner-with-tight-front-thighs": Situation(
        "Runner with tight front thighs",
        "Both quadriceps are a little tight, the left more, and the pelvis lifts late on the left.",
        screen(
            MAN,
            MTT_KNEE=(70, 75),
            ELY=(noted(1, pelvis_lifts=True, knee_angle_at_lift_deg=110), noted(1, pelvis_lifts=False)),
        ),
    ),
    "tight-outer-thighs": Situation(
        "Tight outer thighs",
        "Both legs sink only 18 degrees in the Ober test.",
        screen(WOMAN, OBER=(18, 18)),
    ),
    "stiff-deep-rotators": Situation(
        "Stiff deep rotators",
        "Both hips turn in little, the left least; nothing else is stiff.",
        screen(WOMAN, HIP_IR=(18, 25)),
    ),
    "one-sided-hamstring": Situation(
        "One-sided hamstring",
        "The left hamstrings are a little short, the right ones are not.",
        screen(MAN, AKE=(30, 12)),
    ),
    "right-hamstring-shorter": Situation(
        "Right hamstring shorter",
        "Both hamstrings are a little short, the right ones clearly more than the left.",
        screen(MAN, AKE=(22, 33)),
    ),
    "old-injury-two-short-tests": Situation(
        "Old injury, two short tests",
        "Strained the left hamstring two years ago; both hamstring tests are moderately short on that side.",
        screen(
            MAN,
            injuries=(Injury("hamstring strain", Region.THIGH, Side.LEFT, 2024, cleared=True),),
            AKE=(40, 33),
            PSLR=(66, 72),
        ),
    ),
    "cannot-kneel": Situation(
        "Cannot kneel",
        "Kneeling hurts even on a pad; hip flexors and adductors a little tight, the dowel leaves the back early.",
        screen(
            WOMAN,
            contraindications=("knee_kneeling_pain",),
            MTT_HIP=(6, 6),
            ADD=(35, 35),
            DOWEL3=noted(45, lost_contact="thoracic"),
        ),
    ),
    "minimum-only": Situation(
        "Minimum only",
        "Nothing but the minimum was tested; the hamstrings are just short by the stricter norm.",
        screen(person(52, Sex.UNSPECIFIED), AKE=(23, 22), DOWEL3=noted(65, lost_contact="head")),
    ),
    # --- strong and weak ------------------------------------------------------------------------------------------
    "hypermobile-dancer": Situation(
        "Hypermobile dancer",
        "Everything moves far and holds long; there is nothing to release.",
        screen(
            person(24, Sex.FEMALE),
            MTT_HIP=(-25, -25),
            MTT_KNEE=(120, 120),
            AKE=(0, 0),
            FIG4=(5, 5),
            ADD=(70, 70),
            PLANK=100,
            STEPDOWN=(0, 0),
            DOWEL3=noted(100, lost_contact="none"),
        ),
    ),
    "strong-athlete": Situation(
        "Strong athlete",
        "Did every optional test and met every reference.",
        screen(
            person(26, Sex.MALE),
            AKE=(10, 10),
            PLANK=130,
            DLBRIDGE=25,
            STEPDOWN=(0, 0),
            ELY=(noted(1, pelvis_lifts=False), noted(1, pelvis_lifts=False)),
            OBER=(26, 26),
            MTT_ABD=(10, 10),
            PSLR=(90, 90),
            ASLR=(3, 3),
            HIP_IR=(38, 38),
            SIDEPLANK=(80, 80),
            SLBRIDGE=(57, 60),
            HAMCURL=15,
            SLHB=(28, 28),
            WBLT=(12, 12),
            SLH5=(noted(8, square=True, rear_leg_in_line=True), noted(8, square=True, rear_leg_in_line=True)),
        ),
    ),
    "weak-everything": Situation(
        "Weak everything",
        "Loose but weak: bridge, curl, step-down, plank and balance are all far below the reference.",
        screen(person(55, Sex.FEMALE), PLANK=15, DLBRIDGE=6, HAMCURL=5, STEPDOWN=(5, 4), SLS=(8, 9)),
    ),
    "weak-bridge-strong-one-leg": Situation(
        "Weak bridge, strong on one leg",
        "Repeats only eight two-leg bridges, yet holds the single-leg bridge for 40 seconds.",
        screen(WOMAN, DLBRIDGE=8, SLBRIDGE=(40, 40)),
    ),
    "poor-step-down": Situation(
        "Poor step-down",
        "Wobbles off the step, the left more; balances well.",
        screen(WOMAN, STEPDOWN=(4, 3)),
    ),
    "side-plank-asymmetry": Situation(
        "Side plank asymmetry",
        "Both side planks are long enough, the right one is clearly shorter.",
        screen(WOMAN, SIDEPLANK=(60, 50)),
    ),
    "sore-knee": Situation(
        "Sore knee",
        "The knee aches 3 out of 10; nothing else was found.",
        screen(MAN, pain_now=3, pain_where=(Region.KNEE,)),
    ),
    # --- balance --------------------------------------------------------------------------------------------------
    "seventy-year-old-with-poor-balance": Situation(
        "Seventy-year-old with poor balance",
        "Stands eight seconds on the left leg; hip flexors a little tight, step-downs a little unsteady.",
        screen(
            person(70, Sex.FEMALE),
            MTT_HIP=(5, 5),
            PLANK=30,
            DLBRIDGE=12,
            STEPDOWN=(3, 2),
            SLS=(8, 14),
            DOWEL3=noted(60, lost_contact="thoracic"),
        ),
    ),
    "one-leg-cannot-balance": Situation(
        "One leg cannot balance",
        "Stands nine seconds on the left leg and eighteen on the right.",
        screen(person(46, Sex.MALE), SLS=(9, 18)),
    ),
    # --- the pattern ----------------------------------------------------------------------------------------------
    "squatter": Situation(
        "Squatter",
        "Turns the hinge into a squat, leans back at the top, shins travel, stiff ankles, loses the dowel at once.",
        screen(
            MAN,
            DOWEL3=noted(25, lost_contact="tailbone"),
            HINGE8=hinge("shin", "order", "lockout"),
            WBLT=(6, 8),
        ),
    ),
    "rounds-the-back": Situation(
        "Rounds the back",
        "Loses the dowel at 40 degrees and rounds in the hinge.",
        screen(WOMAN, DOWEL3=noted(40, lost_contact="thoracic"), HINGE8=hinge("neutral_spine")),
    ),
    "leg-raise-score-one": Situation(
        "Leg raise, score one",
        "Raises the left leg only to below the other knee; nothing else was found.",
        screen(WOMAN, ASLR=(1, 2)),
    ),
}
