"""The pages of a screen: typed, previewed, finished, read and mended, for Tess and Cleo."""

import re
import sys
from html import unescape
from typing import Any

import pytest
from httpx2 import Response

from app.rules import battery
from app.rules.battery import BATTERY, BOTH, CENTIMETRES, Choice, ExtraField, Fixed, ScreenTest, Section, SevereAction
from app.rules.vocabulary import Origin
from app.services import accounts, clients
from app.services.drafts import Fields
from app.web.page import TEMPLATES
from tests.cast import PASSWORD, Cast
from tests.screening import STOPPED, body, typed
from tests.world import contents


def start(cast: Cast, who: str = "tess", client: str = "cleo", **data: str) -> str:
    """Start a draft; returns its address."""
    answer = cast.people[who].post(f"/clients/{cast.people[client].client_id}/screens", data)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"].removesuffix("/edit"))


def data(fields: Fields, **more: Any) -> dict[str, Any]:
    return {**{name: list(values) for name, values in fields.items()}, **more}


def save(cast: Cast, draft: str, fields: Fields, revision: int = 0, who: str = "tess", **more: Any) -> Response:
    return cast.people[who].post(draft, data(fields, revision=str(revision), **more))


def finished(cast: Cast, fields: Fields | None = None) -> str:
    draft = start(cast)
    save(cast, draft, fields or typed())
    assert cast.tess.post(f"{draft}/finish", {"revision": "1"}).status_code == 303
    return draft


def page(cast: Cast, path: str, who: str = "tess", status: int = 200) -> str:
    answer = cast.people[who].get(path)
    assert answer.status_code == status, answer.text
    return unescape(answer.text)


def value(html: str, name: str) -> str:
    found = re.search(rf'<input[^>]* name="{re.escape(name)}"[^>]* value="([^"]*)"', html)
    assert found, name
    return found[1]


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def use_inches(cast: Cast) -> None:
    with cast.work("tess") as store:
        accounts.set_units(store, "imperial", cast.clock())


# --- typing -----------------------------------------------------------------------------------------------------------


def test_the_page_asks_everything_and_shows_every_test_with_its_reference(sqlite_cast: Cast) -> None:
    html = page(sqlite_cast, start(sqlite_cast) + "/edit")
    for test in BATTERY:
        assert test.procedure in html, test.id
        assert test.source in html
        for side in test.sides:
            assert f'name="measurements.{test.id}.{side.value}.value"' in html
            assert f'name="measurements.{test.id}.{side.value}.pain"' in html
            for extra in test.extra:
                assert f'name="measurements.{test.id}.{side.value}.extra.{extra.name}"' in html
    assert "0 of 13" in words(html)
    assert 'autocomplete="off"' in html


def test_no_word_of_a_test_stands_in_a_template() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.html"))
    for test in BATTERY:
        for word in (test.id, test.name, test.short, test.measures, test.procedure, *(extra.label for extra in test.extra)):
            assert not re.search(rf"\b{re.escape(word)}\b", text), word


def test_what_was_typed_is_there_again_even_what_can_not_be_read(cast: Cast) -> None:
    draft = start(cast)
    answer = save(cast, draft, {**typed(), "measurements.AKE.right.value": ("12,,5",)}, then="save")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{draft}/edit?said=draft-saved")
    html = page(cast, f"{draft}/edit")
    assert value(html, "measurements.AKE.right.value") == "12,,5"
    assert "Write a number, such as 12 or 12,5." in html
    assert value(html, "measurements.AKE.left.value") == "12"
    assert "Saved 09:00" in words(html)


def test_the_last_value_stands_beside_the_field_and_the_grade_beside_the_value(sqlite_cast: Cast) -> None:
    finished(sqlite_cast)
    draft = start(sqlite_cast)
    save(sqlite_cast, draft, {"taken_on": ("2026-11-23",), "measurements.AKE.left.value": ("60",)})
    html = words(page(sqlite_cast, f"{draft}/edit"))
    assert "severe last 12°" in html
    assert "We stop here for now." in html


