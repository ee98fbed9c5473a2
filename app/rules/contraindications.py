"""THE KEYS: what takes an exercise out of a plan, how each key comes to hold, and what an answer from a professional does to it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.rules.documents import Clearance
from app.rules.vocabulary import Origin, Side, Stage


@dataclass(frozen=True, slots=True)
class Key:
    """One contraindication: `label` for the tick list, `when` and `effect` for the trainer, `because` for the client.

    `asked` is false where the key follows from other answers only; `implies` is the red flag that a tick counts as; `cue` is
    said at the drills of `cue_stages` as long as the key holds.
    """

    id: str
    label: str
    when: str
    effect: str
    because: str
    source: str
    origin: Origin = Origin.JUDGEMENT
    asked: bool = True
    implies: str | None = None
    cue: str = ""
    cue_stages: tuple[Stage, ...] = ()


_TABLE: Final[tuple[Key, ...]] = (
    Key(
        "nerve_symptoms",
        "Tingling, numbness or pain below the knee",
        when="numbness or tingling down a leg, or any pain below the knee",
        effect="exercise goes; refer",
        because="Because of tingling, numbness or pain running down the leg.",
        source="AHCPR red-flag table; ours",
        origin=Origin.SOURCE_JUDGEMENT,
        implies="RF5",
    ),
    Key(
        "smr_block",
        "Open wound, fracture, clot, inflammation, blood thinners, numb or diseased skin",
        when="open wound or fracture; or inflammation, suspected clot, bone infection, calcified muscle injury, blood thinners, "
        "skin disease, numb skin, cancer site",
        effect="no rolling; for all but wound and fracture until a professional has answered",
        because="Because rolling is not for you at the moment.",
        source="Bartsch 2021; that cautions count as removal is ours",
        origin=Origin.SOURCE_JUDGEMENT,
    ),
    Key(
        "pregnancy",
        "Pregnant, or birth in the last 6 months",
        when="pregnant, or gave birth in the last 6 months",
        effect="exercise goes",
        because="Because you are pregnant or gave birth not long ago.",
        source="ours",
        asked=False,
        implies="RF16",
    ),
    Key(
        "pregnancy_supine",
        "Pregnant: no lying on the back",
        when="pregnant; weeks are not asked, so it holds until a professional lifts it",
        effect="lying on the back is replaced",
        because="Because lying on the back is left out in pregnancy.",
        source="summary of ACOG 2002",
        origin=Origin.SOURCE,
        asked=False,
        implies="RF16",
    ),
    Key(
        "pregnancy_late",
        "Late pregnancy",
        when="pregnant; weeks are not asked, so it holds until a professional lifts it",
        effect="exercise goes or its easier version comes",
        because="Because this is left out late in pregnancy.",
        source="ours",
        asked=False,
        implies="RF16",
    ),
    Key(
        "osteoporosis_loaded",
        "Osteoporosis: no load",
        when="osteoporosis, or a bone broken by a small fall",
        effect="clearance first; hinging without load stays, no load and no end-range bending or twisting of the spine",
        because="Because of fragile bones: no load until a professional allows it.",
        source="Osteoporosis Canada, Too Fit to Fracture",
        origin=Origin.SOURCE,
        asked=False,
        implies="RF15",
    ),
    Key(
        "balance_risk",
        "Dizzy or unsteady",
        when="single-leg stance grade 2 or more on either side, or dizziness",
        effect="supported version; wall drills stay, with a hand near a rail",
        because="Because standing steadily comes first.",
        source="ours",
        cue="Keep a hand near a rail.",
        cue_stages=(Stage.WALL,),
    ),
    Key(
        "balance_risk_severe",
        "Very unsteady on one leg",
        when="single-leg stance grade 3 on that side",
        effect="exercise goes until the grade is 1 or less",
        because="Because standing on this leg is not steady enough yet.",
        source="ours",
        asked=False,
    ),
    Key(
        "back_pain_extension",
        "Low-back pain on bending back",
        when="low-back pain on bending back",
        effect="exercise goes",
        because="Because bending back hurts your low back.",
        source="pages on the cobra stretch",
        origin=Origin.SOURCE,
    ),
    Key(
        "spondylolisthesis",
        "Told of a slipped vertebra (spondylolisthesis)",
        when="told so",
        effect="clearance first",
        because="Because of what you were told about a vertebra.",
        source="PAR-Q+",
        origin=Origin.SOURCE,
        implies="RF14",
    ),
    Key(
        "hip_replacement",
        "Hip replacement",
        when="told so",
        effect="clearance first; the surgeon's limits rule",
        because="Because of your hip replacement.",
        source="ours",
        implies="RF14",
    ),
    Key(
        "hip_groin_pinch",
        "Pinch in the groin or hip with bending",
        when="red flag RF17, or a pinch during the exercise",
        effect="exercise goes; refer if it lasts two sessions",
        because="Because of a pinch in the groin with bending.",
        source="ours",
    ),
    Key(
        "acute_hamstring_strain",
        "Sudden pull at the back of the thigh, last 6 weeks",
        when="sudden pull within 6 weeks, or pain on resisted bend",
        effect="exercise goes; refer",
        because="Because of a recent pull at the back of the thigh.",
        source="ours",
    ),
    Key(
        "acute_hip_flexor_strain",
        "Sudden pull at the front of the hip, last 6 weeks",
        when="sudden pull within 6 weeks",
        effect="exercise goes; refer",
        because="Because of a recent pull at the front of the hip.",
        source="ours",
    ),
    Key(
        "knee_kneeling_pain",
        "Kneeling hurts, even on a pad",
        when="pain kneeling on a pad",
        effect="a version without kneeling",
        because="Because kneeling hurts.",
        source="ours",
    ),
    Key(
        "knee_surgery",
        "Knee operation in the last 12 months, or limits since one",
        when="knee operation within 12 months, or told limits",
        effect="clearance first",
        because="Because of your knee operation.",
        source="PAR-Q+; ours",
        origin=Origin.SOURCE_JUDGEMENT,
        implies="RF13",
    ),
    Key(
        "knee_acute_pain",
        "Knee pain of 3 or more out of 10",
        when="knee pain of 3/10 or more",
        effect="a lower step, then none",
        because="Because your knee hurts at the moment.",
        source="ours",
    ),
    Key(
        "lateral_knee_pain",
        "Pain on the outside of the knee",
        when="outer knee pain",
        effect="no IT band rolling; front and side of the hip stay",
        because="Because the outside of your knee hurts.",
        source="House of Physical Therapy page",
        origin=Origin.SOURCE,
    ),
    Key(
        "trochanter_pain",
        "Outer hip bone tender to lie on",
        when="outer hip bone tender to lie on",
        effect="no pressure there",
        because="Because the outer hip bone is tender.",
        source="ours",
    ),
    Key(
        "pubic_symphysis_pain",
        "Pain at the front of the pelvis",
        when="pain at the front of the pelvis",
        effect="wide-leg work goes; refer",
        because="Because the front of the pelvis hurts.",
        source="ours",
    ),
    Key(
        "recent_abdominal_surgery",
        "Belly operation in the last 12 months, caesarean included",
        when="within 12 months, caesarean included",
        effect="clearance first",
        because="Because of your belly operation.",
        source="ours",
        implies="RF13",
    ),
    Key(
        "hernia",
        "Hernia",
        when="told so",
        effect="clearance first; no pressure near groin or belly",
        because="Because of a hernia: no pressure near groin or belly.",
        source="ours",
        implies="RF14",
    ),
    Key(
        "aortic_or_vascular",
        "Aneurysm or vascular disease",
        when="aneurysm or vascular disease",
        effect="no pressure on the front of the hip",
        because="Because of the blood vessels at the front of the hip.",
        source="ours",
    ),
    Key(
        "vein_problem",
        "Varicose veins or a past clot in a leg",
        when="varicose veins or clot history on that leg",
        effect="no rolling there until cleared",
        because="Because of the veins of the leg.",
        source="Bartsch 2021; ours",
        origin=Origin.SOURCE_JUDGEMENT,
    ),
    Key(
        "diastasis",
        "Belly domes after birth",
        when="belly doming after birth",
        effect="exercise goes; refer to a pelvic health professional",
        because="Because the belly domes after birth.",
        source="ours",
    ),
    Key(
        "shoulder_pain",
        "Shoulder pain when leaning on or lifting the arm",
        when="shoulder pain in the position",
        effect="another arm position or an easier version",
        because="Because your shoulder hurts in this position.",
        source="ours",
    ),
    Key(
        "wrist_pain",
        "Wrist pain on all fours",
        when="wrist pain on all fours",
        effect="fists or forearms, or left out",
        because="Because your wrist hurts on all fours.",
        source="ours",
    ),
)

KEYS: Final[Mapping[str, Key]] = {key.id: key for key in _TABLE}
"""Every contraindication key by its id, in the order of the tick list."""

PAINFUL: Final = Key(
    "painful",
    "It hurt in two sessions",
    when="3 of 10 or more with the same exercise in two sessions in a row",
    effect="exercise goes or its easier version comes",
    because="Because it hurt in two sessions.",
    source="ours",
    asked=False,
)
"""What takes out an exercise that hurt: it follows from practice, and no exercise names it."""


def label_of(key: str) -> str:
    """What a key is called; a key that there is no longer stands for itself."""
    if key == PAINFUL.id:
        return PAINFUL.label
    return KEYS[key].label if key in KEYS else key


LOADED_HINGE: Final = "loaded_hinge"
"""What a clearance allows beside the keys: it lifts `osteoporosis_loaded`."""

SETS_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "RF5": ("nerve_symptoms",),
    "RF15": ("osteoporosis_loaded",),
    "RF16": ("pregnancy", "pregnancy_supine", "pregnancy_late"),
    "RF17": ("hip_groin_pinch",),
    "dizziness_balance_loss_or_blackout_12_months": ("balance_risk",),
}
"""Keys that a red flag (or the readiness answer about dizziness) sets in a plan made after clearance. The last line is judgement."""

VALID_MONTHS: Final = 12
"""How long a clearance answers the readiness questions and flags of later screens (known, not read)."""


@dataclass(frozen=True, slots=True)
class InForce:
    """A key that holds, for the whole person (`both`) or for one side."""

    key: str
    side: Side
    because: str

    def hits(self, side: Side) -> bool:
        """Whether it touches an item on `side`: one for both sides is touched by either."""
        return self.side in (Side.BOTH, side) or side is Side.BOTH


def still_valid(clearance: Clearance, on: date) -> bool:
    """Whether an answer still counts for a screen taken on that day: its own screen's for ever, else for twelve months."""
    if clearance.same_screen:
        return True
    given = clearance.cleared_on
    last = (given.year + (given.month - 1 + VALID_MONTHS) // 12, (given.month - 1 + VALID_MONTHS) % 12 + 1, given.day)
    return (on.year, on.month, on.day) <= last


def in_force(
    *, lasting: Iterable[str], measured: Iterable[tuple[str, Side]], clearances: Iterable[Clearance], on: date
) -> tuple[InForce, ...]:
    """The keys that hold, in the order of the table.

    `lasting` are keys of flags and history, `measured` those that this screen's own numbers set. A clearance's `not_allowed`
    adds a key and its `allowed` lifts one; of two answers the later holds, and within one `not_allowed` does. What this screen
    measured is lifted only by a clearance for this very screen (judgement).
    """
    word: dict[str, tuple[bool, bool]] = {}
    answers = sorted(
        (one for one in clearances if still_valid(one, on)),
        key=lambda one: (one.cleared_on, one.same_screen, one.allowed, one.not_allowed),
    )
    for answer in answers:
        for key in answer.allowed:
            word["osteoporosis_loaded" if key == LOADED_HINGE else key] = (True, answer.same_screen)
        for key in answer.not_allowed:
            word[key] = (False, answer.same_screen)
    held: dict[str, set[Side]] = {}
    for key in lasting:
        if not word.get(key, (False, False))[0]:
            held.setdefault(key, set()).add(Side.BOTH)
    for key, side in measured:
        if word.get(key) != (True, True):
            held.setdefault(key, set()).add(side)
    for key, (allowed, _) in word.items():
        if not allowed:
            held.setdefault(key, set()).add(Side.BOTH)
    return tuple(
        InForce(key.id, side, key.because)
        for key in _TABLE
        if key.id in held
        for side in ((Side.BOTH,) if Side.BOTH in held[key.id] else (Side.LEFT, Side.RIGHT))
        if side in held[key.id]
    )
