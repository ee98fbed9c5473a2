"""Signing in and out by page, cookies, links for passwords, and the command line's tokens."""

import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from httpx2 import Response
from starlette.testclient import TestClient
from typer.testing import CliRunner

from app.__main__ import commands
from app.main import create_app
from app.services import access, passwords
from app.settings import Settings
from tests.cast import HERE, PASSWORD, Cast, browser
from tests.world import contents, world

NEW = "a very new password"
TESS = {"sign_in_email": "tess@northside.example", "sign_in_password": PASSWORD}
HTTPS = "https://coach.example"


def sign_in(client: TestClient, **fields: str) -> Response:
    return client.post("/sign-in", data=TESS | fields, follow_redirects=False)


def secure_browser(cast: Cast) -> TestClient:
    """A browser of a studio that is reached over https."""
    settings = cast.settings.model_copy(update={"public_url": HTTPS})
    return TestClient(create_app(settings, cast.clock), base_url=HTTPS, headers={"origin": HTTPS}, raise_server_exceptions=False)


# --- signing in and out ---------------------------------------------------------------------------------------------


def test_tess_signs_in_and_lands_on_her_clients(cast: Cast) -> None:
    client = cast.nobody
    assert sign_in(client).headers["location"] == "/"
    assert client.get("/", follow_redirects=False).headers["location"] == "/clients"
    assert client.get("/clients").status_code == 200


def test_the_admin_lands_in_the_library(sqlite_cast: Cast) -> None:
    assert sqlite_cast.ada.get("/").headers["location"] == "/library"


def test_after_signing_in_she_is_where_she_wanted_to_be(sqlite_cast: Cast) -> None:
    client = sqlite_cast.nobody
    answer = client.get("/clients?query=cleo", follow_redirects=False)
    assert answer.headers["location"] == "/sign-in?next=%2Fclients%3Fquery%3Dcleo"
    kept = re.search(r'name="next_path" value="([^"]+)"', client.get(answer.headers["location"]).text)
    assert kept
    assert sign_in(client, next_path=unescape(kept[1])).headers["location"] == "/clients?query=cleo"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_she_is_never_sent_to_another_site(sqlite_cast: Cast, elsewhere: str) -> None:
    assert sign_in(sqlite_cast.nobody, next_path=elsewhere).headers["location"] == "/"


@pytest.mark.parametrize("fields", [{"sign_in_password": "wrong"}, {"sign_in_email": "nobody@northside.example"}, {"sign_in_password": ""}])
def test_a_wrong_try_is_told_nothing_and_gets_no_cookie(sqlite_cast: Cast, fields: dict[str, str]) -> None:
    answer = sign_in(sqlite_cast.nobody, **fields)
    assert answer.status_code == 422
    assert "set-cookie" not in answer.headers
    assert "wrong" not in answer.text


def test_wrong_passwords_and_unknown_people_get_the_same_page(sqlite_cast: Cast) -> None:
    email = TESS["sign_in_email"]
    known = sign_in(sqlite_cast.nobody, sign_in_password="wrong")
    unknown = sign_in(sqlite_cast.nobody, sign_in_password="wrong", sign_in_email="tina@northside.example")
    assert known.text.replace(email, "") == unknown.text.replace("tina@northside.example", "")


def test_the_right_password_waits_after_wrong_ones(cast: Cast) -> None:
    client = cast.nobody
    for _ in range(6):
        assert sign_in(client, sign_in_password="wrong").status_code == 422
    assert sign_in(client).status_code == 422
    cast.clock.move(minutes=15)
    assert sign_in(client).status_code == 303


def test_signing_out_ends_this_session_only(cast: Cast) -> None:
    other = cast.nobody
    sign_in(other)
    old = cast.tess.browser.cookies["hinge"]
    answer = cast.tess.post("/sign-out")
    assert answer.headers["location"] == "/sign-in?said=signed-out"
    assert 'hinge=""' in answer.headers["set-cookie"]
    assert browser(cast.app, hinge=old).get("/clients", follow_redirects=False).status_code == 303
    assert other.get("/clients").status_code == 200


