"""What a client reads: one finding at a time, no diagnosis, no promise, and why a stage is closed."""

import pytest

from app.rules.battery import BATTERY
from app.rules.contraindications import KEYS
from app.rules.findings import findings, grade_word
from app.rules.progress import EXIT, stage_states
from app.rules.readiness import ADVICE
from app.rules.ruleset import RULESET
from app.rules.vocabulary import Stage, StageState
from tests.rules.golden import planned
from tests.rules.situations import SITUATIONS, WOMAN, hurts, noted, screen

NEVER = (
    "diagnos",
    "cure",
    "treat",
    "rehabilit",
    "impinge",
    "disc problem",
    "syndrome",
    "adhesion",
    "out of place",
    "posture",
    "prevent",
    "fix",
    "cleared",
)


def texts() -> list[str]:
    said = [rule.because for rule in RULESET.rules] + [rule.cue for rule in RULESET.rules] + [rule.habit for rule in RULESET.rules]
    said += [key.because for key in KEYS.values()]
    said += [line for advice in ADVICE.values() for line in (advice.heading, *advice.say)]
    said += [criterion.text for criteria in EXIT.values() for criterion in criteria]
    said += [finding.text for situation in SITUATIONS.values() for finding in findings(situation.screen)]
    return said


@pytest.mark.parametrize("word", NEVER)
def test_no_diagnosis_and_no_promise(word: str) -> None:
    assert [text for text in texts() if word in text.lower()] == []


def test_every_rule_gives_its_reason_in_a_sentence() -> None:
    assert all(rule.because.startswith("Because ") and rule.because.endswith(".") for rule in RULESET.rules)


def text(test: str, **results: object) -> str:
    found = findings(screen(WOMAN, **results))  # type: ignore[arg-type]  # results as the builder takes them
    return next(finding.text for finding in found if finding.test == test)


def test_a_finding_says_test_side_value_and_reference() -> None:
    assert text("MTT_HIP", MTT_HIP=(8, -4)) == (
        "Modified Thomas, hip, left: 8°, a little outside the range we use. Reference: up to 0°. The left side is the one that lags."
    )
    assert text("AKE", AKE=(12, 12)) == (
        "Active knee extension, left: 12°, within the range we use. Reference: up to 20° short of straight."
    )


def test_a_tilt_is_never_shown_as_abnormal() -> None:
    assert text("APT", APT=noted(visual="anterior")) == (
        "Pelvic tilt: tipped forward to the eye. A forward pelvic tilt is common and not a problem in itself; we use it to choose "
        "exercises."
    )
    assert grade_word("APT", 1) == "tipped forward"
    assert [grade_word("AKE", grade) for grade in (0, 1, 2, 3, "x", "nt")] == [
        "within",
        "mild",
        "moderate",
        "severe",
        "painful",
        "not tested",
    ]


def test_a_painful_test_stops_in_plain_words() -> None:
    assert text("AKE", AKE=(hurts(20, 4), 10)) == "Active knee extension, left: this was painful for you (4 of 10), so we stopped here."


def because(name: str) -> dict[Stage, str | None]:
    return {one.stage: one.locked_because for one in stage_states(planned(SITUATIONS[name]))}


def test_a_locked_stage_says_when_it_opens() -> None:
    assert because("rounds-the-back")[Stage.DOWEL] is not None
    assert because("everything-tight")[Stage.WALL] == "Opens when the dowel stage is passed."
    assert because("everything-tight")[Stage.SINGLE_LEG] == "Opens when the Romanian deadlift stage is passed."
    assert because("everything-tight")[Stage.FLEXIBILITY] is None


def test_a_dowel_that_must_wait_names_only_the_stages_that_are_needed() -> None:
    for name in SITUATIONS:
        for one in stage_states(planned(SITUATIONS[name])):
            if one.stage is Stage.DOWEL and one.state is StageState.LOCKED:
                assert "passed" in (one.locked_because or "")
                assert "not_indicated" not in (one.locked_because or "")


def test_a_lock_and_an_emptied_stage_give_their_reasons() -> None:
    words = because("weak-everything")[Stage.SINGLE_LEG] or ""
    assert "standing on one leg" in words
    assert "trainer's word" in words
    assert "Opens when the Romanian deadlift stage is passed." in words


def test_the_battery_has_words_for_everything() -> None:
    for test in BATTERY:
        for words in (test.name, test.short, test.measures, test.procedure, test.source, test.origin_note):
            assert words
            assert "src:" not in words
