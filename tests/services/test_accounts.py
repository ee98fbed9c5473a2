"""Signing in and out, passwords, people and tokens, as the use cases see them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta
from typing import Any

import pytest

from app.errors import Conflict, Invalid, NotAllowed, NotFound, NotSignedIn
from app.models import Role
from app.services import accounts
from app.services.accounts import FREE_TRIES, IDLE, LONGEST_DAY
from app.services.passwords import hash_new
from tests.cast import PASSWORD, Cast
from tests.world import contents

NEW = "a very new password"
TESS = "tess@northside.example"


def tries(cast: Cast, password: str, email: str = TESS, *, is_local: bool = True) -> bool:
    """One try to sign in, just as the sign-in page does it; a right one starts a session."""
    with cast.database.work(writes=True) as store:
        attempt = accounts.count_try(store, email, cast.clock(), is_local=is_local)
    if not accounts.is_right(attempt, password):
        return False
    with cast.database.work(writes=True) as store:
        accounts.sign_in(store, attempt, "a browser", cast.clock())
    return True


def signs_in(cast: Cast, email: str = TESS, password: str = PASSWORD) -> str:
    with cast.database.work(writes=True) as store:
        attempt = accounts.count_try(store, email, cast.clock(), is_local=True)
        assert accounts.is_right(attempt, password)
        return accounts.sign_in(store, attempt, "a browser", cast.clock())


def is_in(cast: Cast, token: str) -> bool:
    with cast.database.work(writes=False) as store:
        return accounts.actor_of_cookie(store, token, cast.clock(), is_local=True) is not None


def token_works(cast: Cast, token: str) -> bool:
    with cast.database.work(writes=False) as store:
        return accounts.actor_of_token(store, token, cast.clock(), is_local=True) is not None


def change_password(cast: Cast, old: str = PASSWORD, new: str = NEW) -> None:
    with cast.work("tess") as store:
        user = accounts.own_account(store, cast.clock()).user
    wanted = accounts.new_password(user, old, new)
    with cast.work("tess") as store:
        accounts.change_password(store, wanted, cast.clock())


def as_ada(cast: Cast, what: Callable[..., Any], *arguments: Any) -> Any:
    with cast.work("ada") as store:
        return what(store, *arguments)


# --- signing in -----------------------------------------------------------------------------------------------------


def test_tess_signs_in_whatever_the_case_of_her_address(cast: Cast) -> None:
    assert tries(cast, PASSWORD, " Tess@Northside.Example ")


def test_a_wrong_password_does_not_sign_in(cast: Cast) -> None:
    assert not tries(cast, "wrong horse battery staple")
    assert not tries(cast, "")


def test_a_stranger_does_not_sign_in(cast: Cast) -> None:
    assert not tries(cast, PASSWORD, "nobody@northside.example")


def test_nia_who_has_left_does_not_sign_in(cast: Cast) -> None:
    assert not tries(cast, PASSWORD, "nia@northside.example")


def test_after_wrong_tries_even_the_right_password_has_to_wait(cast: Cast) -> None:
    for _ in range(FREE_TRIES + 1):
        assert not tries(cast, "wrong")
    assert not tries(cast, PASSWORD)
    cast.clock.move(seconds=1)
    assert not tries(cast, PASSWORD)
    cast.clock.move(seconds=1)
    assert tries(cast, PASSWORD)


def test_the_delay_grows_up_to_a_quarter_of_an_hour(sqlite_cast: Cast) -> None:
    waits = []
    for _ in range(16):
        tries(sqlite_cast, "wrong")
        with sqlite_cast.database.work(writes=False) as store:
            until = store.accounts.user(sqlite_cast.tess.user_id).wait_until
        waits.append((until - sqlite_cast.clock()).total_seconds() if until else 0)
        sqlite_cast.clock.move(minutes=20)
    assert waits == [0, 0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900, 900]


def test_signing_in_forgets_the_wrong_tries(cast: Cast) -> None:
    for _ in range(3):
        for _ in range(FREE_TRIES):
            assert not tries(cast, "wrong")
        assert tries(cast, PASSWORD)


def test_one_persons_wrong_tries_do_not_hinder_another(cast: Cast) -> None:
    for _ in range(FREE_TRIES + 1):
        tries(cast, "wrong")
    assert tries(cast, PASSWORD, "tom@northside.example")


def test_many_tries_at_once_are_no_way_around_the_delay(cast: Cast) -> None:
    def one(_: int) -> bool:
        with cast.database.work(writes=True) as store:
            return accounts.count_try(store, TESS, cast.clock(), is_local=True).may_try

    with ThreadPoolExecutor(8) as pool:
        allowed = sum(pool.map(one, range(24)))
    assert allowed == FREE_TRIES + 1


def test_a_password_that_changed_meanwhile_does_not_sign_in(cast: Cast) -> None:
    with cast.database.work(writes=True) as store:
        attempt = accounts.count_try(store, TESS, cast.clock(), is_local=True)
    change_password(cast)
    with cast.database.work(writes=True) as store, pytest.raises(NotSignedIn):
        accounts.sign_in(store, attempt, "a browser", cast.clock())


# --- sessions -------------------------------------------------------------------------------------------------------


def test_a_session_ends_after_an_idle_hour(cast: Cast) -> None:
    token = signs_in(cast)
    cast.clock.move(minutes=59)
    assert is_in(cast, token)
    cast.clock.now += IDLE - timedelta(minutes=59)
    assert not is_in(cast, token)


def test_a_busy_session_ends_after_twelve_hours(cast: Cast) -> None:
    token = signs_in(cast)
    began = cast.clock()
    while cast.clock() + timedelta(minutes=30) < began + LONGEST_DAY:
        cast.clock.move(minutes=30)
        with cast.database.work(writes=True) as store:
            found = accounts.actor_of_cookie(store, token, cast.clock(), is_local=True)
            assert found is not None
            assert found.actor.session_id is not None
            accounts.mark_seen(store, found.actor.session_id, cast.clock())
    cast.clock.now = began + LONGEST_DAY
    assert not is_in(cast, token)


def test_signing_out_everywhere_ends_every_session(cast: Cast) -> None:
    here, there = signs_in(cast), signs_in(cast)
    other = signs_in(cast, "tom@northside.example")
    with cast.work("tess") as store:
        accounts.sign_out_everywhere(store, cast.clock())
    assert (is_in(cast, here), is_in(cast, there), is_in(cast, other)) == (False, False, True)


def test_of_a_session_only_a_digest_is_kept(cast: Cast) -> None:
    token = signs_in(cast)
    assert token not in str(contents(cast))


# --- passwords ------------------------------------------------------------------------------------------------------


def test_a_new_password_takes_the_place_of_the_old_one_and_ends_other_sessions(cast: Cast) -> None:
    elsewhere = signs_in(cast)
    change_password(cast)
    assert not is_in(cast, elsewhere)
    assert not tries(cast, PASSWORD)
    assert tries(cast, NEW)


@pytest.mark.parametrize(("old", "new", "field"), [("wrong", NEW, "old_password"), (PASSWORD, "short", "new_password")])
def test_a_password_is_changed_only_by_who_knows_it_and_to_a_long_one(sqlite_cast: Cast, old: str, new: str, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        change_password(sqlite_cast, old, new)
    assert [error.field for error in refusal.value.errors] == [field]


def test_a_password_that_was_changed_at_that_moment_is_not_overwritten(cast: Cast) -> None:
    with cast.work("tess", writes=False) as store:
        wanted = accounts.new_password(accounts.own_account(store, cast.clock()).user, PASSWORD, "the other new password")
    change_password(cast)
    with cast.work("tess") as store, pytest.raises(Invalid) as refusal:
        accounts.change_password(store, wanted, cast.clock())
    assert [error.field for error in refusal.value.errors] == ["old_password"]
    assert tries(cast, NEW)


def test_a_reset_link_works_once(cast: Cast) -> None:
    elsewhere = signs_in(cast)
    _, link = as_ada(cast, accounts.make_reset_link, cast.tess.user_id, cast.clock())
    with cast.database.work(writes=True) as store:
        accounts.use_reset_link(store, link, hash_new(NEW), cast.clock(), is_local=True)
    assert not is_in(cast, elsewhere)
    assert tries(cast, NEW)
    with cast.database.work(writes=True) as store, pytest.raises(NotFound):
        accounts.use_reset_link(store, link, hash_new("another new password"), cast.clock(), is_local=True)


def test_a_reset_link_used_twice_at_once_works_once(cast: Cast) -> None:
    _, link = as_ada(cast, accounts.make_reset_link, cast.tess.user_id, cast.clock())

    def use(number: int) -> bool:
        try:
            with cast.database.work(writes=True) as store:
                accounts.use_reset_link(store, link, hash_new(f"{NEW} {number}"), cast.clock(), is_local=True)
        except NotFound:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(use, range(4))) == 1


def test_a_reset_link_lasts_a_day_and_ends_the_former(cast: Cast) -> None:
    _, first = as_ada(cast, accounts.make_reset_link, cast.tess.user_id, cast.clock())
    _, second = as_ada(cast, accounts.make_reset_link, cast.tess.user_id, cast.clock())

    def opens(link: str) -> bool:
        with cast.database.work(writes=False) as store:
            return accounts.reset_person(store, link, cast.clock(), is_local=True) is not None

    assert (opens(first), opens(second)) == (False, True)
    cast.clock.move(hours=24)
    assert not opens(second)


def test_a_reset_link_ends_the_delay(cast: Cast) -> None:
    for _ in range(FREE_TRIES + 5):
        tries(cast, "wrong")
    _, link = as_ada(cast, accounts.make_reset_link, cast.tess.user_id, cast.clock())
    with cast.database.work(writes=True) as store:
        accounts.use_reset_link(store, link, hash_new(NEW), cast.clock(), is_local=True)
    assert tries(cast, NEW)


# --- the people of a studio -----------------------------------------------------------------------------------------


def test_the_last_admin_can_neither_leave_nor_lose_the_role(cast: Cast) -> None:
    with cast.work("ada") as store, pytest.raises(Conflict):
        accounts.leave(store, cast.ada.user_id, cast.clock())
    with cast.work("ada") as store, pytest.raises(Conflict):
        accounts.set_roles(store, cast.ada.user_id, frozenset({Role.TRAINER}), cast.clock())
    as_ada(cast, accounts.set_roles, cast.tom.user_id, frozenset({Role.TRAINER, Role.ADMIN}), cast.clock())
    as_ada(cast, accounts.leave, cast.ada.user_id, cast.clock())
    with cast.work("tom") as store, pytest.raises(Conflict):
        accounts.leave(store, cast.tom.user_id, cast.clock())


def test_two_admins_cant_both_leave_at_once(cast: Cast) -> None:
    as_ada(cast, accounts.set_roles, cast.tom.user_id, frozenset({Role.ADMIN}), cast.clock())

    def leaves(name: str) -> bool:
        try:
            with cast.work(name) as store:
                accounts.leave(store, cast.people[name].user_id, cast.clock())
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(leaves, ("ada", "tom"))) == [False, True]


def test_an_admin_who_has_left_does_not_count(cast: Cast) -> None:
    as_ada(cast, accounts.set_roles, cast.tom.user_id, frozenset({Role.ADMIN}), cast.clock())
    as_ada(cast, accounts.leave, cast.tom.user_id, cast.clock())
    with cast.work("ada") as store, pytest.raises(Conflict):
        accounts.leave(store, cast.ada.user_id, cast.clock())


def test_whoever_leaves_is_signed_out_and_stays_out_until_she_is_back(cast: Cast) -> None:
    token = signs_in(cast)
    as_ada(cast, accounts.leave, cast.tess.user_id, cast.clock())
    assert not is_in(cast, token)
    assert not tries(cast, PASSWORD)
    as_ada(cast, accounts.come_back, cast.tess.user_id, cast.clock())
    assert not is_in(cast, token)
    assert tries(cast, PASSWORD)


def test_two_people_cant_have_one_address(cast: Cast) -> None:
    with cast.work("ada") as store, pytest.raises(Invalid):
        accounts.add_person(store, "Tess Two", TESS.upper(), frozenset({Role.TRAINER}), cast.clock())


def test_two_people_cant_have_one_address_in_two_studios_either(cast: Cast) -> None:
    """Bea's session does not see who works in the other studio; the database does."""
    with cast.work("bea") as store, pytest.raises(Invalid):
        accounts.add_person(store, "Tess Two", TESS, frozenset({Role.TRAINER}), cast.clock())
    with cast.work("bea") as store:
        accounts.add_person(store, "Tess Two", f"two-{TESS}", frozenset({Role.TRAINER}), cast.clock())