def test_with_a_draft_under_way_tess_chooses(cast: Cast) -> None:
    first = start(cast)
    answer = cast.tess.post(f"/clients/{cast.cleo.client_id}/screens")
    assert answer.status_code == 409
    assert f'href="{first}/edit"' in answer.text
    assert "Start another one" in answer.text
    assert start(cast, another="yes") != first


def test_two_devices_see_both_versions_and_keep_what_they_choose(cast: Cast) -> None:
    draft = start(cast)
    save(cast, draft, {"note": ("laptop",), "taken_on": ("2026-11-22",), "red_flags": ("RF18",)})
    before = contents(cast)
    clash = save(cast, draft, {"note": ("tablet",), "taken_on": ("2026-11-22",), "measurements.AKE.left.value": ("12,,5",)})
    assert clash.status_code == 409
    assert contents(cast) == before
    html = unescape(clash.text)
    for shown in ("laptop", "tablet", "12,,5", "Pain for more than 6 weeks", "Active knee extension, left"):
        assert shown in html
    assert value(html, "revision") == "1"
    chosen = {"note": ("tablet",), "taken_on": ("2026-11-22",), "red_flags": ("RF18",), "measurements.AKE.left.value": ("12,,5",)}
    assert save(cast, draft, chosen, 1, then="save").status_code == 303
    html = page(cast, f"{draft}/edit")
    assert value(html, "measurements.AKE.left.value") == "12,,5"
    assert re.search(r'value="RF18" checked', html)


def test_a_save_after_the_session_ended_survives_the_password(cast: Cast) -> None:
    draft = start(cast)
    fields = {**typed(), "measurements.AKE.right.value": ("12,,5",)}
    cast.clock.move(minutes=61)
    again = save(cast, draft, fields, then="save")
    assert again.status_code == 401
    sent: dict[str, list[str]] = {}
    for name, text in re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', again.text):
        sent.setdefault(unescape(name), []).append(unescape(text))
    assert sent["measurements.AKE.right.value"] == ["12,,5"]
    signed_in = cast.tess.post("/sign-in", {**sent, "sign_in_email": "tess@northside.example", "sign_in_password": PASSWORD})
    assert (signed_in.status_code, signed_in.headers["location"]) == (307, draft)
    resent = cast.tess.post(draft, {**sent, "sign_in_email": "tess@northside.example", "sign_in_password": PASSWORD})
    assert resent.status_code == 303
    assert value(page(cast, f"{draft}/edit"), "measurements.AKE.right.value") == "12,,5"
    assert all(PASSWORD not in str(row) for row in contents(cast)["screen"])


def test_another_row_for_an_injury_without_javascript(sqlite_cast: Cast) -> None:
    draft = start(sqlite_cast)
    fields = {"taken_on": ("2026-11-22",), "history.injuries.0.what": ("strain",), "history.injuries.0.region": ("thigh",)}
    answer = save(sqlite_cast, draft, fields, then="injury")
    assert answer.headers["location"] == f"{draft}/edit#injuries"
    html = page(sqlite_cast, f"{draft}/edit")
    assert value(html, "history.injuries.0.what") == "strain"
    assert 'name="history.injuries.1.what"' in html


def test_a_text_without_end_comes_back_with_what_was_typed(sqlite_cast: Cast) -> None:
    draft = start(sqlite_cast)
    answer = save(sqlite_cast, draft, {"note": ("x" * 4001,), "measurements.AKE.left.value": ("7",)})
    assert answer.status_code == 422
    assert value(answer.text, "measurements.AKE.left.value") == "7"
    assert "Use at most 4000 characters." in answer.text


