"""Every picture is as it was looked at: its joints have not moved since."""

import pytest

from tests.figures.golden import ALL, FOLDER, places, render
from tests.figures.reading import apart


@pytest.mark.parametrize("name", ALL)
def test_the_joints_are_where_they_were_seen(name: str) -> None:
    written = places((FOLDER / f"{name}.txt").read_text(encoding="utf-8"))
    drawn = places(render(ALL[name]))
    assert drawn.keys() == written.keys()
    moved = {joint for joint in written if any(apart(a, b) > 0.3 for a, b in zip(drawn[joint], written[joint], strict=True))}
    assert not moved


def test_every_written_picture_exists() -> None:
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(ALL)
