"""Remarks on the library's exercises: what is amiss is said, and the starter library has little of it."""

from dataclasses import replace

import pytest

from app.figures import PICTURES
from app.figures.documents import to_text, words_of
from app.figures.pose import Gear, Kind
from app.rules.documents import DoseOverride, Exercise, Library
from app.rules.lint import Flaw, Known, circles, lint, remarks
from app.rules.vocabulary import Origin, Stage

MUSCLES = ("core", "back_cure")
KNOWN = Known({"drill"}, MUSCLES, words_of)


def known(library: Library) -> Known:
    return Known(library.keys(), {target for one in library.values() for target in one.targets}, words_of)


SOUND = Exercise(
    slug="drill",
    version=1,
    name="Drill",
    stage=Stage.DOWEL,
    origin=Origin.JUDGEMENT,
    per_side=False,
    dose="SKILL",
    cues=("Stay long",),
    regress="quad-rock",
)


def flaws(library: Library, **changes: object) -> list[Flaw]:
    one = replace(SOUND, **changes)  # type: ignore[arg-type]  # a test's own table
    return [said.flaw for said in remarks(one, {**library, one.slug: one}, KNOWN)]


def test_a_sound_exercise_has_no_remark(library: Library) -> None:
    assert flaws(library) == []


@pytest.mark.parametrize(
    ("changes", "flaw"),
    [
        ({"cues": ()}, Flaw.NO_CUE),
        ({"dose": "LOTS"}, Flaw.NO_DOSE),
        ({"dose": ""}, Flaw.NO_DOSE),
        ({"stage": Stage.SINGLE_LEG}, Flaw.SIDE),
        ({"name": "Single-leg drill"}, Flaw.SIDE),
        ({"cues": ("Eight on each side",)}, Flaw.SIDE),
        ({"cues": ("Lift the left leg",)}, Flaw.SIDE),
        ({"cues": ("Hold, then the other side",)}, Flaw.SIDE),
        ({"cues": ("Repeat on the other side",)}, Flaw.SIDE),
        ({"cues": ("Alternate legs",)}, Flaw.SIDE),
        ({"cues": ("Swap legs",)}, Flaw.SIDE),
        ({"cues": ("Stand on one foot",)}, Flaw.SIDE),
        ({"cues": ("Ten with each foot",)}, Flaw.SIDE),
        ({"cues": ("Both legs at once",), "per_side": True}, Flaw.SIDE),
        ({"name": "front  Plank"}, Flaw.SAME_NAME),
        ({"regress": None}, Flaw.NO_LINK),
        ({"contraindications": ("bad_mood",)}, Flaw.UNKNOWN_KEY),
        ({"gate": "anything"}, Flaw.UNKNOWN_GATE),
        ({"targets": ("core", "foo")}, Flaw.UNKNOWN_MUSCLE),
        ({"override": DoseOverride(sets=99)}, Flaw.DOSE),
        ({"override": DoseOverride(reps=200)}, Flaw.DOSE),
        ({"dose": "STRETCH", "override": DoseOverride(hold_s=600)}, Flaw.DOSE),
        ({"dose": "STRETCH", "override": DoseOverride(total_s=600)}, Flaw.DOSE),
        ({"slug": "other"}, Flaw.NO_PICTURE),
        ({"regress": "nowhere"}, Flaw.LINK_GONE),
        ({"regress": "rdl-bb"}, Flaw.WRONG_STAGE),
        ({"progress": "plank"}, Flaw.WRONG_STAGE),
        ({"regress": "drill"}, Flaw.CIRCLE),
    ],
)
def test_what_is_amiss_is_said(library: Library, changes: dict[str, object], flaw: Flaw) -> None:
    assert flaws(library, **changes) == [flaw]


@pytest.mark.parametrize(
    "words",
    [
        "This fixes your back",
        "Will CURE tightness",
        "treats the hip",
        "Rehabilitation of the hip",
        "Breaks up adhesions",
        "break down scar tissue",
        "For hip impingement",
        "piriformis syndrome",
        "Your pelvis is out of place",
        "Corrects your posture",
        "prevents injuries",
        "Push through it",
        "No pain, no gain",
        "You are cleared",
        "heals the back",
        "guaranteed",
        "Your back is fixed in a week",
        "It has fixed my back",
        "Pushing through pain",
        "push through the discomfort",
        "Work through the burning pain",
        "Prevents low-back pain",
        "prevents back pain",
        "prevent knee injuries",
        "For injury prevention",
        "Prevention of injuries",
        "posture correction",
        "correct poor posture",
        "For a better posture",
        "You're cleared",
        "She’s been cleared",
        "cleared to train",
        "A therapy for hips",
        "therapeutic",
        "A curative drill",
        "Weak glutes cause your pain",
        "tight hip flexors are causing low-back pain",
        "Relieves pain",
        "Eliminates your back pain",
        "pain relief",
        "Dissolves knots",
        "Releases the fascia",
        "protects you from injury",
        "Alleviates back pain",
        "It reduces low-back pain",
        "For sciatica",
        "Push into the pain",
        "Ignore the pain",
    ],
)
def test_wording_that_no_client_should_read_is_found(library: Library, words: str) -> None:
    assert Flaw.WORDING in flaws(library, note=words)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *((field, "A cure") for field in ("name", "note", "dose_note", "load_rule")),
        *((field, ("Breathe", "a cure")) for field in ("cues", "faults", "equipment")),
        ("targets", ("core", "back_cure")),
        ("override", DoseOverride(load="until it is cured")),
        ("picture", to_text(replace(PICTURES["plank"], title="A cure"))),
        ("picture", to_text(replace(PICTURES["plank"], seen="Held until the back is cured."))),
        ("picture", to_text(replace(PICTURES["plank"], gear=(Gear(Kind.MAT, w=9), Gear(Kind.GAP, text="9 in / of cure"))))),
    ],
)
def test_no_field_hides_such_wording(library: Library, field: str, value: object) -> None:
    assert flaws(library, **{field: value}) == [Flaw.WORDING]


