"""The client pages: list, profile, consent, sharing, archive."""

import re
from html import unescape

import pytest
from httpx2 import Response

from app.rules.vocabulary import Sex
from app.services import clients
from app.services.clients import CONSENT_VERSION, ClientFields
from tests.cast import DAY, Cast
from tests.screening import STOPPED, TIGHT, body
from tests.world import contents

DORA = {"name": "Dora Field", "birth_year": "1980", "sex": "female", "body_weight": "62,5", "weight_unit": "kg"}


def add(cast: Cast, *names: str) -> list[int]:
    with cast.work("tess") as store:
        fields = [ClientFields(name=name, birth_year=1980, sex=Sex.FEMALE) for name in names]
        return [clients.add_client(store, one, cast.clock(), DAY, consented_on=DAY).id for one in fields]


def text(answer: Response) -> str:
    """What a page says, without its markup."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def names(answer: Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return re.findall(r'<th scope="row"><a href="/clients/\d+">([^<]+)</a>', unescape(answer.text))


def link(answer: Response, rel: str) -> str:
    found = re.search(rf'rel="{rel}" href="([^"]+)"', answer.text)
    assert found, f"no {rel} link"
    return unescape(found[1])


def stored(cast: Cast, client_id: int) -> ClientFields:
    with cast.work("tess", writes=False) as store:
        row = clients.get_client(store, client_id)
        return ClientFields(row.name, row.birth_year, Sex(row.sex), row.body_weight_kg, row.email, row.phone, row.goals)


def added(answer: Response) -> int:
    assert answer.status_code == 303, text(answer)
    found = re.fullmatch(r"/clients/(\d+)\?said=client-added", answer.headers["location"])
    assert found
    return int(found[1])


# --- the list -------------------------------------------------------------------------------------------------------


def test_tess_sees_her_clients_and_not_toms(cast: Cast) -> None:
    seen = names(cast.tess.get("/clients"))
    assert {"Cleo", "Cara"} <= set(seen)
    assert "Colin" not in seen


def test_the_list_says_where_things_stand(sqlite_cast: Cast) -> None:
    page = text(sqlite_cast.tess.get("/clients"))
    assert "Fay born 1975 no consent yet" in page
    assert "Cara born 1992 not screened yet" in page


def test_two_people_of_one_name_are_told_apart_by_birth_year(sqlite_cast: Cast) -> None:
    for year in ("1980", "1999"):
        added(sqlite_cast.tess.post("/clients", DORA | {"birth_year": year}))
    page = text(sqlite_cast.tess.get("/clients?query=dora"))
    assert "Dora Field born 1980" in page
    assert "Dora Field born 1999" in page


def test_sixty_clients_are_three_pages_forth_and_back(sqlite_cast: Cast) -> None:
    wanted = [f"P{number:02}" for number in range(60)]
    add(sqlite_cast, *wanted)
    first = sqlite_cast.tess.get("/clients?query=p")
    second = sqlite_cast.tess.get(link(first, "next"))
    third = sqlite_cast.tess.get(link(second, "next"))
    assert [*names(first), *names(second), *names(third)] == wanted
    assert [len(names(page)) for page in (first, second, third)] == [25, 25, 10]
    assert "Page 2 of 3, 60 clients" in text(second)
    assert names(sqlite_cast.tess.get(link(third, "prev"))) == names(second)
    assert "rel=" not in re.sub(r'rel="(?!prev|next)[^"]*"', "", third.text.replace('rel="prev"', ""))


def test_a_place_in_the_list_that_is_gone_starts_again(sqlite_cast: Cast) -> None:
    assert names(sqlite_cast.tess.get("/clients?after=999999")) == names(sqlite_cast.tess.get("/clients"))


def test_the_list_asks_the_database_as_often_for_ten_as_for_sixty(sqlite_cast: Cast) -> None:
    from sqlalchemy import event

    counted: list[str] = []
    engine = sqlite_cast.app.state.hinge.database.engine
    event.listen(engine, "before_cursor_execute", lambda *arguments: counted.append(arguments[2]))

    def queries() -> int:
        counted.clear()
        sqlite_cast.tess.get("/clients")
        return len(counted)

    add(sqlite_cast, *(f"P{number}" for number in range(6)))
    few = queries()
    add(sqlite_cast, *(f"Q{number}" for number in range(50)))
    assert queries() == few


def test_searching_goes_without_accents(cast: Cast) -> None:
    add(cast, "Zoë Ødegård")
    assert names(cast.tess.get("/clients", params={"query": "zoe ODEGARD"})) == ["Zoë Ødegård"]


def test_a_search_without_a_hit_says_so_and_offers_a_way_on(sqlite_cast: Cast) -> None:
    answer = sqlite_cast.tess.get("/clients?query=nobody<b>")
    assert "Nobody matches “nobody<b>”" in text(answer).replace("&lt;", "<")
    assert "<b>”" not in answer.text
    assert "Look among the archived" in text(answer)


def test_a_trainer_without_clients_is_told_the_first_step(sqlite_cast: Cast) -> None:
    for client in (sqlite_cast.ben,):
        sqlite_cast.bea.post(f"/clients/{client.client_id}/archive")
    assert "No active clients" in text(sqlite_cast.bea.get("/clients"))
    assert "Nobody is archived" in text(sqlite_cast.tess.get("/clients?show=archived"))


# --- adding and changing --------------------------------------------------------------------------------------------


def test_a_client_is_added_with_a_comma_in_her_weight(cast: Cast) -> None:
    dora = added(cast.tess.post("/clients", DORA | {"email": "dora@mail.example", "phone": "020 7946", "goals": "Less stiff."}))
    assert stored(cast, dora) == ClientFields("Dora Field", 1980, Sex.FEMALE, 62.5, "dora@mail.example", "020 7946", "Less stiff.")
    assert "First, the consent" in text(cast.tess.get(f"/clients/{dora}"))


def test_with_her_consent_the_next_step_is_the_screen(sqlite_cast: Cast) -> None:
    agreed = {"agreed": "yes", "consented_on": "2026-11-20", "how": "signed on paper"}
    dora = added(sqlite_cast.tess.post("/clients", DORA | agreed))
    page = text(sqlite_cast.tess.get(f"/clients/{dora}"))
    assert f"20 Nov 2026, signed on paper , version {CONSENT_VERSION}" in page
    assert "Ready for the first screen" in page


def test_a_moment_is_told_by_the_clock_on_the_studios_wall(sqlite_cast: Cast) -> None:
    with sqlite_cast.database.work(writes=True) as store:
        for studio in store.accounts.studios():
            studio.timezone = "Pacific/Kiritimati"
    for _ in range(2):  # past midnight there, and signed in all the while
        sqlite_cast.clock.move(minutes=45)
        assert sqlite_cast.tess.get("/clients").status_code == 200
    assert sqlite_cast.tess.post(f"/clients/{sqlite_cast.cara.client_id}/screens").status_code == 303
    page = text(sqlite_cast.tess.get(f"/clients/{sqlite_cast.cara.client_id}"))
    assert "Last saved on 24 Nov 2026" in page
    assert "24 November 2026, 00:30" in page


def test_a_minor_is_refused_with_the_reason_and_nothing_is_lost(sqlite_cast: Cast) -> None:
    before = contents(sqlite_cast)
    answer = sqlite_cast.tess.post("/clients", DORA | {"birth_year": "2010", "goals": "Jump higher"})
    assert answer.status_code == 422
    assert "the norms are for adults" in text(answer)
    for kept in ('value="Dora Field"', 'value="2010"', 'value="62,5"', "Jump higher"):
        assert kept in answer.text
    assert contents(sqlite_cast) == before


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "Do\u202era"}, "name"),
        ({"birth_year": "92"}, "birth_year"),
        ({"birth_year": "nineteen"}, "birth_year"),
        ({"birth_year": "9" * 4000}, "birth_year"),
        ({"sex": "other"}, "sex"),
        ({"body_weight": "12,,5"}, "body_weight"),
        ({"body_weight": "7"}, "body_weight"),
        ({"body_weight": "NaN"}, "body_weight"),
        ({"body_weight": "140", "weight_unit": "st"}, "weight_unit"),
        ({"email": "dora"}, "email"),
        ({"phone": "x"}, "phone"),
        ({"goals": "x" * 5000}, "goals"),
        ({"agreed": "yes", "consented_on": "2026-11-24", "how": "signed on paper"}, "consented_on"),
        ({"agreed": "yes", "consented_on": "0", "how": "signed on paper"}, "consented_on"),
        ({"agreed": "yes", "consented_on": "2026-11-20", "how": "by pigeon"}, "how"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(sqlite_cast: Cast, typed: dict[str, str], field: str) -> None:
    answer = sqlite_cast.tess.post("/clients", DORA | typed)
    assert answer.status_code == 422
    assert f'href="#f-{field}"' in answer.text


def test_all_that_is_wrong_in_a_form_is_said_at_once(sqlite_cast: Cast) -> None:
    """Whatever can't be read, forgotten or out of range: nobody mends a form in two rounds."""
    (dora,) = add(sqlite_cast, "Dora")
    before = contents(sqlite_cast)
    typed = {"name": "", "sex": "", "birth_year": "2015", "body_weight": "7", "email": "dora", "phone": "x"}
    answer = sqlite_cast.tess.post("/clients", DORA | typed | {"agreed": "yes", "consented_on": "2031-01-01"})
    fields = re.findall(r'href="#f-([a-z_]+)"', answer.text)
    assert fields == ["name", "birth_year", "sex", "body_weight", "email", "phone", "how"]
    answer = sqlite_cast.tess.post("/clients", DORA | typed | {"agreed": "yes", "consented_on": "2031-01-01", "how": "signed on paper"})
    assert re.findall(r'href="#f-([a-z_]+)"', answer.text) == [*fields[:-1], "consented_on"]
    answer = sqlite_cast.tess.post(f"/clients/{dora}/edit", DORA | typed)
    assert re.findall(r'href="#f-([a-z_]+)"', answer.text) == fields[:-1]
    answer = sqlite_cast.tess.post(
        "/clients", DORA | {"email": "dora", "agreed": "yes", "consented_on": "2031-01-01", "how": "signed on paper"}
    )
    assert re.findall(r'href="#f-([a-z_]+)"', answer.text) == ["email", "consented_on"]
    assert contents(sqlite_cast) == before


