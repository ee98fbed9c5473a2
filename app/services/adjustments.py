"""The plan in force made anew from its own screen: with the rules and the library of today, and with what its trainer has otherwise."""

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from app import models
from app.errors import Conflict, StaleVersion
from app.models import Client, Role
from app.rules import documents as rules
from app.rules.diff import going_on
from app.rules.documents import Clearance
from app.rules.plan import build_plan
from app.rules.ruleset import RULESET
from app.services import changes, only
from app.services.changes import Changes
from app.services.clients import check_open, get_client
from app.services.drafts import Lines
from app.services.history import PLAN, halt_of, load_plan
from app.services.library import current_library
from app.services.plans import ASSESSMENT, Preview, clearance_of, mended_by, publish, read_screen, weigh
from app.store import Store


@dataclass(frozen=True, slots=True)
class Adjustment:
    """The plan in force beside the one by the rules; `lines` are what the trainer has otherwise in it, with her reasons."""

    client: Client
    screen: models.Screen
    changes: Changes
    lines: Lines
    plan: rules.Plan
    """What would be published with these lines."""

    @property
    def is_due(self) -> bool:
        """Whether the same screen leads to another plan today: the library or the rules have changed."""
        return self.plan != self.changes.before

    @property
    def seen(self) -> str:
        """What is looked at, so that what is published is what was seen."""
        return sha256(b"%d %b" % (self.changes.number, PLAN.dump_json(self.changes.after))).hexdigest()[:16]


class NothingToAdjust(Conflict):
    """There is no plan in force that could be adjusted."""


class Unadjusted(Conflict):
    """The plan would stay as it is."""


@only(Role.TRAINER)
def adjustment(store: Store, client_id: int) -> Adjustment:
    """What making her plan anew would change; NothingToAdjust while none is in force."""
    client = get_client(store, client_id)
    check_open(client)
    found = _of_standing(store, client)
    if found is None:
        raise NothingToAdjust("No plan is in force that could be adjusted.")
    return found


@only(Role.TRAINER)
def is_due(store: Store, client_id: int) -> bool:
    """Whether the screen of her plan in force leads to another plan today."""
    found = _of_standing(store, get_client(store, client_id))
    return found is not None and found.is_due


def _of_standing(store: Store, client: Client) -> Adjustment | None:
    """What making the plan in force anew would change; None while none is in force."""
    standing = store.plans.standing(client.id)
    if standing.plan is None or halt_of(standing) is not None:
        return None
    row, screen = standing.plan, store.screens.get(client, standing.plan.screen_id)
    document, given = read_screen(screen), _given(store, client, screen)
    assessment = ASSESSMENT.validate_json(screen.result or "")
    library = current_library(store)
    plan = going_on(build_plan(document, library, RULESET, given), load_plan(row), 0)
    preview = Preview(assessment, plan, given, library)
    found = changes.changes_to(store, client, row, document, preview)
    if found is None:
        return None
    lines = found.still(changes.lines_of(store, found.before))
    return Adjustment(client, screen, found, lines, changes.chosen_plan(store, found, lines))


def _given(store: Store, client: Client, screen: models.Screen) -> tuple[Clearance, ...]:
    """What professionals have answered, as the newest plan of a screen was made with it: an answer to that very screen made it anew."""
    cleared = store.referrals.cleared(client)
    if not cleared:
        return ()
    if any(row.screen_id == screen.id for row in cleared):
        same = mended_by(store, client, screen)
        return tuple(clearance_of(row, same_screen=row.screen_id in same) for row in cleared)
    mends = None if screen.supersedes_id is None else store.screens.get(client, screen.supersedes_id)
    return weigh(store, client, read_screen(screen), mends).clearances


@only(Role.TRAINER)
def adjust_plan(store: Store, client_id: int, seen: str, lines: Lines, at: datetime, today: date) -> models.Plan:
    """Publish her plan anew as it was `seen`, with the lines that are to be otherwise.

    Raises StaleVersion where plan, library or rules have changed since, Unadjusted where nothing would be otherwise, and Invalid beside a
    line without a reason.
    """
    store.clients.hold(get_client(store, client_id))
    found = adjustment(store, client_id)
    if found.seen != seen:
        raise StaleVersion("The plan or the library has changed since you opened this page. Look at it again, then publish.")
    changes.check_reasons(lines)
    before = found.changes.before
    plan = changes.chosen_plan(store, found.changes, lines)
    if plan == before:
        raise Unadjusted("Nothing would be otherwise than in the plan in force.")
    plan = going_on(plan, before, (today - found.changes.made_on).days)
    return publish(store, found.client, found.screen.id, read_screen(found.screen), (), at, today, plan)
