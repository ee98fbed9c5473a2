"""People over four to sixteen weeks stand where the hand-worked texts say, and no rule is there that changes none of them."""

import pytest

from app.rules import loading, pain
from app.rules.progress import RULE_IDS
from tests.rules.histories import FOLDER, Reached, Story, differing, play, stories

STORIES = stories()
TEXTS = {story.name: (FOLDER / f"{story.name}.txt").read_text(encoding="utf-8") for story in STORIES}
AS_IT_IS: dict[str, tuple[Reached, ...]] = {}
SIGNS = {
    "fall.form": "fell: form",
    "fall.morning": "fell: morning",
    "fall.stop": "fell: stop",
    "override.gate": "override single_leg",
    "override.wall": "override wall",
    "upkeep": "due: strengthening",
    "practice.missed": "slack: yes",
    "rungs": "(rdl-",
    "PAIN0": " pain ",
    "PAIN2": "stop: PAIN2",
    "PAIN3": "held:",
    "RF5": " feel ",
    "MORNING": " morning ",
    "MORNING2": "fell: morning",
    "LOAD_CAREFUL": "rdl-kb 3 kg",
    "LOAD_BAR": "(rdl-bb)",
    "LOAD_SMALL": " kg, raise",
    "LOAD_WEEK": " kg, raise",
    "LOAD_BELOW": " kg, deload",
    "LOAD_SORE": "sore_over_72h",
    "LOAD_OFF1": " kg, layoff",
    "LOAD_OFF3": "rdl.recheck_wall",
    "LOAD_OFF5": "rdl.rescreen",
    "LOAD_SETS1": " kg, raise",
    "LOAD_SETS3": "rdl/rdl-kb 3 sets",
    "LOAD_SETS5": "rdl/rdl-kb 3 sets",
    "LOAD_ONE_SIDED": "load: sl-rdl",
    "LOAD_LESSER": "sl-rdl/right 2 sets",
}
"""How a rule at work shows in a text, where it is not by its own name: only where to look first."""
RULES = (*RULE_IDS, *(rule.id for rule in pain.RULES), *(rule.id for rule in loading.RULES))


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_she_stands_where_the_text_says(story: Story) -> None:
    assert differing(story) == ""


def test_there_are_at_least_twelve_people() -> None:
    assert len(STORIES) >= 12
    assert {path.stem for path in FOLDER.iterdir()} == {story.name for story in STORIES}


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_earns_its_place(rule: str) -> None:
    assert any(_is_moved(story, rule) for story in _likely_first(rule)), f"without {rule} everybody stands where she stood"


def _is_moved(story: Story, rule: str) -> bool:
    """Whether somebody stands anywhere else without a rule, down to the dose; as far as it takes to tell."""
    without = frozenset([rule])
    if story.name not in AS_IT_IS:
        AS_IT_IS[story.name] = tuple(play(story))
    return any(one != two for one, two in zip(play(story, without), AS_IT_IS[story.name], strict=True))


def _likely_first(rule: str) -> list[Story]:
    """All stories; those first whose text shows the rule at work, then the shorter ones."""
    sign = SIGNS.get(rule) or (f" kg, {rule.removeprefix('LOAD_').lower()}" if rule.startswith("LOAD_") else rule)
    return sorted(STORIES, key=lambda story: (-TEXTS[story.name].count(sign), len(story.steps)))