def test_a_discarded_draft_can_be_undone(cast: Cast) -> None:
    draft = start(cast)
    save(cast, draft, {"note": ("Slept badly.",), "taken_on": ("2026-11-22",)})
    gone = cast.tess.post(f"{draft}/discard")
    assert "Undo: bring it back" in gone.text
    assert cast.tess.get(f"{draft}/edit").status_code == 404
    sent = {unescape(name): unescape(text) for name, text in re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', gone.text)}
    back = cast.tess.post(f"/clients/{cast.cleo.client_id}/screens/restore", sent)
    assert "Slept badly." in page(cast, back.headers["location"])


# --- inches -----------------------------------------------------------------------------------------------------------


def test_who_uses_inches_reads_and_types_inches(sqlite_cast: Cast) -> None:
    finished(sqlite_cast)
    use_inches(sqlite_cast)
    draft = start(sqlite_cast)
    html = words(page(sqlite_cast, f"{draft}/edit"))
    assert "up to 5.9 in" in html
    assert "last 4.7 in" in html
    assert "up to 15 cm" not in html
    save(sqlite_cast, draft, {**typed(units="imperial"), "measurements.FIG4.left.value": ("6",)})
    assert "Finish and publish" in page(sqlite_cast, f"{draft}/preview")
    assert "6 in" in words(page(sqlite_cast, f"{draft}/preview"))
    sqlite_cast.tess.post(f"{draft}/finish", {"revision": "1"})
    screen = sqlite_cast.tess.api.get(f"/clients/{sqlite_cast.cleo.client_id}/screens").json()["items"][0]
    assert {one["value"] for one in screen["measurements"] if one["test"] == "FIG4"} == {15.24, 12}
    read = words(page(sqlite_cast, draft))
    assert "6 in" in read
    assert "141 lb" in read


def test_a_draft_keeps_the_units_that_it_was_typed_in(sqlite_cast: Cast) -> None:
    draft = start(sqlite_cast)
    save(sqlite_cast, draft, {"taken_on": ("2026-11-22",), "measurements.FIG4.left.value": ("14",)})
    use_inches(sqlite_cast)
    html = words(page(sqlite_cast, f"{draft}/edit"))
    assert "Typed in centimetres." in html
    assert "up to 15 cm" in html


# --- before finishing, finishing --------------------------------------------------------------------------------------


def test_before_finishing_tess_sees_what_will_happen_and_nothing_is_published(cast: Cast) -> None:
    draft = start(cast)
    answer = save(cast, draft, typed(), then="preview")
    assert answer.headers["location"] == f"{draft}/preview"
    before = contents(cast)
    html = words(page(cast, f"{draft}/preview"))
    for shown in (
        "Nothing is published yet",
        "Finish and publish",
        "Back to the screen",
        "Flexibility",
        "Runner's lunge",
        "Active knee extension",
    ):
        assert shown in html or shown.replace("'", "’") in html, shown
    assert contents(cast) == before
    done = cast.tess.post(f"{draft}/finish", {"revision": "1"})
    assert done.headers["location"] == f"/clients/{cast.cleo.client_id}/plan?said=screen-finished"


def test_what_is_missing_is_listed_with_the_way_to_each_field(sqlite_cast: Cast) -> None:
    draft = start(sqlite_cast)
    fields = {name: values for name, values in typed().items() if not name.startswith(("measurements.AKE.left", "readiness.chest"))}
    save(sqlite_cast, draft, {**fields, "measurements.FIG4.left.value": ("12,,5",)})
    html = page(sqlite_cast, f"{draft}/preview")
    assert "Finish and publish" not in html
    for field in ("measurements.AKE.left.value", "measurements.FIG4.left.value", "readiness.chest_pain_at_rest_or_activity"):
        assert f'href="{draft}/edit?check=yes#f-{field}"' in html
        assert f'id="f-{field}"' in page(sqlite_cast, f"{draft}/edit?check=yes")
    assert "Active knee extension, left is missing." in page(sqlite_cast, f"{draft}/edit?check=yes")
    refused = sqlite_cast.tess.post(f"{draft}/finish", {"revision": "1"})
    assert refused.status_code == 422
    assert "3 things to put right" in refused.text


def test_what_the_library_lacks_is_told_before_the_plan_is_published(sqlite_cast: Cast) -> None:
    draft = start(sqlite_cast)
    save(sqlite_cast, draft, typed())
    assert "The library has a gap" not in page(sqlite_cast, f"{draft}/preview")
    sqlite_cast.ada.post("/library/dowel-hinge/archive")
    assert "not in your library: Dowel hinge, standing, unloaded." in words(page(sqlite_cast, f"{draft}/preview"))
    sqlite_cast.tess.post(f"{draft}/finish", {"revision": "1"})
    assert "not in your library: Dowel hinge" in words(page(sqlite_cast, f"/clients/{sqlite_cast.cleo.client_id}/plan"))


def test_a_stop_says_so_before_and_opens_no_plan(cast: Cast) -> None:
    draft = start(cast)
    save(cast, draft, {"taken_on": ("2026-11-22",), "red_flags": ("RF1",)})
    html = words(page(cast, f"{draft}/preview"))
    assert "Call the local emergency number or go to an emergency department now" in html
    assert "Finish and stop here" in html
    done = cast.tess.post(f"{draft}/finish", {"revision": "1"})
    assert done.headers["location"] == f"/clients/{cast.cleo.client_id}/plan?said=screen-stopped"


def test_finishing_twice_finishes_once(cast: Cast) -> None:
    draft = finished(cast)
    again = cast.tess.post(f"{draft}/finish", {"revision": "1"})
    assert (again.status_code, again.headers["location"]) == (303, f"{draft}?said=screen-was-finished")
    assert save(cast, draft, {"note": ("later",)}, 1).status_code == 409
    for path in ("edit", "preview"):
        assert cast.tess.get(f"{draft}/{path}").headers["location"] == draft


def test_a_preview_that_is_out_of_date_is_shown_again(sqlite_cast: Cast) -> None:
    draft = start(sqlite_cast)
    save(sqlite_cast, draft, typed())
    save(sqlite_cast, draft, typed(note="More."), 1)
    answer = sqlite_cast.tess.post(f"{draft}/finish", {"revision": "1"})
    assert answer.status_code == 409
    assert "The draft was changed after this preview" in answer.text


# --- reading and mending ----------------------------------------------------------------------------------------------


def test_a_finished_screen_is_read_with_findings_answers_and_what_it_led_to(sqlite_cast: Cast) -> None:
    screen = finished(sqlite_cast, typed(note="Relaxed."))
    html = words(page(sqlite_cast, screen))
    for shown in ("34 years, female, 64 kg", "Relaxed.", "no to all", "none ticked", "Plan 1, made from it", "tipped forward"):
        assert shown in html, shown


def test_a_draft_is_not_read_but_gone_on_with(sqlite_cast: Cast) -> None:
    draft = start(sqlite_cast)
    assert sqlite_cast.tess.get(draft).headers["location"] == f"{draft}/edit"


def test_mending_goes_by_a_reason_and_both_screens_point_to_each_other(cast: Cast) -> None:
    first = finished(cast)
    assert cast.tess.post(f"{first}/mend", {"reason": " "}).status_code == 422
    second = cast.tess.post(f"{first}/mend", {"reason": "The wrong leg."}).headers["location"].removesuffix("/edit")
    html = page(cast, f"{second}/edit")
    assert value(html, "supersede_reason") == "The wrong leg."
    assert value(html, "measurements.AKE.left.value") == "12"
    assert f'href="{second}/edit"' in page(cast, first)
    cast.tess.post(f"{second}/finish", {"revision": "0"})
    assert f'href="{second}"' in page(cast, first)
    assert "Mended by a later one" in page(cast, first)
    assert f'href="{first}"' in page(cast, second)
    assert "The wrong leg." in page(cast, second)
    assert "Mend this screen" not in page(cast, first)


def test_pages_of_screens_are_not_kept_by_the_browser(sqlite_cast: Cast) -> None:
    assert sqlite_cast.tess.get(start(sqlite_cast) + "/edit").headers["cache-control"] == "no-store"


def test_an_archived_client_can_be_read_and_not_screened(cast: Cast) -> None:
    screen = finished(cast)
    with cast.work("tess") as store:
        clients.archive_client(store, cast.cleo.client_id or 0, cast.clock())
    assert "Mend this screen" not in page(cast, screen)
    assert cast.tess.post(f"/clients/{cast.cleo.client_id}/screens").status_code == 409
    assert cast.tess.post(f"{screen}/mend", {"reason": "x"}).status_code == 409


# --- one more row in the table ----------------------------------------------------------------------------------------

REACH = ScreenTest(
    id="REACH",
    name="Standing reach to the floor",
    short="Floor reach",
    measures="fingertips to floor",
    section=Section.STANDING,
    targets=("hamstrings",),
    sides=BOTH,
    unit=CENTIMETRES,
    input_range=(0, 80),
    better="lower",
    bounds=Fixed((5, 15, 30)),
    severe=SevereAction.REGRESS,
    minimum=True,
    procedure="Stand tall, bend and reach down.",
    origin=Origin.JUDGEMENT,
    source="a row of this test",
    origin_note="all ours",
    extra=(ExtraField("knees", "Knees", "choice", choices=(Choice("straight", "kept straight"), Choice("bent", "bent")), required=True),),
)


@pytest.fixture
def reach(monkeypatch: pytest.MonkeyPatch) -> ScreenTest:
    """The battery with one more row, wherever the table is used."""
    tables = {
        "BATTERY": (*BATTERY, REACH),
        "TESTS": {**battery.TESTS, REACH.id: REACH},
        "MINIMUM": (*battery.MINIMUM, REACH),
    }
    for module in [module for name, module in sys.modules.items() if name.startswith("app.")]:
        for name, table in tables.items():
            if getattr(module, name, None) is getattr(battery, name) and module is not battery:
                monkeypatch.setattr(module, name, table)
    for name, table in tables.items():
        monkeypatch.setattr(battery, name, table)
    return REACH


def test_a_test_is_added_by_a_row_of_the_table_alone(sqlite_cast: Cast, reach: ScreenTest) -> None:
    cast = sqlite_cast
    at = f"measurements.{reach.id}.both"
    draft = start(cast)
    html = page(cast, f"{draft}/edit")
    for shown in (reach.short, reach.measures, reach.procedure, reach.source, "up to 5 cm", f'name="{at}.value"', "kept straight"):
        assert shown in html, shown
    save(cast, draft, typed())
    assert "Floor reach is missing." in page(cast, f"{draft}/preview")
    save(cast, draft, {**typed(), f"{at}.value": ("90",), f"{at}.extra.knees": ("straight",)}, 1)
    assert "Between 0 and 80 cm." in page(cast, f"{draft}/edit")
    save(cast, draft, {**typed(), f"{at}.value": ("20",), f"{at}.extra.knees": ("straight",)}, 2)
    assert re.search(r'moderate" id="chip-measurements.REACH.both"', page(cast, f"{draft}/edit"))
    assert cast.tess.post(f"{draft}/finish", {"revision": "3"}).status_code == 303
    assert "knees: kept straight" in page(cast, draft)

    path = f"/clients/{cast.cleo.client_id}/screens"
    sent = body()
    assert [one["field"] for one in cast.tess.api.post(path, sent).json()["errors"]] == ["measurements.REACH.both"]
    sent["measurements"] += [{"test": reach.id, "side": "both", "value": 20, "extra": {"knees": "bent"}}]
    logged = cast.tess.api.post(path, sent)
    assert logged.status_code == 201, logged.text
    assert [(one["grade"], one["reference"]) for one in logged.json()["findings"] if one["test"] == reach.id] == [(2, "up to 5 cm")]


def test_a_painful_situation_typed_and_sent_stops_alike(sqlite_cast: Cast) -> None:
    by_page = finished(sqlite_cast, typed(STOPPED))
    by_program = sqlite_cast.tess.api.post(f"/clients/{sqlite_cast.cleo.client_id}/screens", body(STOPPED)).json()
    listed = sqlite_cast.tess.api.get(f"/clients/{sqlite_cast.cleo.client_id}/screens").json()["items"]
    assert listed[0]["findings"] == listed[1]["findings"] == by_program["findings"]
    assert f"/{listed[1]['id']}" in by_page
