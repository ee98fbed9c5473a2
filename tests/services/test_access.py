"""A client's phone: one link, one use, ten minutes; and her devices."""

import threading
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta

import pytest

from app.errors import Conflict, NotAllowed, NotFound
from app.models import Studio
from app.services import access, clients
from app.services.accounts import actor_of_cookie
from tests.cast import Cast


def make(cast: Cast, who: str = "tess", client: str = "cleo") -> str:
    with cast.work(who) as store:
        return access.make_link(store, cast.people[client].client_id or 0, cast.clock())[1]


def opens_for(cast: Cast, token: str, *, is_local: bool = True) -> str | None:
    with cast.database.work(writes=False) as store:
        client = access.welcome(store, token, cast.clock(), is_local=is_local)
    return client.name if client else None


def open_it(cast: Cast, token: str, who: str | None = None) -> str:
    actor = cast.actor(who) if who else None
    with cast.database.work(writes=True) as store:
        return access.open_link(store, token, "a phone", cast.clock(), who=actor, is_local=True)


def is_signed_in(cast: Cast, session: str) -> bool:
    with cast.database.work(writes=False) as store:
        return actor_of_cookie(store, session, cast.clock(), is_local=True) is not None


def test_a_link_signs_cleos_phone_in_for_thirty_days(cast: Cast) -> None:
    session = open_it(cast, make(cast))
    cast.clock.move(days=29, hours=23)
    assert is_signed_in(cast, session)
    cast.clock.move(hours=1)
    assert not is_signed_in(cast, session)


def test_looking_at_a_link_does_not_use_it_up(cast: Cast) -> None:
    token = make(cast)
    assert [opens_for(cast, token) for _ in range(3)] == ["Cleo"] * 3
    open_it(cast, token)
    assert opens_for(cast, token) is None


def test_a_link_works_once(cast: Cast) -> None:
    token = make(cast)
    open_it(cast, token)
    with pytest.raises(NotFound):
        open_it(cast, token)


def test_two_phones_at_once_use_it_once(cast: Cast) -> None:
    token = make(cast)
    opened: list[bool] = []

    def attempt() -> None:
        try:
            open_it(cast, token)
        except NotFound:
            opened.append(False)
        else:
            opened.append(True)

    threads = [threading.Thread(target=attempt) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(opened) == [False, False, False, True]


def test_a_phone_opens_its_link_while_tess_makes_a_new_one(cast: Cast) -> None:
    token = make(cast)
    with ThreadPoolExecutor(1) as pool:
        with cast.database.work(writes=True) as store:
            store.accounts.access_link(token, hold=True)
            new = pool.submit(make, cast)
            wait([new], timeout=0.5)  # it waits for the link, which is held here
            session = access.open_link(store, token, "a phone", cast.clock(), who=None, is_local=True)
        assert opens_for(cast, new.result()) == "Cleo"
    assert is_signed_in(cast, session)


def test_a_link_is_good_for_ten_minutes(cast: Cast) -> None:
    token = make(cast)
    cast.clock.move(minutes=9, seconds=59)
    assert opens_for(cast, token) == "Cleo"
    cast.clock.move(seconds=1)
    assert opens_for(cast, token) is None
    with pytest.raises(NotFound):
        open_it(cast, token)


def test_a_new_link_ends_the_former(cast: Cast) -> None:
    former = make(cast)
    assert opens_for(cast, make(cast)) == "Cleo"
    assert opens_for(cast, former) is None


def test_a_link_can_be_taken_back(cast: Cast) -> None:
    token = make(cast)
    with cast.work("tess") as store:
        access.end_link(store, cast.cleo.client_id or 0, cast.clock())
    assert opens_for(cast, token) is None


@pytest.mark.parametrize("token", ["", "nonsense", "x" * 5000, "\ud800"])
def test_a_link_that_never_was_opens_nothing(cast: Cast, token: str) -> None:
    assert opens_for(cast, token) is None


def test_where_staff_are_signed_in_it_does_not_open_and_stays_whole(cast: Cast) -> None:
    token = make(cast)
    with pytest.raises(Conflict):
        open_it(cast, token, who="tess")
    assert opens_for(cast, token) == "Cleo"


def test_a_new_link_on_the_same_phone_takes_the_former_sign_ins_place(cast: Cast) -> None:
    former = open_it(cast, make(cast))
    with cast.database.work(writes=True) as store:
        signed_in = actor_of_cookie(store, former, cast.clock(), is_local=True)
        assert signed_in is not None
        who = signed_in.actor
    token = make(cast)
    with cast.database.work(writes=True) as store:
        session = access.open_link(store, token, "a phone", cast.clock(), who=who, is_local=True)
    assert is_signed_in(cast, session)
    assert not is_signed_in(cast, former)


def test_tess_sees_cleos_devices_and_ends_one(cast: Cast) -> None:
    session = open_it(cast, make(cast))
    client_id = cast.cleo.client_id or 0
    with cast.work("tess") as store:
        devices = access.access(store, client_id, cast.clock()).devices
        assert len(devices) == 2
        access.end_device(store, client_id, devices[0].id, cast.clock())
    assert not is_signed_in(cast, session)
    with cast.work("tess") as store:
        assert len(access.access(store, client_id, cast.clock()).devices) == 1


def test_tess_ends_no_device_of_somebody_else(cast: Cast) -> None:
    with cast.work("tom") as store:
        (of_colin,) = access.access(store, cast.colin.client_id or 0, cast.clock()).devices
    with cast.work("tess") as store, pytest.raises(NotFound):
        access.end_device(store, cast.cleo.client_id or 0, of_colin.id, cast.clock())
    with cast.work("tess") as store, pytest.raises(NotFound):
        access.end_device(store, cast.colin.client_id or 0, of_colin.id, cast.clock())


def test_only_her_trainer_gives_access(cast: Cast) -> None:
    for who, refusal in (("tom", NotFound), ("bea", NotFound), ("ada", NotAllowed), ("cleo", NotAllowed)):
        with pytest.raises(refusal):
            make(cast, who)


def test_an_archived_client_gets_no_link_and_a_former_one_opens_nothing(cast: Cast) -> None:
    token = make(cast)
    with cast.work("tess") as store:
        clients.archive_client(store, cast.cleo.client_id or 0, cast.clock())
    assert opens_for(cast, token) is None
    with pytest.raises(Conflict):
        make(cast)


def test_a_demo_client_is_let_in_on_this_computer_only(cast: Cast) -> None:
    token = make(cast)
    with cast.database.work(writes=True) as store:
        for studio in store.session.query(Studio):
            studio.is_demo = True
    assert opens_for(cast, token, is_local=False) is None
    assert opens_for(cast, token) == "Cleo"


def test_the_link_page_knows_until_when_the_last_link_is_good(cast: Cast) -> None:
    client_id = cast.cleo.client_id or 0
    make(cast)
    with cast.work("tess") as store:
        assert access.access(store, client_id, cast.clock()).open_until == cast.clock() + timedelta(minutes=10)
    cast.clock.move(minutes=10)
    with cast.work("tess") as store:
        assert access.access(store, client_id, cast.clock()).open_until is None
