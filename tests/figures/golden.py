"""Where every joint of every picture is, as text: `python -m tests.figures.golden` rewrites it, to be read as a diff."""

from pathlib import Path

from app.figures import FAULTS, PICTURES, Picture
from tests.figures.reading import At, moments

FOLDER = Path(__file__).parent / "golden"
ALL = {**PICTURES, **{f"fault-{name}": picture for name, picture in FAULTS.items()}}


def render(picture: Picture) -> str:
    """One line for each joint: x and y in centimetres at the start, half way and at the end (a hold has one place)."""
    found = moments(picture)
    shown = [found[0], found[len(found) // 2], found[-1]] if len(found) > 1 else found
    return "".join(
        f"{joint:14}" + "".join(f"{seen[joint].x:9.1f}{seen[joint].y:7.1f}" for seen in shown) + "\n" for joint in sorted(shown[0].joints)
    )


def places(text: str) -> dict[str, list[At]]:
    """The same, read back."""
    lines = (line.split() for line in text.splitlines())
    return {name: [At(float(x), float(y)) for x, y in zip(rest[::2], rest[1::2], strict=True)] for name, *rest in lines}


def main() -> None:
    for old in FOLDER.glob("*.txt"):
        old.unlink()
    FOLDER.mkdir(exist_ok=True)
    for name, picture in ALL.items():
        (FOLDER / f"{name}.txt").write_text(render(picture), encoding="utf-8")


if __name__ == "__main__":
    main()