def test_the_list_of_what_is_wrong_names_each_field(sqlite_cast: Cast) -> None:
    answer = sqlite_cast.tess.post("/clients", {})
    for label in ("Name or code", "Birth year", "Sex"):
        assert f">{label}: Fill this in.</a>" in answer.text


def test_pounds_are_stored_as_kilograms_and_shown_as_pounds(sqlite_cast: Cast) -> None:
    sqlite_cast.tess.post("/account/units", {"units": "imperial"})
    assert '<span class="unit">lb</span>' in sqlite_cast.tess.get("/clients/new").text
    dora = added(sqlite_cast.tess.post("/clients", DORA | {"body_weight": "140", "weight_unit": "lb"}))
    assert stored(sqlite_cast, dora).body_weight_kg == 63.5
    assert "140 lb" in text(sqlite_cast.tess.get(f"/clients/{dora}"))
    assert 'value="140"' in sqlite_cast.tess.get(f"/clients/{dora}/edit").text


def test_a_weight_keeps_the_unit_that_stood_beside_it(sqlite_cast: Cast) -> None:
    sqlite_cast.tess.post("/account/units", {"units": "imperial"})
    dora = added(sqlite_cast.tess.post("/clients", DORA))
    assert stored(sqlite_cast, dora).body_weight_kg == 62.5