def test_signing_out_everywhere_ends_all(cast: Cast) -> None:
    other = cast.nobody
    sign_in(other)
    assert cast.tess.post("/sign-out-everywhere").status_code == 303
    assert other.get("/clients", follow_redirects=False).status_code == 303


def test_whoever_signs_in_again_leaves_no_session_behind(cast: Cast) -> None:
    for former in (cast.tess.browser.cookies["hinge"], cast.cleo.browser.cookies["hinge"]):
        new = sign_in(browser(cast.app, hinge=former)).cookies["hinge"]
        assert browser(cast.app, hinge=new).get("/", follow_redirects=False).headers["location"] == "/clients"
        assert browser(cast.app, hinge=former).get("/", follow_redirects=False).headers["location"] == "/sign-in"


def test_a_wrong_password_leaves_her_signed_in(sqlite_cast: Cast) -> None:
    assert sign_in(sqlite_cast.tess.browser, sign_in_password="wrong").status_code == 422
    assert sqlite_cast.tess.get("/clients").status_code == 200


def test_an_idle_hour_signs_out_and_a_busy_one_does_not(sqlite_cast: Cast) -> None:
    for _ in range(4):
        sqlite_cast.clock.move(minutes=50)
        assert sqlite_cast.tess.get("/clients").status_code == 200
    sqlite_cast.clock.move(minutes=60)
    assert sqlite_cast.tess.get("/clients").status_code == 303


# --- cookies and headers --------------------------------------------------------------------------------------------


def test_over_https_the_browser_pins_the_cookie_to_this_host(sqlite_cast: Cast) -> None:
    answer = sign_in(secure_browser(sqlite_cast))
    name, *flags = answer.headers["set-cookie"].split("; ")
    assert name.startswith("__Host-hinge=")
    assert {flag.lower() for flag in flags} == {"httponly", "secure", "samesite=lax", "path=/", "max-age=43200"}
    assert answer.headers["strict-transport-security"]


def test_on_this_computer_over_http_it_is_a_plain_cookie(sqlite_cast: Cast) -> None:
    name, *flags = sign_in(sqlite_cast.nobody).headers["set-cookie"].split("; ")
    assert name.startswith("hinge=")
    assert {flag.lower() for flag in flags} == {"httponly", "samesite=lax", "path=/", "max-age=43200"}


def test_elsewhere_over_http_there_is_no_cookie_and_the_page_says_why(sqlite_cast: Cast) -> None:
    lan = "http://studio.local:8000"
    settings = sqlite_cast.settings.model_copy(update={"public_url": lan})
    client = TestClient(create_app(settings, sqlite_cast.clock), base_url=lan, headers={"origin": lan})
    assert "https" in client.get("/sign-in").text
    assert "set-cookie" not in sign_in(client).headers


@pytest.mark.parametrize("path", ["/clients", "/account", "/sign-in", "/nothing", "/api/v1/clients"])
def test_no_page_is_kept_by_a_browser(sqlite_cast: Cast, path: str) -> None:
    assert sqlite_cast.tess.get(path).headers["cache-control"] == "no-store"


def test_every_page_has_the_strict_policy(sqlite_cast: Cast) -> None:
    headers = sqlite_cast.tess.get("/clients").headers
    assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


# --- the session ended while she was typing ---------------------------------------------------------------------------