def test_somebody_signs_out_while_it_is_noted_that_she_has_left(cast: Cast) -> None:
    token = signs_in(cast)
    with ThreadPoolExecutor(1) as pool:
        with cast.work("tess") as store:
            found = store.accounts.sign_in_of(token)
            assert found is not None
            store.accounts.auth_session(found.actor.session_id or 0).ended_at = cast.clock()
            store.session.flush()
            left = pool.submit(as_ada, cast, accounts.leave, cast.tess.user_id, cast.clock())
            wait([left], timeout=0.5)  # it waits for the session, which is being ended here
            store.audit.note(cast.clock(), "signed out", "session", found.actor.session_id)
        assert left.result().left_at == cast.clock()


def test_a_client_is_no_member_of_staff(cast: Cast) -> None:
    for what in (accounts.person, lambda store, user: accounts.make_reset_link(store, user, cast.clock())):
        with cast.work("ada") as store, pytest.raises(NotFound):
            what(store, cast.cleo.user_id)
    with cast.database.work(writes=True) as store, pytest.raises((NotAllowed, NotFound)):
        accounts.reset_from_shell(store, "cleo@demo.example", cast.clock())


# --- tokens ---------------------------------------------------------------------------------------------------------


def make_token(cast: Cast, days: int = 90) -> str:
    with cast.database.work(writes=True) as store:
        return accounts.make_token(store, TESS, days, cast.clock())


