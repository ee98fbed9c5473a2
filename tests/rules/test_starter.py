"""The starter library is whole: every exercise that a rule may ask for, every link, key and dose exists."""

from collections import Counter

from app.rules.contraindications import KEYS
from app.rules.documents import Library
from app.rules.doses import PROFILES
from app.rules.ruleset import RULESET
from app.rules.vocabulary import Origin
from tests.rules.conftest import STARTER


def test_the_folder_holds_data_alone() -> None:
    assert {path.suffix for path in STARTER.parent.iterdir()} == {".yaml"}


def test_there_are_fifty_one_exercises_in_seven_stages(library: Library) -> None:
    stages = Counter(one.stage.value for one in library.values())
    assert stages == {"flexibility": 14, "smr": 7, "strengthening": 17, "dowel": 3, "wall": 2, "rdl": 4, "single_leg": 4}


def test_every_exercise_that_a_rule_asks_for_is_there(library: Library) -> None:
    asked = {*RULESET.slugs(), *RULESET.staples, *RULESET.last}
    asked |= {slug for rule in RULESET.rules for slug in (*rule.cue_at, *([rule.replaces] if rule.replaces else []))}
    assert asked <= set(library)
    for rule in RULESET.rules:
        for part in rule.adds:
            assert all(library[slug].stage is part.stage for slug in part.slugs)


def test_every_link_key_and_dose_exists(library: Library) -> None:
    for one in library.values():
        assert {slug for slug in (one.regress, one.progress) if slug} <= set(library)
        assert set(one.contraindications) <= set(KEYS)
        assert one.dose in PROFILES
        assert one.cues
        assert one.faults
        assert one.origin in (Origin.ARTICLE, Origin.SOURCE)


def test_every_key_takes_something_out(library: Library) -> None:
    assert {key for one in library.values() for key in one.contraindications} == set(KEYS)


def test_what_is_done_with_load(library: Library) -> None:
    assert {slug for slug, one in library.items() if one.loaded} == {"rdl-kb", "rdl-bb", "rdl-bstance", "sl-rdl"}


def test_nothing_that_a_client_reads_is_a_code(library: Library) -> None:
    for one in library.values():
        for text in (*one.cues, *one.faults, one.note, one.dose_note, one.load_rule, one.name):
            assert "src:" not in text
            assert "E_" not in text
