"""What others wrote is what was reviewed: packages pinned by hash, front-end files by hash and with their licence."""

import hashlib
import re
import tomllib
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

ROOT = Path(__file__).parents[1]
PACKAGES: list[dict[str, Any]] = tomllib.loads((ROOT / "static/vendor/vendor.toml").read_text())["package"]
LISTED = {file["path"]: file["sha512"] for package in PACKAGES for file in package["file"]}


def test_every_file_is_the_one_that_was_reviewed() -> None:
    found = {path: hashlib.sha512((ROOT / path).read_bytes()).hexdigest() for path in LISTED}
    assert found == LISTED


def test_nothing_lies_beside_the_listed_files() -> None:
    folders = {(ROOT / path).parent for path in LISTED} - {ROOT / "static"} | {ROOT / "static/vendor"}
    present = {str(path.relative_to(ROOT)) for folder in folders for path in folder.rglob("*") if path.is_file()}
    assert present == LISTED.keys() - {"static/icons.svg"} | {"static/vendor/vendor.toml"}


def test_every_package_comes_with_its_licence() -> None:
    for package in PACKAGES:
        assert package["licence"]
        assert any(Path(file["path"]).name == "LICENSE" for file in package["file"]), package["name"]


def test_the_sprite_holds_the_listed_icons() -> None:
    (lucide,) = (package for package in PACKAGES if package["name"] == "lucide-static")
    sprite = ET.parse(ROOT / "static/icons.svg").getroot()  # noqa: S314  # our own file
    assert [symbol.get("id") for symbol in sprite] == lucide["icons"]
    said = "".join(
        path.read_text() for folder in ("templates", "app/web") for path in (ROOT / folder).rglob("*.*") if path.suffix in (".html", ".py")
    )
    assert [icon for icon in lucide["icons"] if f'"{icon}"' not in said] == [], "icons that no page shows"
    shown = set(re.findall(r"\bicon\(\"([a-z0-9-]+)\"", said))
    assert shown - {*lucide["icons"]} == set(), "icons that the sprite lacks"


def test_the_lock_files_hold_what_the_project_asks_for_and_no_addresses() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    runtime = [*project["project"]["dependencies"], *project["project"]["optional-dependencies"]["postgres"]]
    asked = {"requirements.txt": runtime, "requirements-dev.txt": [*runtime, *project["dependency-groups"]["dev"]]}
    for name, wanted in asked.items():
        text = (ROOT / name).read_text()
        locked = re.findall(r"^([\w.-]+==[\w.]+).* \\\n    --hash=sha256:", text, re.MULTILINE)
        assert len(locked) == len(re.findall(r"^\w", text, re.MULTILINE))
        assert {re.sub(r"\[.*?\]|;.*", "", package) for package in wanted} <= set(locked)
        assert "://" not in text
