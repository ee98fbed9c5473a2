"""The questions before any test, the red flags, and the pipeline that turns answers, pain and findings into a status with its reasons."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from app.rules.contraindications import KEYS, SETS_KEYS, InForce, in_force, still_valid
from app.rules.documents import Assessment, Clearance, Finding, Reason, Screen
from app.rules.findings import Graded, findings, graded, where
from app.rules.vocabulary import Level, Origin, Region, Side, Status


@dataclass(frozen=True, slots=True)
class Question:
    """One of the seven readiness questions: how it is asked, and what a yes says."""

    id: str
    ask: str
    yes: str


@dataclass(frozen=True, slots=True)
class RedFlag:
    """One red flag in plain words, and how pressing it is."""

    id: str
    level: Level
    text: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class TalkField:
    """One thing that the talk asks for: a field of the screen's history and how it is asked."""

    field: str
    ask: str
    kind: Literal["scale", "places", "number", "yes_no", "injuries", "keys"]
    range: tuple[float, float] | None = None
    unit: str = ""
    hint: str = ""
    bands: tuple[tuple[str, str], ...] = ()


READINESS: Final[tuple[Question, ...]] = (
    Question(
        "heart_condition_or_high_blood_pressure",
        "Do you know of a heart condition, or of high blood pressure?",
        "A heart condition or high blood pressure",
    ),
    Question("chest_pain_at_rest_or_activity", "Do you ever feel pain in the chest, resting or moving?", "Pain in the chest"),
    Question(
        "dizziness_balance_loss_or_blackout_12_months",
        "In the last 12 months, were you so dizzy that you lost your balance, or did you pass out?",
        "Dizziness with loss of balance, or passing out, in the last 12 months",
    ),
    Question("other_chronic_condition", "Do you live with any other lasting illness?", "Another lasting illness"),
    Question(
        "medication_for_chronic_condition", "Do you take prescribed medicine for a lasting illness?", "Medicine for a lasting illness"
    ),
    Question(
        "bone_joint_soft_tissue_problem_now_or_12_months_that_activity_could_worsen",
        "Is there, or was there in the last 12 months, a problem of bone, joint, muscle or tendon that more movement could make worse?",
        "A problem of bone, joint, muscle or tendon that more movement could make worse",
    ),
    Question(
        "told_only_medically_supervised_activity",
        "Were you told to be active only under medical supervision?",
        "Told to be active only under medical supervision",
    ),
)
"""The seven questions in our own words; any yes needs an answer from a professional first (source: PAR-Q+, its meaning only)."""

RED_FLAGS: Final[tuple[RedFlag, ...]] = (
    RedFlag("RF1", Level.EMERGENCY, "New numbness between the legs, around the genitals or the back passage", Origin.SOURCE_JUDGEMENT),
    RedFlag("RF2", Level.EMERGENCY, "New trouble passing or holding urine, or holding stool", Origin.SOURCE_JUDGEMENT),
    RedFlag("RF3", Level.EMERGENCY, "New, severe or growing weakness in one or both legs, or a foot that drops", Origin.SOURCE_JUDGEMENT),
    RedFlag(
        "RF4",
        Level.EMERGENCY,
        "Chest pain, collapse, severe breathlessness or a sudden severe headache with exercise",
        Origin.SOURCE_JUDGEMENT,
    ),
    RedFlag("RF5", Level.URGENT, "Numbness or tingling down a leg, or pain below the knee when the leg is raised", Origin.SOURCE_JUDGEMENT),
    RedFlag("RF6", Level.URGENT, "Severe pain at night, or pain that is worse lying down", Origin.SOURCE_JUDGEMENT),
    RedFlag("RF7", Level.URGENT, "Losing weight without a reason", Origin.SOURCE_JUDGEMENT),
    RedFlag("RF8", Level.URGENT, "Fever, chills or a recent infection together with back or hip pain", Origin.SOURCE_JUDGEMENT),
    RedFlag("RF9", Level.URGENT, "Cancer in the past and new bone, back or hip pain", Origin.SOURCE_JUDGEMENT),
    RedFlag("RF10", Level.URGENT, "A bad fall or accident; or a small one at an older age or with fragile bones", Origin.SOURCE_JUDGEMENT),
    RedFlag("RF11", Level.URGENT, "Long use of steroids, or weakened immunity, with back pain", Origin.SOURCE_JUDGEMENT),
    RedFlag("RF12", Level.URGENT, "A hot, swollen, red calf or joint; a suspected clot", Origin.SOURCE_JUDGEMENT),
    RedFlag(
        "RF13", Level.CLEARANCE, "An operation on back, hip, knee or belly in the last 12 months, not yet cleared", Origin.SOURCE_JUDGEMENT
    ),
    RedFlag(
        "RF14",
        Level.CLEARANCE,
        "A known change of structure: joint replacement, slipped vertebra, scoliosis or leg-length difference with symptoms, hip "
        "dysplasia, labral tear",
        Origin.ARTICLE_JUDGEMENT,
    ),
    RedFlag("RF15", Level.CLEARANCE, "Osteoporosis, or a bone broken by a small fall", Origin.SOURCE_JUDGEMENT),
    RedFlag("RF16", Level.CLEARANCE, "Pregnant, or in the first 6 months after birth", Origin.SOURCE_JUDGEMENT),
    RedFlag("RF17", Level.CLEARANCE, "A pinch in the groin, or the hip locks, with bending", Origin.JUDGEMENT),
    RedFlag("RF18", Level.CLEARANCE, "Pain for more than 6 weeks, or getting worse", Origin.JUDGEMENT),
    RedFlag("RF19", Level.CLEARANCE, "New back pain that first came under 20 or over 50 years of age", Origin.SOURCE_JUDGEMENT),
)
"""Reasons to hand over, not diagnoses (source: AHCPR table, IFOMPT framework, PAR-Q+; levels and wording ours)."""

