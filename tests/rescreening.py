"""Screening somebody again: the first screen, the clock weeks later, and a draft that says what has changed."""

from collections.abc import Mapping

from app.rules.documents import Screen
from app.services import accounts, screens
from app.services.accounts import Try
from app.services.drafts import Fields, Line, Lines, ScreenFields, typed_again
from app.services.screens import Logged
from tests.cast import Cast
from tests.rules.situations import MAN, Result, screen

WEEKS = 4


def her(cast: Cast) -> int:
    return cast.cleo.client_id or 0


def took(**peculiar: Result) -> Screen:
    return screen(MAN, **peculiar)  # type: ignore[arg-type]  # results as the builder takes them


def before(lines: Mapping[str, str]) -> Lines:
    """Lines that stay as they were, each with its reason."""
    return {key: Line("before", reason) for key, reason in lines.items()}


def neither(lines: Mapping[str, str]) -> Lines:
    """Lines that are left out, each with its reason."""
    return {key: Line("neither", reason) for key, reason in lines.items()}


def log(cast: Cast, one: Screen) -> Logged:
    """Finish a screen of Cleo's today, as a program does."""
    today = cast.clock().date()
    fields = ScreenFields(today, one.readiness, one.red_flags, one.history, one.measurements)
    with cast.work("tess") as store:
        return screens.log_screen(store, her(cast), fields, cast.clock(), today)


def typed(cast: Cast, one: Screen, **changes: str) -> Fields:
    """A screen as Tess types it today; a dot in a field's name is two underscores here."""
    fields = {**typed_again(one, "metric").fields, "taken_on": (cast.clock().date().isoformat(),)}
    return {**fields, **{key.replace("__", "."): (value,) for key, value in changes.items()}}


def wait(cast: Cast, *, weeks: int = WEEKS) -> None:
    """Let weeks pass; Tess signs in again."""
    cast.clock.move(days=7 * weeks)
    with cast.database.work(writes=True) as store:
        tess = store.accounts.user(cast.tess.user_id)
        token = accounts.sign_in(store, Try(tess.id, tess.password_hash, may_try=True), "a browser", cast.clock())
    cast.tess.browser.cookies.clear()
    cast.tess.browser.cookies.set("hinge", token)


def again(cast: Cast, before: Screen, after: Screen, *, weeks: int = WEEKS, **changes: str) -> int:
    """Screen Cleo, let weeks pass, and draft the next screen; returns the draft."""
    log(cast, before)
    wait(cast, weeks=weeks)
    return draft(cast, after, **changes)


def draft(cast: Cast, one: Screen, **changes: str) -> int:
    today = cast.clock().date()
    with cast.work("tess") as store:
        row = screens.start_draft(store, her(cast), cast.clock(), today, another=True)
        screens.save_draft(store, her(cast), row.id, typed(cast, one, **changes), 0, "", cast.clock())
        return row.id