def test_a_profile_is_changed(cast: Cast) -> None:
    cleo = cast.cleo.client_id
    changed = {"name": "Cleo Marsh", "birth_year": "1991", "sex": "unspecified", "body_weight": "", "goals": "Deadlift"}
    assert cast.tess.post(f"/clients/{cleo}/edit", changed).headers["location"] == f"/clients/{cleo}?said=client-saved"
    assert cleo
    assert stored(cast, cleo) == ClientFields("Cleo Marsh", 1991, Sex.UNSPECIFIED, None, None, None, "Deadlift")


def test_free_text_says_what_does_not_belong_there(sqlite_cast: Cast) -> None:
    assert "No diagnoses here, and nothing about other people" in text(sqlite_cast.tess.get("/clients/new"))


def test_a_form_sent_after_the_session_ended_is_kept_and_sent_again(sqlite_cast: Cast) -> None:
    sqlite_cast.clock.move(hours=2)
    answer = sqlite_cast.tess.post("/clients", DORA)
    assert answer.status_code == 401
    kept = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', answer.text))
    assert kept == {"resume": "/clients", **DORA}
    password = {"sign_in_email": "tess@northside.example", "sign_in_password": "correct horse battery staple"}
    answer = sqlite_cast.tess.post("/sign-in", kept | password)
    assert (answer.status_code, answer.headers["location"]) == (307, "/clients")
    dora = added(sqlite_cast.tess.post("/clients", kept | password))
    assert stored(sqlite_cast, dora).body_weight_kg == 62.5


# --- consent --------------------------------------------------------------------------------------------------------