TALK: Final[tuple[TalkField, ...]] = (
    TalkField("pain_now", "Pain right now", "scale", range=(0, 10), hint="0 is none, 10 the worst there is"),
    TalkField("pain_where", "Where it hurts", "places"),
    TalkField(
        "sitting_hours",
        "Hours sitting on a usual day",
        "number",
        range=(0, 24),
        unit="h",
        bands=(("low", "under 4"), ("mid", "4 to 7"), ("high", "over 7")),
    ),
    TalkField("pregnant", "Pregnant, or gave birth in the last 6 months", "yes_no"),
    TalkField("osteoporosis", "Told of osteoporosis, or broke a bone in a small fall", "yes_no"),
    TalkField(
        "injuries",
        "Past injuries and operations of back, hip, knee, thigh or groin",
        "injuries",
        hint="What, which side, which year, cleared or not. No names of illnesses of others. Repeated work or sport positions go "
        "into the note.",
    ),
    TalkField("contraindications", "What else to leave out", "keys"),
    TalkField("hard_bony_stop", "A movement ends in a hard, bony stop", "yes_no"),
    TalkField("suspected_structural", "The cause looks structural to me", "yes_no"),
)
"""What the talk asks beside readiness and red flags; each field is one of the screen's history."""

SITS_LONG_ABOVE_H: Final = 7
"""Sitting band `high`, hours a day (source: Boukabache 2021)."""

RESTING_PAIN_STOPS_FROM: Final = 4
"""Resting pain of 10 that stops a screen (judgement)."""

PAIN_PLACES: Final = (Region.BACK, Region.HIP, Region.GROIN, Region.KNEE, Region.THIGH)
"""Where resting pain counts."""

KNEE_PAIN_FROM: Final = 3
"""Knee pain of 10 that sets `knee_acute_pain` (judgement)."""

_FLAG: Final[Mapping[str, RedFlag]] = {flag.id: flag for flag in RED_FLAGS}
_STATUS: Final[Mapping[Level, Status]] = {
    Level.EMERGENCY: Status.EMERGENCY,
    Level.URGENT: Status.URGENT_REFER,
    Level.CLEARANCE: Status.NEEDS_CLEARANCE,
    Level.REFER: Status.REFER,
}


# --- what to say --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Advice:
    """What to say and do at one status: sentences for the client, whom to see, and what the trainer does."""

    heading: str
    say: tuple[str, ...]
    see: str
    trainer: str


_NOT_A_TEST: Final = "The screen looks at movement. It does not find causes and is not a medical test."

