"""Profiles, consent and sharing, as the use cases see them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import date, timedelta
from threading import Event

import pytest
from sqlalchemy import select

from app.errors import Conflict, Invalid, NotAllowed, NotFound
from app.models import AuditEvent, Consent, Plan
from app.rules.documents import Person
from app.rules.vocabulary import Sex
from app.services import access, clients, screens
from app.services.clients import ClientFields, How, Standing, standing
from app.store import Store
from tests.cast import DAY, Cast
from tests.screening import sent

DORA = ClientFields(name="Dora Field", birth_year=1980, sex=Sex.FEMALE, body_weight_kg=62.5, email="dora@mail.example", phone="+44 20 7946")


def add(cast: Cast, fields: ClientFields = DORA, who: str = "tess", consented_on: date | None = DAY) -> int:
    with cast.work(who) as store:
        return clients.add_client(store, fields, cast.clock(), DAY, consented_on=consented_on).id


def found(cast: Cast, query: str, who: str = "tess") -> list[str]:
    with cast.work(who, writes=False) as store:
        return [client.name for client in clients.list_clients(store, query, 25, archived=False).clients]


def stands(cast: Cast, client_id: int, who: str = "tess") -> Standing:
    with cast.work(who, writes=False) as store:
        return standing(clients.profile(store, client_id).facts)


def problems(refusal: pytest.ExceptionInfo[Invalid]) -> list[str]:
    return [error.field for error in refusal.value.errors]


# --- profiles -------------------------------------------------------------------------------------------------------


def test_whoever_adds_a_client_trains_her(cast: Cast) -> None:
    dora = add(cast)
    with cast.work("tess", writes=False) as store:
        assert [trainer.name for trainer in clients.profile(store, dora).trainers] == ["Tess"]


def test_a_colleague_does_not_see_her_nor_does_the_admin(cast: Cast) -> None:
    dora = add(cast)
    with cast.work("tom", writes=False) as store, pytest.raises(NotFound):
        clients.get_client(store, dora)
    with cast.work("ada", writes=False) as store, pytest.raises(NotAllowed):
        clients.get_client(store, dora)


def test_a_client_gets_herself_and_nobody_else(cast: Cast) -> None:
    assert cast.cleo.client_id
    assert cast.cara.client_id
    with cast.work("cleo", writes=False) as store:
        assert clients.get_client(store, cast.cleo.client_id).name == "Cleo"
        with pytest.raises(NotFound):
            clients.get_client(store, cast.cara.client_id)


@pytest.mark.parametrize("birth_year", [DAY.year - 17, DAY.year + 1, 1899, 92])
def test_minors_and_impossible_years_are_refused(sqlite_cast: Cast, birth_year: int) -> None:
    with sqlite_cast.work("tess") as store, pytest.raises(Invalid) as refusal:
        clients.add_client(store, replace(DORA, birth_year=birth_year), sqlite_cast.clock(), DAY, consented_on=None)
    assert problems(refusal) == ["birth_year"]


def test_the_reason_for_refusing_a_minor_is_the_norms(sqlite_cast: Cast) -> None:
    with sqlite_cast.work("tess") as store, pytest.raises(Invalid) as refusal:
        clients.add_client(store, replace(DORA, birth_year=DAY.year - 17), sqlite_cast.clock(), DAY, consented_on=None)
    assert "the norms are for adults" in refusal.value.errors[0].message


def test_eighteen_this_year_is_old_enough(sqlite_cast: Cast) -> None:
    assert add(sqlite_cast, replace(DORA, birth_year=DAY.year - 18), consented_on=None)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": "   "}, "name"),
        ({"body_weight_kg": 6.25}, "body_weight_kg"),
        ({"body_weight_kg": 625.0}, "body_weight_kg"),
        ({"body_weight_kg": float("nan")}, "body_weight_kg"),
        ({"email": "dora"}, "email"),
        ({"email": "dora@mail@example"}, "email"),
        ({"phone": "none"}, "phone"),
    ],
)
def test_a_slip_of_the_finger_is_named(sqlite_cast: Cast, wrong: dict[str, object], field: str) -> None:
    with sqlite_cast.work("tess") as store, pytest.raises(Invalid) as refusal:
        clients.add_client(store, replace(DORA, **wrong), sqlite_cast.clock(), DAY, consented_on=None)  # type: ignore[arg-type]  # a table of cases
    assert problems(refusal) == [field]


def test_a_profile_is_changed_and_found_by_its_new_name(cast: Cast) -> None:
    dora = add(cast)
    with cast.work("tess") as store:
        clients.save_client(store, dora, replace(DORA, name="D-17", body_weight_kg=None), cast.clock(), DAY)
    assert found(cast, "d-17") == ["D-17"]
    assert found(cast, "field") == []


def test_the_rules_get_her_age_of_the_day(cast: Cast) -> None:
    dora = add(cast)
    with cast.work("tess", writes=False) as store:
        client = clients.get_client(store, dora)
        assert clients.person_on(client, date(2030, 1, 1)) == Person(age=50, sex=Sex.FEMALE, body_weight_kg=62.5)


def test_each_change_leaves_a_line_in_the_log_without_her_name(cast: Cast) -> None:
    dora = add(cast)
    with cast.work("tess") as store:
        clients.archive_client(store, dora, cast.clock())
    with cast.database.work(writes=False) as store:
        lines = store.session.scalars(select(AuditEvent).where(AuditEvent.noun == "client", AuditEvent.subject_id == dora)).all()
    assert [line.verb for line in lines] == ["added", "recorded consent of", "archived"]
    assert {line.actor_id for line in lines} == {cast.tess.user_id}


# --- the list -------------------------------------------------------------------------------------------------------


def test_searching_takes_no_notice_of_accents_case_or_the_order_of_words(cast: Cast) -> None:
    add(cast, replace(DORA, name="Zoë Łukasz-Ødegård", email=None, phone=None))
    for query in ("zoe", "ZOË", "lukasz odegard", "Ødegård zoë", "ukas"):
        assert found(cast, query) == ["Zoë Łukasz-Ødegård"], query
    add(cast, replace(DORA, name="Nora O’Brien", email=None, phone=None))
    assert found(cast, "o'brien") == found(cast, "O’Brien") == ["Nora O’Brien"]


def test_searching_finds_contact_and_phone_as_digits(cast: Cast) -> None:
    add(cast)
    assert found(cast, "dora@mail") == found(cast, "4420") == found(cast, "20 7946") == ["Dora Field"]


@pytest.mark.parametrize("query", ["%", "_", "\\", "%%_", "d%a"])
def test_a_search_is_literal(cast: Cast, query: str) -> None:
    add(cast)
    assert found(cast, query) == []


def test_pages_go_forth_and_back_without_gaps(cast: Cast) -> None:
    for number in range(7):
        add(cast, replace(DORA, name=f"P{number}", email=None, phone=None))
    with cast.work("tess", writes=False) as store:
        first = clients.list_clients(store, "p", 3, archived=False)
        second = clients.list_clients(store, "p", 3, archived=False, after=first.after)
        third = clients.list_clients(store, "p", 3, archived=False, after=second.after)
        back = clients.list_clients(store, "p", 3, archived=False, before=third.before)
    names = [[client.name for client in page.clients] for page in (first, second, third)]
    assert names == [["P0", "P1", "P2"], ["P3", "P4", "P5"], ["P6"]]
    assert [page.start for page in (first, second, third)] == [0, 3, 6]
    assert (first.before, third.after, first.total) == (None, None, 7)
    assert back == second


def test_a_place_that_is_somebody_elses_client_is_refused(cast: Cast) -> None:
    with cast.work("tess", writes=False) as store, pytest.raises(Invalid):
        clients.list_clients(store, "", 3, archived=False, after=cast.colin.client_id)


def test_two_people_of_one_name_are_two(cast: Cast) -> None:
    add(cast), add(cast, replace(DORA, birth_year=1999))
    with cast.work("tess", writes=False) as store:
        rows = clients.list_clients(store, "dora", 25, archived=False).clients
    assert [row.birth_year for row in rows] == [1980, 1999]


# --- consent --------------------------------------------------------------------------------------------------------


def test_consent_keeps_its_text_version_and_date(cast: Cast) -> None:
    dora = add(cast, consented_on=None)
    assert stands(cast, dora) is Standing.NO_CONSENT
    with cast.work("tess") as store:
        clients.record_consent(store, dora, DAY - timedelta(days=2), How.SIGNED, cast.clock(), DAY)
    with cast.work("tess", writes=False) as store:
        consent = clients.profile(store, dora).consents[0]
    assert (consent.text, consent.version) == (clients.CONSENT_TEXT, clients.CONSENT_VERSION)
    assert (consent.consented_on, consent.how, consent.recorded_by) == (DAY - timedelta(days=2), "signed on paper", cast.tess.user_id)
    assert stands(cast, dora) is Standing.UNSCREENED


@pytest.mark.parametrize("on", [DAY + timedelta(days=1), date(1990, 1, 1)])
def test_consent_is_neither_of_the_future_nor_of_her_childhood(sqlite_cast: Cast, on: date) -> None:
    with sqlite_cast.work("tess") as store, pytest.raises(Invalid) as refusal:
        clients.add_client(store, DORA, sqlite_cast.clock(), DAY, consented_on=on)
    assert problems(refusal) == ["consented_on"]


def test_withdrawing_archives_and_a_new_consent_brings_her_back(cast: Cast) -> None:
    dora = add(cast)
    with cast.work("tess") as store:
        clients.withdraw_consent(store, dora, cast.clock())
    assert stands(cast, dora) is Standing.WITHDRAWN
    with cast.work("tess") as store, pytest.raises(Conflict):
        clients.restore_client(store, dora, cast.clock())
    with cast.work("tess") as store, pytest.raises(Conflict):
        clients.ensure_consent(store, clients.get_client(store, dora), DAY, cast.clock(), clients.BY_API)
    with cast.work("tess") as store:
        clients.record_consent(store, dora, DAY, How.SPOKEN, cast.clock(), DAY)
    assert stands(cast, dora) is Standing.UNSCREENED
    with cast.work("tess", writes=False) as store:
        assert [consent.withdrawn_at is None for consent in clients.profile(store, dora).consents] == [True, False]


def test_no_program_replaces_a_consent_that_was_withdrawn_and_it_is_said_what_to_do(cast: Cast) -> None:
    dora = add(cast)
    with cast.work("tess") as store:
        client = clients.withdraw_consent(store, dora, cast.clock())
        with pytest.raises(Conflict) as refusal:
            clients.ensure_consent(store, client, DAY, cast.clock(), clients.BY_API)
        assert "A new consent brings the profile back." in str(refusal.value)
        assert len(clients.profile(store, dora).consents) == 1


def test_an_archived_client_can_still_withdraw(cast: Cast) -> None:
    dora = add(cast)
    with cast.work("tess") as store:
        clients.archive_client(store, dora, cast.clock())
    with cast.work("tess") as store:
        clients.withdraw_consent(store, dora, cast.clock())
    assert stands(cast, dora) is Standing.WITHDRAWN


def test_one_consent_is_enough(cast: Cast) -> None:
    dora = add(cast)
    with cast.work("tess") as store:
        client = clients.get_client(store, dora)
        assert clients.ensure_consent(store, client, DAY, cast.clock(), "again") == clients.consent_in_force(store, client)
        with pytest.raises(Conflict):
            clients.record_consent(store, dora, DAY, How.SIGNED, cast.clock(), DAY)


def test_an_archived_profile_is_read_but_not_written(cast: Cast) -> None:
    dora = add(cast)
    with cast.work("tess") as store:
        clients.archive_client(store, dora, cast.clock())
    assert stands(cast, dora) is Standing.ARCHIVED
    assert found(cast, "dora") == []
    with cast.work("tess") as store, pytest.raises(Conflict):
        clients.save_client(store, dora, DORA, cast.clock(), DAY)
    with cast.work("tess") as store, pytest.raises(Conflict):
        clients.share_client(store, dora, cast.tom.user_id, cast.clock())
    with cast.work("tess") as store:
        clients.restore_client(store, dora, cast.clock())
    assert found(cast, "dora") == ["Dora Field"]


# --- sharing --------------------------------------------------------------------------------------------------------


def test_shared_with_tom_she_is_his_client_too(cast: Cast) -> None:
    dora = add(cast)
    with cast.work("tess") as store:
        assert [user.name for user in clients.profile(store, dora).colleagues] == ["Tom"]
        clients.share_client(store, dora, cast.tom.user_id, cast.clock())
    assert found(cast, "dora", "tom") == ["Dora Field"]
    with cast.work("tess") as store:
        clients.stop_sharing(store, dora, cast.tom.user_id, cast.clock())
    assert found(cast, "dora", "tom") == []


def test_tess_may_hand_her_over(cast: Cast) -> None:
    dora = add(cast)
    with cast.work("tess") as store:
        clients.share_client(store, dora, cast.tom.user_id, cast.clock())
    with cast.work("tess") as store:
        clients.stop_sharing(store, dora, cast.tess.user_id, cast.clock())
    assert found(cast, "dora") == []
    assert found(cast, "dora", "tom") == ["Dora Field"]


def test_the_last_trainer_stays(cast: Cast) -> None:
    dora = add(cast)
    with cast.work("tess") as store, pytest.raises(Conflict):
        clients.stop_sharing(store, dora, cast.tess.user_id, cast.clock())


def test_two_trainers_cant_both_go_at_once(cast: Cast) -> None:
    dora = add(cast)
    with cast.work("tess") as store:
        clients.share_client(store, dora, cast.tom.user_id, cast.clock())

    def goes(name: str) -> bool:
        try:
            with cast.work(name) as store:
                clients.stop_sharing(store, dora, cast.people[name].user_id, cast.clock())
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(goes, ("tess", "tom"))) == [False, True]


@pytest.mark.parametrize("who", ["bea", "ada", "nia", "cleo"])
def test_she_is_shared_only_with_trainers_who_work_here(cast: Cast, who: str) -> None:
    dora = add(cast)
    with cast.work("tess") as store, pytest.raises(NotFound):
        clients.share_client(store, dora, cast.people[who].user_id, cast.clock())


# --- two at once ----------------------------------------------------------------------------------------------------

DOES: dict[str, Callable[[Cast, Store, int], object]] = {
    "archive": lambda cast, store, dora: clients.archive_client(store, dora, cast.clock()),
    "withdraw": lambda cast, store, dora: clients.withdraw_consent(store, dora, cast.clock()),
    "consent": lambda cast, store, dora: clients.record_consent(store, dora, DAY, How.SIGNED, cast.clock(), DAY),
    "share": lambda cast, store, dora: clients.share_client(store, dora, cast.tom.user_id, cast.clock()),
    "save": lambda cast, store, dora: clients.save_client(store, dora, DORA, cast.clock(), DAY),
    "unshare": lambda cast, store, dora: clients.stop_sharing(store, dora, cast.tom.user_id, cast.clock()),
    "note": lambda cast, store, dora: clients.note_event(store, dora, "fall", DAY, "", cast.clock(), DAY),
    "link": lambda cast, store, dora: access.make_link(store, dora, cast.clock()),
    "screen": lambda cast, store, dora: screens.log_screen(store, dora, sent(), cast.clock(), DAY),
}


def at_once(cast: Cast, dora: int, first: str, second: str) -> str | None:
    """Let a second use case begin, and see how things stand, before the first is stored; returns what it is refused with."""
    has_looked = Event()

    def meanwhile() -> str | None:
        try:
            with cast.work("tess") as store:
                seen = clients.get_client(store, dora)
                has_looked.set()
                DOES[second](cast, store, seen.id)
        except Conflict as refusal:
            return str(refusal)
        return None

    with ThreadPoolExecutor(1) as pool:
        with cast.work("tess") as store:
            DOES[first](cast, store, dora)
            store.session.flush()
            told = pool.submit(meanwhile)
            if has_looked.wait(0.2):  # SQLite lets it begin only afterwards
                wait([told], timeout=0.3)
        return told.result()


@pytest.mark.parametrize(
    ("away", "then"),
    [*(("archive", then) for then in ("save", "share", "unshare", "note", "link", "screen")), ("withdraw", "screen")],
)
def test_nothing_is_done_for_a_client_who_is_put_away_at_that_moment(cast: Cast, away: str, then: str) -> None:
    dora = add(cast)
    refused = at_once(cast, dora, away, then)
    assert refused is not None
    assert "archived" in refused
    with cast.work("tess", writes=False) as store:
        assert store.session.scalars(select(Plan).where(Plan.client_id == dora)).all() == []
        assert len(clients.profile(store, dora).consents) == 1


def test_two_consents_at_once_are_one(cast: Cast) -> None:
    dora = add(cast, consented_on=None)
    assert at_once(cast, dora, "consent", "consent") == "The consent is on record already."
    with cast.work("tess") as store:
        assert len(clients.profile(store, dora).consents) == 1
        clients.withdraw_consent(store, dora, cast.clock())
        assert clients.consent_in_force(store, clients.get_client(store, dora)) is None


def test_a_screen_takes_the_consent_that_is_recorded_at_that_moment(cast: Cast) -> None:
    dora = add(cast, consented_on=None)
    assert at_once(cast, dora, "consent", "screen") is None
    with cast.work("tess", writes=False) as store:
        assert [one.how for one in store.session.scalars(select(Consent).where(Consent.client_id == dora))] == [How.SIGNED]


def test_shared_twice_at_once_she_is_shared(cast: Cast) -> None:
    dora = add(cast)
    assert at_once(cast, dora, "share", "share") is None
    with cast.work("tess", writes=False) as store:
        assert [trainer.name for trainer in clients.profile(store, dora).trainers] == ["Tess", "Tom"]
