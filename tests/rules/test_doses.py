"""How much of what, in numbers and in words."""

from dataclasses import replace

import pytest

from app.rules.documents import Dose, Library
from app.rules.doses import PROFILES, days_in_words, dose_for, dose_in_words, dose_source
from app.rules.vocabulary import Side

# profile: sets, reps, hold, spots, tempo, rest, days a week, load
WRITTEN = {
    "STRETCH": (3, None, 30, None, None, 10, (3, 7), None),
    "STRETCH_OLDER": (2, None, 45, None, None, 15, (3, 7), None),
    "MOBILITY": (2, 8, None, None, "2-2-2-0", 20, (3, 7), None),
    "SMR": (1, None, 30, 2, None, 0, (3, 7), None),
    "ACTIVATE": (2, 12, None, None, "4-2-1-0", 45, (3, 3), None),
    "STRENGTH": (3, 10, None, None, "3-1-1-0", 90, (2, 3), None),
    "HOLD_CORE": (3, None, None, None, None, 45, (3, 5), None),
    "HOLD_10": (6, None, 10, None, None, 20, (3, 5), None),
    "SKILL": (3, 8, None, None, "3-1-2-1", 45, (3, 5), "none"),
    "RDL": (2, 8, None, None, "3-1-1-1", 120, (2, 2), None),
    "SL": (2, 6, None, None, "3-1-2-1", 60, (2, 3), None),
}


def test_the_profiles_are_as_written() -> None:
    found = {
        row.name: (row.sets, row.reps, row.hold_s, row.spots, row.tempo, row.rest_s, row.per_week, row.load) for row in PROFILES.values()
    }
    assert found == WRITTEN
    assert {row.name: row.allowed_sets for row in PROFILES.values() if row.allowed_sets} == {
        "STRETCH": (2, 4), "STRETCH_OLDER": (2, 4), "SMR": (1, 3), "ACTIVATE": (1, 3), "STRENGTH": (1, 3), "SKILL": (1, 4), "RDL": (2, 4),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("plank", "hold"), [(None, 10), (0, 10), (19, 10), (20, 10), (21, 10), (22, 11), (63, 31), (119, 59), (120, 60), (600, 60)]
)
def test_the_plank_is_held_for_half_of_the_best_one(library: Library, plank: float | None, hold: int) -> None:
    assert dose_for(library["plank"], plank_s=plank).hold_s == hold


def test_an_exercises_own_hold_is_moved_into_the_older_adults_range(library: Library) -> None:
    assert dose_for(library["prone-cobra-stretch"]).hold_s == 20
    assert dose_for(library["prone-cobra-stretch"], profile="STRETCH_OLDER").hold_s == 30


@pytest.mark.parametrize(
    ("slug", "profile", "sets"),
    [
        ("strap-ham", None, 4),
        ("strap-ham", "STRETCH_OLDER", 2),
        ("smr-ham", None, 2),
        ("smr-itb", None, 1),
        ("clam", None, 3),
        ("step-up", None, 3),
        ("ake-slide", None, 3),
        ("side-plank", None, 7),
    ],
)
def test_one_set_more_only_where_the_dose_leaves_room(library: Library, slug: str, profile: str | None, sets: int) -> None:
    assert dose_for(library[slug], profile=profile, extra_set=True).sets == sets


def test_the_it_band_has_one_spot(library: Library) -> None:
    assert dose_for(library["smr-itb"]).spots == 1


@pytest.mark.parametrize(
    ("slug", "words"),
    [
        ("runners-lunge", "3 × 30 s"),
        ("bridge", "2 × 12, slow: 4 s down, 2 s hold, 1 s up"),
        ("smr-quad", "1 × 30 s on each of 2 spots"),
        ("smr-itb", "1 × 30 s"),
        ("step-up-low", "2 × 8, slow: 4 s down, 2 s hold, 1 s up, step 10 cm high"),
        ("ake-slide", "2 × 8, slow: 2 s there, 2 s hold, 2 s back"),
        ("dowel-hinge", "3 × 8, slow: 3 s down, 1 s hold, 2 s up, 1 s at the top, without load"),
    ],
)
def test_a_dose_in_words(library: Library, slug: str, words: str) -> None:
    assert dose_in_words(dose_for(library[slug])) == words


def test_a_dose_in_words_for_one_side_and_how_often(library: Library) -> None:
    dose: Dose = dose_for(library["runners-lunge"])
    assert dose_in_words(dose, Side.LEFT) == "3 × 30 s on the left"
    assert dose_in_words(dose, Side.BOTH) == "3 × 30 s"
    assert days_in_words(dose) == "3 to 7 days a week"
    assert days_in_words(dose_for(library["rdl-kb"])) == "2 days a week"
    assert dose_in_words(replace(dose, load="12 kg")) == "3 × 30 s, 12 kg"


def test_every_profile_says_where_it_comes_from() -> None:
    assert all(dose_source(name).endswith(".") and "src" not in dose_source(name) for name in PROFILES)