ADVICE: Final[Mapping[Status, Advice]] = {
    Status.EMERGENCY: Advice(
        "Stop. This can be an emergency.",
        (
            (
                "New numbness between the legs, loss of bladder or bowel control, or new leg weakness can be an emergency. Call the "
                "local emergency number or go to an emergency department now."
            ),
            "The same holds for chest pain, collapse, severe breathlessness or a sudden severe headache.",
        ),
        "emergency services, now",
        "Stop. Have the client call the emergency services or go to an emergency department now. There is no plan.",
    ),
    Status.URGENT_REFER: Advice(
        "Stop. Please see a doctor first.",
        ("We stop here. Please see a doctor the same day or within days, before we continue.", _NOT_A_TEST),
        "a doctor, the same day",
        "Stop. Advise a doctor the same day or within days. The plan stays locked until a dated answer is logged.",
    ),
    Status.NEEDS_CLEARANCE: Advice(
        "An OK from a health professional comes first.",
        (
            "Some answers mean that you need an OK from a health professional first. Here is a note you can take along.",
            _NOT_A_TEST,
        ),
        "the doctor or other health professional who knows the condition",
        "No physical screen beyond the questions, and no plan, until an answer is logged: who, when, what is allowed and what is not.",
    ),
    Status.REFER: Advice(
        "We stop here for now.",
        (
            "Please see a physical therapist or doctor before we continue.",
            _NOT_A_TEST,
            "Stop if you feel sharp pain, tingling, numbness or dizziness, and tell your trainer.",
        ),
        "a physical therapist or doctor; for a very limited or hard-stopping movement a physical therapist or an orthopedic specialist",
        "Stop. Hand the note over. The plan stays locked until an answer is logged: who, when, what is allowed and what is not.",
    ),
    Status.PLAN_READY: Advice(
        "Ready to start.",
        (_NOT_A_TEST, "Stop if you feel sharp pain, tingling, numbness or dizziness, and tell your trainer."),
        "",
        "",
    ),
}
"""What a trainer may say at each status (source: scope of practice, PAR-Q+, red-flag frameworks; the article for structural limits)."""

# --- the pipeline -------------------------------------------------------------------------------------------------


def red_flags(screen: Screen) -> tuple[str, ...]:
    """The ids of all red flags of `screen`, ticked or implied by an answer or a ticked key, in the order of the table."""
    held = {one for one in screen.red_flags if one in _FLAG}
    if screen.history.pregnant:
        held.add("RF16")
    if screen.history.osteoporosis:
        held.add("RF15")
    held.update(flag for key in screen.history.contraindications if key in KEYS and (flag := KEYS[key].implies) is not None)
    return tuple(flag.id for flag in RED_FLAGS if flag.id in held)


def keys_in_force(screen: Screen, clearances: Iterable[Clearance] = ()) -> tuple[InForce, ...]:
    """The contraindication keys that hold for a plan made from `screen`, with side and reason, in the order of the table."""
    return keys_from(screen, graded(screen), tuple(clearances))


def keys_from(screen: Screen, lines: Iterable[Graded], clearances: tuple[Clearance, ...]) -> tuple[InForce, ...]:
    """As `keys_in_force`, from a screen graded already."""
    lasting = [key for flag in red_flags(screen) for key in SETS_KEYS.get(flag, ())]
    lasting += [key for id, yes in screen.readiness.items() if yes for key in SETS_KEYS.get(id, ())]
    lasting += [key for key in screen.history.contraindications if key in KEYS]
    measured: list[tuple[str, Side]] = []
    for line in lines:
        if line.test.id == "SLS" and line.grade in (2, 3):
            measured.append(("balance_risk", Side.BOTH))
            if line.grade == 3:
                measured.append(("balance_risk_severe", line.side))
    if (screen.history.pain_now or 0) >= KNEE_PAIN_FROM and Region.KNEE in screen.history.pain_where:
        measured.append(("knee_acute_pain", Side.BOTH))
    return in_force(lasting=lasting, measured=measured, clearances=clearances, on=screen.taken_on)


def assess(screen: Screen, clearances: Iterable[Clearance] = ()) -> Assessment:
    """Status, unanswered reasons (most pressing first) and findings of `screen`.

    A clearance for this screen answers every reason; one for an earlier screen only readiness answers and clearance-level flags, for twelve
    months. The order in which answers, flags and measurements come makes no difference.
    """
    given = tuple(clearances)
    reasons = reasons_to_stop(screen, graded(screen), given)
    return Assessment(status_of(reasons), reasons, findings(screen))