@pytest.mark.parametrize(
    "words",
    [
        "Hold the prefix",
        "A fixed bar",
        "Ease the feeling of tightness",
        "secure the strap",
        "A retreat",
        "heel down",
        "Fix your eyes on a point",
        "Fix your gaze",
        "Keep the feet fixed",
        "The bar is fixed to the wall",
        "Push through the heel",
        "Never push through pain",
        "Don't push through it",
        "Do not ignore pain",
        "Press into the wall and lean into it",
        "Reduce the range at any pain",
        "Work through the whole range",
        "Stop if it causes pain",
        "Stay in a pain-free range",
        "Prevent the low back from arching",
        "Stop and tell a physical therapist",
        "Keep a tall posture",
        "Release the breath",
        "Clear the floor",
        "Until you are cleared by a professional",
    ],
)
def test_harmless_words_are_left_alone(library: Library, words: str) -> None:
    assert flaws(library, note=words) == []


def test_fewer_repetitions_than_usual_are_how_something_hard_begins(library: Library) -> None:
    assert flaws(library, override=DoseOverride(reps=3, sets=1)) == []


@pytest.mark.parametrize("words", ["Both feet flat", "One hand on the wall", "Knees and feet hip-wide", "Both sides of the ribs"])
def test_what_both_sides_do_together_is_left_alone(library: Library, words: str) -> None:
    assert flaws(library, cues=(words,)) == []


def test_the_starter_library_says_nothing_that_it_should_not(library: Library) -> None:
    found = lint(library, known(library))
    assert {said.flaw for remarks_on in found.values() for said in remarks_on} <= {Flaw.NO_LINK}


def test_our_pictures_say_nothing_that_they_should_not(library: Library) -> None:
    for slug, picture in PICTURES.items():
        found = remarks(replace(library[slug], picture=to_text(picture)), library, known(library))
        assert not [one for one in found if one.flaw is Flaw.WORDING]


@pytest.mark.parametrize("text", ["", "[", "[]", "{}", '{"title":1,"seen":2,"gear":3}', '{"title":"a","seen":"b","gear":[3]}', "[" * 9000])
def test_of_what_is_no_picture_no_words_are_read(text: str) -> None:
    assert words_of(text) == ()


def test_exactly_those_on_a_circle_are_named(library: Library) -> None:
    def one(slug: str, easier: str | None) -> Exercise:
        return replace(SOUND, slug=slug, regress=easier)

    shelf = {
        exercise.slug: exercise for exercise in (one("a", "b"), one("b", "c"), one("c", "b"), one("d", "d"), one("e", "d"), one("f", None))
    }
    assert circles(shelf) == {"regress": frozenset({"b", "c", "d"}), "progress": frozenset()}
    long = {str(n): one(str(n), str(n + 1)) for n in range(20_000)}
    assert circles(long)["regress"] == frozenset()
    assert len(circles({**long, "20000": one("20000", "0")})["regress"]) == 20_001


def test_easier_and_harder_are_one_order(library: Library) -> None:
    """A says that B is easier; then B can't be harder than C, which is harder than A."""

    def one(slug: str, easier: str | None = None, harder: str | None = None) -> Exercise:
        return replace(SOUND, slug=slug, regress=easier, progress=harder)

    shelf = {exercise.slug: exercise for exercise in (one("a", "b", "c"), one("b"), one("c", None, "b"), one("d", "a"), one("e", "f", "g"))}
    assert circles(shelf) == {"regress": frozenset({"a"}), "progress": frozenset({"a", "c"})}
    assert circles({slug: one(slug, "y") if slug == "x" else one(slug, "x") for slug in "xy"})["regress"] == {"x", "y"}
    assert circles({"x": one("x", None, "y"), "y": one("y", "x", None)}) == {"regress": frozenset(), "progress": frozenset()}
    assert circles({"x": one("x", None, "y"), "y": one("y", None, "x")})["progress"] == {"x", "y"}
    assert circles(library) == {"regress": frozenset(), "progress": frozenset()}


def test_what_is_easier_is_not_harder_as_well(library: Library) -> None:
    said = remarks(replace(SOUND, progress="quad-rock"), {**library, "drill": replace(SOUND, progress="quad-rock")}, KNOWN)
    assert [(one.field, one.text) for one in said] == [
        ("progress", f"The easier and the harder one can't be the same, {library['quad-rock'].name}.")
    ]


def test_an_archived_neighbour_is_missed(library: Library) -> None:
    rest = {slug: one for slug, one in library.items() if slug != "half-kneel"}
    assert {said.flaw for said in lint(rest, known(library))["runners-lunge"]} == {Flaw.LINK_GONE}
