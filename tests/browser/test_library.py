"""The library in a real browser: Ada edits an exercise by keyboard, with JavaScript and without, and meets Amy doing the same."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from app.models import Role, User
from app.services import accounts
from app.services.accounts import Try
from tests.browser.conftest import OpenBrowser
from tests.browser.live import Live
from tests.browser.look import PHONE, axe, shots
from tests.services.test_exercise_drafts import an_older_starter, before_there_was

SignedIn = Callable[..., Page]


@pytest.fixture
def sign_in(live: Live, open_browser: OpenBrowser) -> SignedIn:
    """A browser in which somebody new to the studio is signed in: an admin, or what her roles say."""
    database = live.database
    with database.work(writes=True) as store:
        studio = accounts.add_studio(store, "Northside", "Europe/London", live.clock())

    def signed_in(name: str, *roles: Role, javascript: bool = True) -> Page:
        with database.work(writes=True) as store:
            user = User(
                studio_id=studio.id,
                email=f"{name.lower()}@northside.example",
                name=name,
                roles=frozenset(roles or {Role.ADMIN}),
                password_hash="never used",
                created_at=live.clock(),
            )
            store.accounts.add(user)
            token = accounts.sign_in(store, Try(user.id, user.password_hash, may_try=True), "a browser", live.clock())
        page = open_browser(javascript=javascript)
        page.context.add_cookies([{"name": "hinge", "value": token, "url": live.url}])
        return page

    return signed_in


def tab_to(page: Page, name: str) -> None:
    """Press Tab until what has the focus is called so."""
    for _ in range(120):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        label = focused.evaluate("node => node.labels?.[0]?.textContent ?? node.textContent")
        if label.strip().removesuffix("*").strip() == name:
            return
    raise AssertionError(f"Tab never reaches {name}")


@pytest.mark.parametrize("javascript", [True, False])
def test_ada_edits_an_exercise_by_keyboard(sign_in: SignedIn, *, javascript: bool) -> None:
    page = sign_in("Ada", javascript=javascript)
    page.goto("/library/plank")
    tab_to(page, "Edit")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Edit Front plank")).to_be_visible()
    tab_to(page, "Cues")
    page.keyboard.press("Control+End")
    page.keyboard.type("\nLook at the floor")
    tab_to(page, "Save as a new version")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Saved as a new version. Plans made before keep theirs.")).to_be_visible()
    expect(page.locator("li", has_text="Look at the floor")).to_be_visible()
    expect(page.get_by_role("link", name="Version 1")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False])
def test_the_second_of_two_admins_sees_both_texts_and_loses_nothing(sign_in: SignedIn, *, javascript: bool) -> None:
    ada, amy = sign_in("Ada", javascript=javascript), sign_in("Amy", javascript=javascript)
    for page in (ada, amy):
        page.goto("/library/plank/edit")
    amy.get_by_label("Note", exact=True).fill("Amy's note")
    amy.get_by_label("Faults to watch for").fill("Amy's fault")
    amy.get_by_role("button", name="Save as a new version").click()
    ada.get_by_label("Note", exact=True).fill("Ada's note")
    ada.get_by_label("Name", exact=False).first.fill("Ada's plank")
    ada.get_by_role("button", name="Save as a new version").click()
    expect(ada.get_by_role("heading", name="Amy saved version 2 while you were writing")).to_be_visible()
    expect(ada.locator(".diff del", has_text="Amy's note")).to_be_visible()
    expect(ada.locator(".diff ins", has_text="Ada's note")).to_be_visible()
    expect(ada.get_by_label("Note", exact=True)).to_have_value("Ada's note")
    expect(ada.get_by_label("Faults to watch for")).to_have_value("Amy's fault")
    if javascript:  # without it, axe can't run either
        axe(ada)
        shots(ada, "library-clash")
    ada.get_by_role("button", name="Save on top of version 2").click()
    expect(ada.get_by_role("heading", name="Ada's plank")).to_be_visible()
    expect(ada.get_by_text("Amy's fault")).to_be_visible()
    ada.get_by_role("link", name="Version 2").click()
    expect(ada.get_by_text("Amy's note").first).to_be_visible()


def test_the_second_of_two_in_one_draft_sees_both_texts_too(sign_in: SignedIn) -> None:
    ada, amy = sign_in("Ada"), sign_in("Amy")
    ada.goto("/library/plank/edit")
    ada.get_by_role("button", name="Keep as a draft").last.click()
    expect(ada.get_by_text("Saved by Ada")).to_be_visible()
    amy.goto(ada.url)
    amy.get_by_label("Note", exact=True).fill("Amy's note")
    amy.get_by_role("button", name="Save the draft").last.click()
    expect(amy.get_by_text("Saved by Amy")).to_be_visible()
    ada.get_by_label("Note", exact=True).fill("Ada's note")
    ada.get_by_role("button", name="Save the draft").last.click()
    expect(ada.get_by_role("heading", name="Amy saved this draft while you were writing")).to_be_visible()
    expect(ada.locator(".diff del", has_text="Amy's note")).to_be_visible()
    expect(ada.get_by_label("Note", exact=True)).to_have_value("Ada's note")
    axe(ada)
    shots(ada, "library-draft-clash")
    ada.get_by_role("button", name="Save the draft").last.click()
    amy.reload()
    expect(amy.get_by_label("Note", exact=True)).to_have_value("Ada's note")


def test_the_list_narrows_as_ada_types(sign_in: SignedIn) -> None:
    page = sign_in("Ada")
    page.goto("/library")
    page.get_by_label("Search the library").press_sequentially("foam")
    expect(page.get_by_role("link", name="Front plank")).to_be_hidden()
    expect(page.locator("#found tbody tr").first).to_be_visible()
    assert page.url.endswith("/library?query=foam&stage=")


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("list", "/library"),
        ("nothing-found", "/library?query=zzz"),
        ("nothing-archived", "/library?archived=yes"),
        ("exercise", "/library/wall-hinge"),
        ("edit", "/library/step-up/edit"),
        ("new", "/library/new"),
        ("remarks", "/library/remarks"),
        ("coverage", "/library/coverage"),
    ],
)
def test_every_page_is_looked_at(sign_in: SignedIn, name: str, path: str) -> None:
    page = sign_in("Ada", Role.ADMIN, Role.TRAINER)
    page.goto(path)
    axe(page)
    shots(page, f"library-{name}")


def test_a_refused_form_and_an_archived_exercise_are_looked_at(sign_in: SignedIn) -> None:
    page = sign_in("Ada")
    page.goto("/library/new")
    page.get_by_label("Claims").or_(page.get_by_label("The article's statements")).fill("page 3")
    page.get_by_role("button", name="Add to the library").click()
    expect(page.get_by_role("alert")).to_be_focused()
    axe(page)
    shots(page, "library-refused")
    page.goto("/library/plank")
    page.get_by_role("link", name="Archive").click()
    expect(page.get_by_role("heading", name="What archiving Front plank would do")).to_be_visible()
    axe(page)
    shots(page, "library-archive")
    page.get_by_role("button", name="Archive").click()
    expect(page.get_by_text("Archived: new plans won't use it. You can bring it back here.")).to_be_visible()
    axe(page)
    shots(page, "library-archived")
    page.goto("/library")
    expect(page.get_by_text("The rules ask for what the library lacks")).to_be_visible()
    axe(page)
    shots(page, "library-gap")
    page.goto("/library/coverage")
    axe(page)
    shots(page, "library-coverage-gap")


def test_the_description_of_the_api_needs_no_other_server(page: Page) -> None:
    page.goto("/docs")
    expect(page.get_by_text("/api/v1/exercises/{slug}").first).to_be_visible()
    shots(page, "docs")  # without axe: the colours and nested buttons that it would complain about are Swagger UI's own


@pytest.mark.parametrize("javascript", [True, False])
def test_ada_hears_the_dose_in_a_sentence_as_she_changes_it(sign_in: SignedIn, *, javascript: bool) -> None:
    page = sign_in("Ada", javascript=javascript)
    page.goto("/library/side-quad/edit")
    expect(page.locator("#dose-said")).to_contain_text("3 × 30 s on each side, 3 to 7 days a week")
    page.get_by_label("Sets").fill("4")
    if javascript:
        page.get_by_label("Sets").press("Tab")
    else:
        page.get_by_role("button", name="Say the dose").click()
    expect(page.locator("#dose-said")).to_contain_text("4 × 30 s on each side")
    expect(page.get_by_label("Sets")).to_have_value("4")
    if not javascript:
        expect(page.locator("#dose-said")).to_be_in_viewport()
    else:
        page.get_by_label("Done and counted on each side by itself").uncheck()
        expect(page.locator("#dose-said")).not_to_contain_text("on each side")


def test_ada_moves_a_cue_without_a_mouse(sign_in: SignedIn) -> None:
    page = sign_in("Ada")
    page.goto("/library/plank/edit")
    cues = page.get_by_label("Cues")
    before = cues.input_value().split("\n")
    cues.focus()
    page.keyboard.press("Control+Home")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Alt+ArrowUp")
    expect(cues).to_have_value("\n".join([before[1], before[0], *before[2:]]))
    expect(page.get_by_text(f"Now line 1 of {len(before)}")).to_be_visible()
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(cues).to_have_value("\n".join(before))
    axe(page)


@pytest.mark.parametrize("javascript", [True, False])
def test_ada_builds_an_exercise_as_a_draft_publishes_it_and_tess_finds_it(sign_in: SignedIn, *, javascript: bool) -> None:
    page, tess = sign_in("Ada", javascript=javascript), sign_in("Tess", Role.TRAINER, javascript=javascript)
    page.goto("/library/new")
    page.get_by_label("Name", exact=False).first.fill("Hinge hold")
    page.get_by_label("Cues").fill("Stay long")
    page.get_by_role("button", name="Keep as a draft").click()
    expect(page.get_by_text("Kept as a draft.")).to_be_visible()
    expect(page.get_by_label("Cues")).to_have_value("Stay long")
    tess.goto("/library?query=hinge+hold")
    expect(tess.get_by_role("heading", name="Nothing found")).to_be_visible()
    page.goto("/library/drafts")
    if javascript:  # without it, axe can't run either
        axe(page)
        shots(page, "library-drafts")
    page.get_by_role("link", name="Hinge hold").click()
    page.get_by_label("Stage", exact=False).first.select_option("dowel")
    page.get_by_role("combobox", name="Dose").select_option("SKILL")
    page.get_by_label("Name", exact=False).first.press("Enter")
    expect(page.get_by_text("Kept as a draft.")).to_be_visible()
    expect(page.locator("#dose-said")).to_contain_text("3 × 8, slow")
    if javascript:
        axe(page)
        shots(page, "library-draft")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Added to the library.")).to_be_visible()
    tess.reload()
    tess.get_by_role("link", name="Hinge hold").click()
    expect(tess.locator("li", has_text="Stay long")).to_be_visible()
    page.goto("/library/drafts")
    expect(page.get_by_role("heading", name="No drafts")).to_be_visible()


def test_an_update_of_the_starter_library_is_looked_at(live: Live, sign_in: SignedIn) -> None:
    page = sign_in("Ada")
    database = live.database
    with database.work(writes=True) as store:
        before_there_was(store, "rdl-kb")
        an_older_starter(store, note="An older note", faults=("hips sag", "an older fault"))
    database.close()
    page.goto("/library/plank/edit")
    page.get_by_label("Faults to watch for").fill("our own fault")
    page.get_by_role("button", name="Save as a new version").click()
    axe(page)
    page.get_by_role("link", name="See the difference").click()
    axe(page)
    shots(page, "library-update")
    page.get_by_role("group", name="Faults to watch for").get_by_label("The starter library’s").press("Space")
    page.get_by_role("button", name="Take it over").press("Enter")
    expect(page.get_by_text("Taken over from the starter library.")).to_be_visible()
    expect(page.locator("li", has_text="our own fault")).to_have_count(0)
    page.goto("/library/drafts")
    axe(page)
    page.get_by_role("link", name="New exercise, see what it says").press("Enter")
    axe(page)
    shots(page, "library-newcomer")
    page.get_by_role("button", name="Add it").press("Enter")
    expect(page.get_by_text("Added from the starter library.")).to_be_visible()


# --- in and out -------------------------------------------------------------------------------------------------------

GOOD = """exercises:
  - {slug: hinge-hold, name: Hinge hold, stage: dowel, origin: judgement, per_side: false, dose: SKILL, cues: [Stay long]}
