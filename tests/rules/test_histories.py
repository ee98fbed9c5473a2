"""People over four to sixteen weeks stand where the hand-worked texts say, and no rule is there that changes none of them."""

import pytest

from app.rules import loading, pain
from app.rules.progress import RULE_IDS
from tests.rules.histories import FOLDER, Story, differing, play, stories

STORIES = stories()
RULES = (*RULE_IDS, *(rule.id for rule in pain.RULES), *(rule.id for rule in loading.RULES))


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_she_stands_where_the_text_says(story: Story) -> None:
    assert differing(story) == ""


def test_there_are_at_least_twelve_people() -> None:
    assert len(STORIES) >= 12
    assert {path.stem for path in FOLDER.iterdir()} == {story.name for story in STORIES}


@pytest.fixture(scope="module")
def as_it_is() -> dict[str, object]:
    return {story.name: play(story) for story in STORIES}


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_earns_its_place(rule: str, as_it_is: dict[str, object]) -> None:
    without = frozenset([rule])
    assert any(play(story, without) != as_it_is[story.name] for story in STORIES), f"without {rule} everybody stands where she stood"