def test_a_token_lasts_ninety_days(cast: Cast) -> None:
    token = make_token(cast)
    cast.clock.move(days=89, hours=23)
    assert token_works(cast, token)
    cast.clock.move(hours=1)
    assert not token_works(cast, token)


def _change_roles(cast: Cast) -> None:
    as_ada(cast, accounts.set_roles, cast.tess.user_id, frozenset({Role.TRAINER, Role.ADMIN}), cast.clock())


def _leave(cast: Cast) -> None:
    as_ada(cast, accounts.leave, cast.tess.user_id, cast.clock())


def _revoke(cast: Cast) -> None:
    with cast.database.work(writes=True) as store:
        accounts.revoke_token(store, accounts.tokens_of(store, TESS)[-1].id, cast.clock())


@pytest.mark.parametrize("end", [change_password, _change_roles, _leave, _revoke])
def test_a_token_dies_with_the_password_the_role_the_account_or_by_itself(cast: Cast, end: Callable[[Cast], None]) -> None:
    token = make_token(cast)
    assert token_works(cast, token)
    end(cast)
    assert not token_works(cast, token)


def test_of_a_token_only_a_digest_is_kept(cast: Cast) -> None:
    assert make_token(cast) not in str(contents(cast))


# --- the demo's people ----------------------------------------------------------------------------------------------


def _make_demo(cast: Cast) -> None:
    with cast.database.work(writes=True) as store:
        for studio in store.accounts.studios():
            studio.is_demo = True


def test_demo_people_sign_in_on_this_computer_only(cast: Cast) -> None:
    session, token = signs_in(cast), make_token(cast)
    _make_demo(cast)
    assert tries(cast, PASSWORD, is_local=True)
    assert not tries(cast, PASSWORD, is_local=False)
    with cast.database.work(writes=False) as store:
        assert accounts.actor_of_cookie(store, session, cast.clock(), is_local=True)
        assert not accounts.actor_of_cookie(store, session, cast.clock(), is_local=False)
        assert accounts.actor_of_token(store, token, cast.clock(), is_local=True)
        assert not accounts.actor_of_token(store, token, cast.clock(), is_local=False)