"""
BAD = GOOD + "  - {slug: plank, name: Front plank, stage: rdl, origin: judgement, per_side: false, dose: LOTS, regress: nowhere}\n"
HOSTILE = "exercises:\n  - &a {slug: x}\n  - *a\n"


def send(page: Page, name: str, content: str) -> None:
    page.goto("/library/files")
    page.get_by_label("File", exact=True).set_input_files({"name": name, "mimeType": "text/plain", "buffer": content.encode()})
    page.get_by_role("button", name="Show what it would do").click()


@pytest.mark.parametrize("javascript", [True, False])
def test_ada_sends_a_good_a_bad_and_a_hostile_file(sign_in: SignedIn, *, javascript: bool) -> None:
    page = sign_in("Ada", javascript=javascript)

    def looked_at(name: str) -> None:
        if javascript:  # without it, axe can't run either
            axe(page)
            shots(page, name)

    page.goto("/library")
    page.get_by_role("link", name="In and out").click()
    looked_at("library-files")
    send(page, "hostile.yaml", HOSTILE)
    expect(page.get_by_role("alert")).to_contain_text("Line 2: anchors and aliases are not read here")
    looked_at("library-files-hostile")

    send(page, "bad.yaml", BAD)
    expect(page.get_by_role("heading", name="What bad.yaml would do")).to_be_visible()
    expect(page.get_by_text("Line 3: dose: Choose one of")).to_be_visible()
    expect(page.get_by_text("Line 3: regress: The easier one, nowhere, is not in the library.")).to_be_visible()
    expect(page.get_by_role("button", name="Take in all of it")).to_have_count(0)
    looked_at("library-file-bad")
    page.get_by_role("button", name="Discard").click()
    expect(page.get_by_text("Discarded. The library is as it was.")).to_be_visible()

    with page.expect_download() as download:
        page.get_by_role("link", name="Export as YAML").click()
    send(page, "good.yaml", download.value.path().read_text().replace("name: Front plank", "name: Plank") + GOOD.partition("\n")[2])
    page.locator("summary", has_text="Name").click()
    expect(page.locator(".diff del", has_text="Front plank")).to_be_visible()
    looked_at("library-file-good")
    page.get_by_role("button", name="Take in all of it").press("Enter")
    expect(page.get_by_text("Taken in, all of it.")).to_be_visible()
    page.goto("/library/hinge-hold")
    expect(page.locator("li", has_text="Stay long")).to_be_visible()
    page.goto("/library/plank")
    expect(page.get_by_role("heading", name="Plank", exact=True)).to_be_visible()


def test_on_a_phone_nothing_that_has_the_focus_stands_behind_the_save_bar(sign_in: SignedIn) -> None:
    page = sign_in("Ada")
    page.set_viewport_size({"width": PHONE, "height": 844})
    page.goto("/library/step-up/edit")
    covered = []
    for _ in range(90):
        page.keyboard.press("Tab")
        found = page.evaluate(
            """() => {
              const bar = document.querySelector('.sticky-actions'), at = document.activeElement;
              const seen = at.getBoundingClientRect(), top = bar.getBoundingClientRect().top;
              const bottom = at.matches('textarea') ? seen.top + 60 : seen.bottom;  // a browser shows the line that is written in
              return bar.contains(at) ? 'bar' : bottom > top && seen.top < innerHeight ? `${at.id || at.textContent} ${bottom - top}` : ''
            }"""
        )
        if found == "bar":
            break
        covered.append(found)
    assert covered
    assert [one for one in covered if one] == []