def test_what_was_typed_is_kept_and_sent_again_after_the_password(cast: Cast) -> None:
    cast.clock.move(hours=2)
    answer = cast.ada.post("/studio/people", {"name": "Zoe & Co", "email": "zoe@northside.example", "roles": ["trainer", "admin"]})
    assert answer.status_code == 401
    kept = [(name, unescape(value)) for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', answer.text)]
    assert kept == [
        ("resume", "/studio/people"),
        ("name", "Zoe & Co"),
        ("email", "zoe@northside.example"),
        ("roles", "trainer"),
        ("roles", "admin"),
    ]
    fields = {name: [value for other, value in kept if other == name] for name, _ in kept}
    again = fields | {"sign_in_email": ["ada@northside.example"], "sign_in_password": [PASSWORD]}
    answer = cast.ada.browser.post("/sign-in", data=again)  # a browser follows 307 with the same body
    assert answer.status_code == 200
    assert "Zoe &amp; Co" in answer.text
    assert "zoe@northside.example" in str(contents(cast)["user"])


def test_a_wrong_password_there_still_keeps_it(sqlite_cast: Cast) -> None:
    wrong = TESS | {"sign_in_password": "wrong", "resume": "/clients", "name": "Dora"}
    answer = sqlite_cast.nobody.post("/sign-in", data=wrong, follow_redirects=False)
    assert answer.status_code == 422
    assert '<input type="hidden" name="name" value="Dora">' in answer.text
    assert '<input type="hidden" name="resume" value="/clients">' in answer.text
    assert "wrong" not in answer.text


def test_it_is_sent_again_only_to_this_site(sqlite_cast: Cast) -> None:
    answer = sign_in(sqlite_cast.nobody, resume="//evil.example/steal", name="Dora")
    assert urlsplit(answer.headers["location"]).netloc == ""


def test_a_program_that_is_not_signed_in_gets_a_problem(sqlite_cast: Cast) -> None:
    answer = sqlite_cast.nobody.get("/api/v1/clients")
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")
    assert answer.headers["www-authenticate"] == "Bearer"


# --- passwords and links --------------------------------------------------------------------------------------------


def test_a_new_password_is_used_the_next_time(cast: Cast) -> None:
    changed = {"old_password": PASSWORD, "new_password": NEW}
    assert cast.tess.post("/account/password", changed).headers["location"] == "/account?said=password-changed"
    assert cast.tess.get("/account").status_code == 200
    assert sign_in(cast.nobody).status_code == 422
    assert sign_in(cast.nobody, sign_in_password=NEW).status_code == 303


@pytest.mark.parametrize("way", ["change", "link"])
def test_while_a_password_is_hashed_nobody_else_waits(sqlite_cast: Cast, way: str) -> None:
    her, link = sqlite_cast.tess, f"/reset/{world(sqlite_cast)['reset']}"
    with ThreadPoolExecutor(1) as pool:
        with passwords.places, passwords.places:  # all that hash at once are at it
            if way == "change":
                hashing = pool.submit(her.post, "/account/password", {"old_password": PASSWORD, "new_password": NEW})
            else:
                hashing = pool.submit(sqlite_cast.nobody.post, link, data={"new_password": NEW}, follow_redirects=False)
            with pytest.raises(TimeoutError):
                hashing.result(0.5)
            assert sqlite_cast.ada.post("/account/units", {"units": "imperial"}).status_code == 303
        assert hashing.result().status_code == 303


def test_passwords_are_never_echoed(sqlite_cast: Cast) -> None:
    answer = sqlite_cast.tess.post("/account/password", {"old_password": "first secret", "new_password": "second"})
    assert answer.status_code == 422
    assert "first secret" not in answer.text
    assert 'value="second"' not in answer.text


def test_the_admins_link_sets_a_password_once(cast: Cast) -> None:
    answer = cast.ada.post(f"/studio/people/{cast.tess.user_id}/reset-link")
    link = re.search(rf"{HERE}(/reset/[\w-]+)", answer.text)
    assert link
    path = link[1]
    assert cast.nobody.get(path).status_code == 200
    assert cast.nobody.get(path).status_code == 200, "looking consumes nothing"
    assert cast.nobody.post(path, data={"new_password": "short"}, follow_redirects=False).status_code == 422
    assert cast.nobody.post(path, data={"new_password": NEW}, follow_redirects=False).headers["location"] == "/sign-in?said=password-set"
    assert cast.nobody.post(path, data={"new_password": NEW}, follow_redirects=False).status_code == 404
    assert cast.nobody.get(path).status_code == 404
    assert sign_in(cast.nobody, sign_in_password=NEW).status_code == 303


def test_the_last_admin_stays_and_the_page_says_why(sqlite_cast: Cast) -> None:
    before = contents(sqlite_cast)
    ada = sqlite_cast.ada.user_id
    for path, fields in ((f"/studio/people/{ada}/leave", {}), (f"/studio/people/{ada}/roles", {"roles": "trainer"})):
        answer = sqlite_cast.ada.post(path, fields)
        assert answer.status_code == 409
        assert "Ada is the last admin" in answer.text
    assert contents(sqlite_cast) == before


# --- the demo's people ----------------------------------------------------------------------------------------------


@pytest.fixture
def demo_cast(sqlite_cast: Cast) -> Cast:
    with sqlite_cast.database.work(writes=True) as store:
        for studio in store.accounts.studios():
            studio.is_demo = True
    return sqlite_cast


@pytest.mark.parametrize(
    "header",
    [
        {"x-forwarded-for": "1.2.3.4"},
        {"forwarded": "for=1.2.3.4"},
        {"x-forwarded-host": "coach.example"},
        {"x-real-ip": "1.2.3.4"},
        {"x-forwarded-port": "443"},
        {"via": "1.1 x"},
    ],
    ids=lambda header: next(iter(header)),
)
def test_demo_people_come_in_through_no_proxy(demo_cast: Cast, header: dict[str, str]) -> None:
    assert demo_cast.tess.get("/clients").status_code == 200
    assert demo_cast.tess.get("/clients", headers=header).status_code == 303
    assert demo_cast.tess.api.get("/clients", headers=header).status_code == 401
    assert demo_cast.nobody.post("/sign-in", data=TESS, headers=header, follow_redirects=False).status_code == 422
    assert demo_cast.nobody.post("/sign-in", data=TESS, follow_redirects=False).status_code == 303


def test_no_link_of_a_demo_opens_through_a_proxy(demo_cast: Cast) -> None:
    with demo_cast.work("tess") as store:
        _, welcome = access.make_link(store, demo_cast.cleo.client_id or 0, demo_cast.clock())
    for path in (f"/reset/{world(demo_cast)['reset']}", f"/welcome/{welcome}"):
        through = {"x-forwarded-for": "1.2.3.4"}
        assert demo_cast.nobody.get(path, headers=through).status_code == 404
        data = {"new_password": "a new long password"}
        assert demo_cast.nobody.post(path, data=data, headers=through, follow_redirects=False).status_code == 404
        assert demo_cast.nobody.get(path).status_code == 200
        assert demo_cast.nobody.post(path, data=data, follow_redirects=False).status_code == 303


@pytest.mark.parametrize("peer", ["192.168.1.7", "::ffff:192.168.1.7", "10.0.0.5", "fe80::1", "testclient", ""])
def test_demo_people_come_in_from_no_other_computer_whatever_it_calls_us(demo_cast: Cast, peer: str) -> None:
    elsewhere, cookie = browser(demo_cast.app, peer=peer), demo_cast.tess.browser.cookies["hinge"]
    assert sign_in(elsewhere).status_code == 422
    assert elsewhere.get(f"/reset/{world(demo_cast)['reset']}").status_code == 404
    elsewhere.cookies.set("hinge", cookie)
    assert elsewhere.get("/clients", follow_redirects=False).status_code == 303
    token = {"authorization": f"Bearer {demo_cast.tess.api.token}"}
    assert elsewhere.get("/api/v1/clients", headers=token).status_code == 401
    for here in ("::1", "::ffff:127.0.0.1"):
        assert browser(demo_cast.app, peer=here, hinge=cookie).get("/clients", follow_redirects=False).status_code == 200


def test_demo_people_do_not_come_in_where_the_studio_is_reached_from_outside(demo_cast: Cast) -> None:
    settings = demo_cast.settings.model_copy(update={"public_url": "http://studio.local:8000"})
    app = create_app(settings, demo_cast.clock)
    token = {"authorization": f"Bearer {demo_cast.tess.api.token}"}
    assert browser(app).get("/api/v1/clients", headers=token).status_code == 401
    assert browser(app).get(f"/reset/{world(demo_cast)['reset']}").status_code == 404


def test_demo_people_come_in_by_no_other_name(demo_cast: Cast) -> None:
    assert sign_in(secure_browser(demo_cast)).status_code == 422


# --- tokens ---------------------------------------------------------------------------------------------------------


def hinge(cast: Cast, *arguments: str) -> str:
    """What a command prints on stdout."""
    environment = {"HINGE_DATABASE_URL": cast.settings.database_url, "HINGE_DATA_DIR": str(cast.settings.data_dir)}
    answer = CliRunner().invoke(commands, arguments, env=environment, catch_exceptions=False)
    assert answer.exit_code == 0, answer.output
    return answer.stdout


def test_the_command_prints_the_token_alone(cast: Cast) -> None:
    printed = hinge(cast, "token", "tess@northside.example")
    token = printed.strip()
    assert printed == f"{token}\n"
    assert re.fullmatch(r"[\w-]{43}", token)
    headers = {"authorization": f"Bearer {token}"}
    assert cast.nobody.get("/api/v1/clients", headers=headers).status_code == 200
    assert cast.nobody.get("/clients", headers=headers, follow_redirects=False).status_code == 303


def test_a_token_is_listed_and_revoked(sqlite_cast: Cast) -> None:
    token = hinge(sqlite_cast, "token", "tom@northside.example").strip()
    *_, line = hinge(sqlite_cast, "token", "list", "tom@northside.example").splitlines()
    assert token not in line
    number, state, *_ = line.split("\t")
    assert state == "good"
    assert hinge(sqlite_cast, "token", "revoke", number) == "revoked\n"
    assert sqlite_cast.nobody.get("/api/v1/clients", headers={"authorization": f"Bearer {token}"}).status_code == 401


def test_a_bearer_request_is_never_read_for_a_cookie(sqlite_cast: Cast) -> None:
    answer = sqlite_cast.tess.get("/api/v1/clients", headers={"authorization": "Bearer nonsense"})
    assert answer.status_code == 401


def test_a_token_passes_the_cross_site_gate_and_a_cookie_does_not(sqlite_cast: Cast) -> None:
    dora = {"name": "Dora", "birth_year": 1980, "sex": "female"}
    elsewhere = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    assert sqlite_cast.tess.browser.post("/api/v1/clients", json=dora, headers=elsewhere).status_code == 403
    assert sqlite_cast.tess.api.post("/clients", dora, headers=elsewhere).status_code == 201


def test_a_person_added_from_the_shell_sets_her_password_by_link(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "fresh")
    environment = {"HINGE_DATA_DIR": str(settings.data_dir), "HINGE_DATABASE_URL": ""}
    arguments = ["user", "add", "zoe@studio.example", "--name", "Zoe", "--role", "trainer", "--role", "admin", "--studio", "Southside"]
    printed = CliRunner().invoke(commands, arguments, env=environment, catch_exceptions=False).stdout
    client = browser(create_app(settings))
    path = urlsplit(printed.strip()).path
    assert client.post(path, data={"new_password": NEW}, follow_redirects=False).status_code == 303
    assert sign_in(client, sign_in_email="zoe@studio.example", sign_in_password=NEW).status_code == 303
    assert "No clients yet" in client.get("/clients").text