def test_consent_is_recorded_withdrawn_and_given_anew(cast: Cast) -> None:
    fay = cast.keys["world"]["fay"]
    agreed = {"consented_on": "2026-11-20", "how": "agreed in person"}
    assert cast.tess.post(f"/clients/{fay}/consent", agreed).headers["location"] == f"/clients/{fay}?said=consent-saved"
    assert "Agreed on 20 Nov 2026, agreed in person" in text(cast.tess.get(f"/clients/{fay}/consent"))
    cast.tess.post(f"/clients/{fay}/consent/withdraw")
    assert "Fay" not in names(cast.tess.get("/clients"))
    page = text(cast.tess.get(f"/clients/{fay}"))
    assert "The consent is withdrawn" in page
    assert "withdrawn on 23 Nov 2026" in page
    assert cast.tess.post(f"/clients/{fay}/restore").status_code == 409
    cast.tess.post(f"/clients/{fay}/consent", agreed)
    assert "Fay" in names(cast.tess.get("/clients"))


def test_a_consent_of_tomorrow_is_refused(sqlite_cast: Cast) -> None:
    fay = sqlite_cast.keys["world"]["fay"]
    answer = sqlite_cast.tess.post(f"/clients/{fay}/consent", {"consented_on": "2026-11-24", "how": "signed on paper"})
    assert answer.status_code == 422
    assert "This day has not come yet." in text(answer)


# --- archive and sharing --------------------------------------------------------------------------------------------


def test_archiving_is_undone_on_the_page_itself(cast: Cast) -> None:
    cara = cast.cara.client_id
    assert cast.tess.post(f"/clients/{cara}/archive").headers["location"] == f"/clients/{cara}?said=client-archived"
    page = cast.tess.get(f"/clients/{cara}?said=client-archived")
    assert f'<form method="post" action="/clients/{cara}/restore"' in page.text
    assert "Cara" in names(cast.tess.get("/clients?show=archived"))
    cast.tess.post(f"/clients/{cara}/restore")
    assert "Cara" in names(cast.tess.get("/clients"))


def test_an_archived_profile_is_readable_and_nothing_else(sqlite_cast: Cast) -> None:
    cara = sqlite_cast.cara.client_id
    sqlite_cast.tess.post(f"/clients/{cara}/archive")
    before = contents(sqlite_cast)
    assert sqlite_cast.tess.get(f"/clients/{cara}").status_code == 200
    assert sqlite_cast.tess.get(f"/clients/{cara}/consent").status_code == 200
    assert sqlite_cast.tess.get(f"/clients/{cara}/edit").status_code == 409
    assert sqlite_cast.tess.post(f"/clients/{cara}/edit", DORA).status_code == 409
    assert sqlite_cast.tess.post(f"/clients/{cara}/trainers", {"colleague": str(sqlite_cast.tom.user_id)}).status_code == 409
    assert contents(sqlite_cast) == before


def test_tess_shares_cara_with_tom_and_hands_her_over(cast: Cast) -> None:
    cara = cast.cara.client_id
    assert cast.tom.get(f"/clients/{cara}").status_code == 404
    cast.tess.post(f"/clients/{cara}/trainers", {"colleague": str(cast.tom.user_id)})
    assert "Tess Stop sharing Tess" in text(cast.tom.get(f"/clients/{cara}"))
    answer = cast.tess.post(f"/clients/{cara}/trainers/{cast.tess.user_id}/stop")
    assert answer.headers["location"] == "/clients?said=client-handed-over"
    assert cast.tess.get(f"/clients/{cara}").status_code == 404
    assert cast.tom.post(f"/clients/{cara}/trainers/{cast.tom.user_id}/stop").status_code == 409


def test_she_is_never_shared_with_another_studio(sqlite_cast: Cast) -> None:
    for colleague in (str(sqlite_cast.bea.user_id), str(sqlite_cast.nia.user_id), str(sqlite_cast.ada.user_id)):
        assert sqlite_cast.tess.post(f"/clients/{sqlite_cast.cara.client_id}/trainers", {"colleague": colleague}).status_code == 404
    assert sqlite_cast.tess.post(f"/clients/{sqlite_cast.cara.client_id}/trainers", {"colleague": ""}).status_code == 422


@pytest.mark.parametrize(("found", "step"), [(TIGHT, "Plan 1 is in force"), (STOPPED, "Stopped until a professional has answered")])
def test_the_next_step_after_a_screen(sqlite_cast: Cast, found: str, step: str) -> None:
    cara = sqlite_cast.cara.client_id
    assert sqlite_cast.tess.api.post(f"/clients/{cara}/screens", body(found)).status_code == 201
    page = sqlite_cast.tess.get(f"/clients/{cara}")
    assert step in text(page)
    assert f'<a class="button primary" href="/clients/{cara}/plan">' in page.text
