"""The sheets in static/ show all pictures as they are drawn now."""

import pytest

from app.figures import PICTURES
from tests.figures.reading import SVG, parse
from tests.figures.sheet import FOLDER, light, nameless, printed


@pytest.mark.parametrize(("name", "drawn"), [("exercises", light), ("exercises-print", printed)])
def test_the_sheet_is_the_one_of_today(name: str, drawn: object) -> None:
    assert callable(drawn)
    written = (FOLDER / f"{name}.svg").read_text(encoding="utf-8")
    assert written == drawn(), "python -m tests.figures.sheet rewrites it"
    assert len(written.encode()) < 400_000
    titles = [node.text for node in parse(written).iter(f"{SVG}title")]
    assert titles == [picture.title for picture in PICTURES.values()]


def test_the_sheet_without_names_has_none() -> None:
    assert not [picture.title for picture in PICTURES.values() if picture.title in nameless()]