def status_of(reasons: Iterable[Reason]) -> Status:
    """The status that unanswered `reasons` leave: the most pressing one's, or ready."""
    levels = {reason.level for reason in reasons}
    return next((_STATUS[level] for level in Level if level in levels), Status.PLAN_READY)


def reasons_to_stop(screen: Screen, lines: Iterable[Graded], clearances: tuple[Clearance, ...]) -> tuple[Reason, ...]:
    """Every unanswered reason why `screen` stops, in the order of the pipeline."""
    if any(one.same_screen for one in clearances):
        return ()
    answered = {rule for one in clearances if still_valid(one, screen.taken_on) for rule in one.answers}
    lasting = [Reason(flag, _FLAG[flag].level, f"{_FLAG[flag].text}.") for flag in red_flags(screen)]
    pressing = [reason for reason in lasting if reason.level in (Level.EMERGENCY, Level.URGENT)]
    clearable = [Reason(one.id, Level.CLEARANCE, f"{one.yes}.") for one in READINESS if screen.readiness.get(one.id)]
    clearable += [reason for reason in lasting if reason.level is Level.CLEARANCE]
    pressing.sort(key=lambda reason: reason.level is Level.URGENT)
    return (
        *pressing,
        *(reason for reason in clearable if reason.rule not in answered),
        *_movement_reasons(screen, tuple(lines)),
    )


def _movement_reasons(screen: Screen, lines: tuple[Graded, ...]) -> Iterable[Reason]:
    for line in lines:
        if line.grade == "x":
            text = f"{where(line.test, line.side)}: this movement was painful for you, so we stop here."
            yield Reason(f"P3.{line.test.id}.{line.side.value}", Level.REFER, text)
    history = screen.history
    places = [place.value for place in PAIN_PLACES if place in history.pain_where]
    if (history.pain_now or 0) >= RESTING_PAIN_STOPS_FROM and places:
        yield Reason("P4", Level.REFER, f"Pain of {history.pain_now} of 10 at rest ({', '.join(places)}), so we stop here.")
    for line in lines:
        if line.grade == 3 and line.test.severe.value == "refer":
            value = "" if line.value is None else f" {line.test.amount(line.value)},"
            text = f"{where(line.test, line.side)}:{value} far outside the range we use (reference: {line.test.reference(screen.person)})."
            yield Reason(f"P5.{line.test.id}.{line.side.value}", Level.REFER, text)
    if history.hard_bony_stop:
        yield Reason("P6.hard_bony_stop", Level.REFER, "A movement ended in a hard stop, which stretching would not change.")
    if history.suspected_structural:
        yield Reason("P6.suspected_structural", Level.REFER, "What limits the movement may not be a matter of training.")


def whom_to_see(reason: Reason) -> str:
    """Who should answer one reason to stop."""
    match reason.level:
        case Level.REFER if reason.rule.startswith(("P5", "P6")):
            return "a physical therapist or an orthopedic specialist"
        case Level.REFER:
            return "a physical therapist or doctor"
        case level:
            return ADVICE[_STATUS[level]].see


def carried(assessment: Assessment, reasons: Iterable[Reason]) -> Assessment:
    """`assessment` with the unanswered `reasons` of an earlier stop added, most pressing first; the status is the worst one's.

    A new screen answers nothing: only a professional does (judgement).
    """
    known = {reason.rule for reason in assessment.reasons}
    levels = list(Level)
    together = sorted(
        (*assessment.reasons, *(reason for reason in reasons if reason.rule not in known)), key=lambda reason: levels.index(reason.level)
    )
    return replace(assessment, status=status_of(together), reasons=tuple(together))


def named_finding(reason: Reason, found: Iterable[Finding]) -> Finding | None:
    """The painful or severe finding that a reason of the pipeline names, the last of `found` that fits; None for other reasons."""
    step = {"P3": "x", "P5": 3}.get(reason.rule.partition(".")[0])
    fits = [one for one in found if one.grade == step and reason.rule.endswith(f".{one.test}.{one.side.value}")]
    return fits[-1] if fits else None
