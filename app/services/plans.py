"""Plans: what a finished screen leads to, the plan in force, and earlier ones as they were."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from pydantic import TypeAdapter

from app import models
from app.errors import FieldError, Invalid, NotFound
from app.models import Client, Role
from app.rules import documents as rules
from app.rules.checks import missing_minimum
from app.rules.documents import Assessment, Clearance, Finding, Reason
from app.rules.pain import PracticeStop, named
from app.rules.plan import build_plan
from app.rules.progress import Progress, StageStanding
from app.rules.readiness import assess, carried, status_of
from app.rules.ruleset import RULESET
from app.rules.vocabulary import Level, Status
from app.services import only
from app.services.clients import get_client
from app.services.history import PLAN, Halt, as_she_reads, halt_of, load_plan, progress_now, progress_on, recount
from app.services.library import current_library, read, starter, uses
from app.store import Store
from app.store.plans import Published

SCREEN: TypeAdapter[rules.Screen] = TypeAdapter(rules.Screen)
ASSESSMENT: TypeAdapter[Assessment] = TypeAdapter(Assessment)
REASONS: TypeAdapter[tuple[Reason, ...]] = TypeAdapter(tuple[Reason, ...])
CLEARANCE: TypeAdapter[Clearance] = TypeAdapter(Clearance)
PRACTICE_STOPS: TypeAdapter[tuple[PracticeStop, ...]] = TypeAdapter(tuple[PracticeStop, ...])


# --- what a screen leads to -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Weighed:
    """A screen read together with what professionals have answered and what still waits for an answer."""

    assessment: Assessment
    clearances: tuple[Clearance, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What finishing would do; `plan` is None for a stop. `library` is what the plan was made from, `clearances` what was answered."""

    assessment: Assessment
    plan: rules.Plan | None
    clearances: tuple[Clearance, ...] = ()
    library: rules.Library = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What finishing a screen has done: published a plan, or opened a referral."""

    assessment: Assessment
    plan: models.Plan | None
    referral: models.Referral | None


def read_screen(row: models.Screen) -> rules.Screen:
    """The document of a finished screen; NotFound for a draft."""
    if row.document is None:
        raise NotFound
    return SCREEN.validate_json(row.document)


def weigh(store: Store, client: Client, document: rules.Screen, mends: models.Screen | None = None) -> Weighed:
    """Read a screen as the client's history has it: former clearances answer, an open stop is carried over.

    A screen that mends a cleared one keeps that clearance as long as it stops for nothing that was not answered then.
    """
    cleared = store.referrals.cleared(client)
    given = tuple(clearance_of(row) for row in cleared)
    found = assess(document, given)
    if found.reasons and mends is not None:
        chain = mended_by(store, client, mends)
        answers = [row for row in cleared if row.screen_id in chain]
        if set(found.reasons) <= {reason for row in answers for reason in REASONS.validate_json(row.reasons)}:
            given = tuple(clearance_of(row, same_screen=row.screen_id in chain) for row in cleared)
            found = assess(document, given)
    return Weighed(carried(found, _waiting(store, client, given, mends)), given)


def clearance_of(row: models.Referral, *, same_screen: bool = False) -> Clearance:
    """A logged clearance as the rules read it."""
    if row.limits is None:
        raise NotFound
    return replace(CLEARANCE.validate_json(row.limits), same_screen=same_screen)


def mended_by(store: Store, client: Client, mends: models.Screen) -> set[int]:
    """The screens that a mending one stands for: the one it mends, the one that that mended, and so on."""
    chain = {mends.id}
    while mends.supersedes_id is not None and mends.supersedes_id not in chain:
        mends = store.screens.get(client, mends.supersedes_id)
        chain.add(mends.id)
    return chain


def unanswered(store: Store, client: Client, mends: models.Screen | None = None) -> tuple[models.Referral, ...]:
    """The stops since the last clearance that still stand, oldest first: the one that waits and those that it took over.

    One that came out of practice stands whatever becomes of a screen; any other as long as its screen does. `mends` is a screen that is
    just being mended and so stands no longer.
    """
    if store.referrals.waiting(client) is None:
        return ()
    gone = store.screens.mended(client) | ({mends.id} if mends is not None else set())
    since = []
    for row in store.referrals.all(client):
        if row.state == "cleared":
            break
        if row.practice is not None or row.screen_id not in gone:
            since.append(row)
    return tuple(reversed(since))


def own_reasons(store: Store, client: Client, row: models.Referral, given: Iterable[Clearance]) -> tuple[Reason, ...]:
    """What the screen or the practice of a referral itself stopped for, without what it carried over."""
    if row.practice is not None:
        return reasons_of(practice_stops(row))
    return assess(read_screen(store.screens.get(client, row.screen_id)), given).reasons


def practice_stops(row: models.Referral) -> tuple[PracticeStop, ...]:
    """What practice brought up; nothing where a screen stopped."""
    return () if row.practice is None else PRACTICE_STOPS.validate_json(row.practice)


def reasons_of(stops: Iterable[PracticeStop]) -> tuple[Reason, ...]:
    """What practice brought up, as reasons to stop."""
    return tuple(dict.fromkeys(Reason(one.rule, one.level, one.text) for one in stops))


def _waiting(store: Store, client: Client, given: tuple[Clearance, ...], mends: models.Screen | None) -> tuple[Reason, ...]:
    """The reasons that wait for an answer, whatever a new screen says."""
    waiting: dict[object, Reason] = {}
    for row in unanswered(store, client, mends):
        for reason in own_reasons(store, client, row, given):
            waiting[reason.rule if row.practice is None else reason] = reason
    return tuple(waiting.values())


def preview(store: Store, client: Client, document: rules.Screen, *, supersedes: models.Screen | None) -> Preview:
    """What finishing this screen would do; nothing is written."""
    weighed = weigh(store, client, document, supersedes)
    if weighed.assessment.status is not Status.PLAN_READY:
        return Preview(weighed.assessment, None)
    library = current_library(store)
    plan = build_plan(document, library, RULESET, weighed.clearances)
    return Preview(weighed.assessment, plan, weighed.clearances, library)


def settle(
    store: Store,
    client: Client,
    row: models.Screen,
    document: rules.Screen,
    at: datetime,
    today: date,
    plan: rules.Plan | None = None,
) -> Outcome:
    """Finish a screen of a client who is held: publish its plan, or open a referral that takes over what waited before.

    `plan` is what her trainer has made of the plan by the rules.
    """
    mends = store.screens.get(client, row.supersedes_id) if row.supersedes_id is not None else None
    weighed = weigh(store, client, document, mends)
    stops = weighed.assessment.status is not Status.PLAN_READY
    if not stops:
        refuse_incomplete(document)
    waiting = store.referrals.waiting(client)
    if waiting is not None:
        store.referrals.withdraw(waiting)
    if stops:
        return Outcome(weighed.assessment, None, _stop(store, client, row.id, weighed.assessment.reasons, at))
    return Outcome(weighed.assessment, publish(store, client, row.id, document, weighed.clearances, at, today, plan), None)


def open_from_practice(
    store: Store, client: Client, plan: models.Plan | Published, stops: Iterable[PracticeStop], at: datetime
) -> models.Referral:
    """Stop a client for what hurt in practice under a plan; what waits already is taken over. What it knows already changes nothing."""
    store.clients.hold(client)
    waiting = store.referrals.waiting(client)
    known = {one for row in unanswered(store, client) for one in practice_stops(row)}
    names = names_in(load_plan(plan))
    new = tuple(one for one in dict.fromkeys(named(stop, names) for stop in stops) if one not in known)
    if not new and waiting is not None:
        return waiting
    if not new:
        raise ValueError("a stop needs its reason")
    older: tuple[Reason, ...] = ()
    if waiting is not None:
        older = REASONS.validate_json(waiting.reasons)
        store.referrals.withdraw(waiting)
    together = sorted(dict.fromkeys((*reasons_of(new), *older)), key=lambda reason: list(Level).index(reason.level))
    return _stop(store, client, plan.screen_id, tuple(together), at, new)


def names_in(plan: rules.Plan) -> dict[str, str]:
    """What a plan calls its exercises, by slug: those that come later or are easier among them."""
    every = (one for stage in plan.stages for item in stage.items for one in (item, item.later, item.easier) if one is not None)
    return {one.exercise: one.name for one in every}


def _stop(
    store: Store, client: Client, screen_id: int, reasons: tuple[Reason, ...], at: datetime, hurt: tuple[PracticeStop, ...] = ()
) -> models.Referral:
    row = models.Referral(
        studio_id=client.studio_id,
        client_id=client.id,
        screen_id=screen_id,
        source="practice" if hurt else "screen",
        status=status_of(reasons),
        reasons=REASONS.dump_json(reasons).decode(),
        practice=PRACTICE_STOPS.dump_json(hurt).decode() if hurt else None,
        state="open",
        opened_at=at,
    )
    store.referrals.add(row)
    store.audit.note(at, "opened", "referral", row.id)
    recount(store, client, store.actor.local(at).date())
    return row


def refuse_incomplete(document: rules.Screen) -> None:
    """Raise Invalid, naming each field, unless the minimum screen is complete."""
    missing = missing_minimum(document)
    if missing:
        raise Invalid(*(FieldError(one.field, one.message) for one in missing))


def publish(
    store: Store,
    client: Client,
    screen_id: int,
    document: rules.Screen,
    given: Iterable[Clearance],
    at: datetime,
    today: date,
    plan: rules.Plan | None = None,
) -> models.Plan:
    """Make the plan of a screen, unless it is there already, and give it the client's next number."""
    if plan is None:
        plan = build_plan(document, current_library(store), RULESET, given)
    row = models.Plan(
        studio_id=client.studio_id,
        client_id=client.id,
        number=store.plans.next_number(client),
        screen_id=screen_id,
        ruleset=plan.ruleset,
        document=PLAN.dump_json(plan).decode(),
        made_by=store.actor.user_id,
        made_on=today,
        made_at=at,
    )
    store.plans.publish(row, uses(store, plan))
    store.audit.note(at, "published", "plan", row.id)
    recount(store, client, today)
    return row


# --- reading --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReferralView:
    """A stop as people and programs read it; `level` is that of its most pressing reason. It came `from_practice` or out of its screen."""

    id: int
    screen_id: int
    state: str
    status: Status
    level: Level
    reasons: tuple[Reason, ...]
    waits: bool
    from_practice: bool


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan for a page, a program or print. Without a number there is none to practise: `referral` says why.

    `progress` is worked out now, or for an earlier plan as on the day when `superseded_by` took its place. `former` is the number of the
    plan that a stop has put on hold.
    """

    plan_id: int | None
    number: int | None
    status: Status
    ruleset: str
    screen_id: int
    made_on: date | None
    made_by: str | None
    plan: rules.Plan | None
    progress: Progress | None
    referral: ReferralView | None
    superseded_by: int | None = None
    former: int | None = None

    @property
    def standings(self) -> tuple[StageStanding, ...]:
        """Where she stands in each stage; nothing without a plan."""
        return () if self.progress is None else self.progress.standings


def view_referral(store: Store, row: models.Referral) -> ReferralView:
    """A referral; a client reads of the reasons what was seen in her movement or practice, not what the talk brought up."""
    reasons = REASONS.validate_json(row.reasons)
    level = min((reason.level for reason in reasons), key=list(Level).index)
    if store.actor.client_id is not None:
        own = reasons_of(practice_stops(row))
        reasons = tuple(reason for reason in reasons if reason.level is Level.REFER or reason in own)
    return ReferralView(
        row.id, row.screen_id, row.state, Status(row.status), level, reasons, waits=row.waits, from_practice=row.practice is not None
    )


def _view(row: models.Plan | Published, made_by: str, progress: Progress | None, *, superseded_by: int | None = None) -> PlanView:
    plan = load_plan(row)
    return PlanView(
        plan_id=row.id,
        number=row.number,
        status=plan.status,
        ruleset=row.ruleset,
        screen_id=row.screen_id,
        made_on=row.made_on,
        made_by=made_by,
        plan=plan,
        progress=progress,
        referral=None,
        superseded_by=superseded_by,
    )


def standing_of(store: Store, client: Client, today: date | None) -> PlanView:
    """The plan in force, with where she stands in it if a day is given, or the stop; NotFound while nothing has been screened."""
    found = store.plans.standing(client.id)
    if found.screen_id is None:
        raise NotFound
    waiting = store.referrals.waiting(client) if found.stop is not None else None
    if waiting is None and found.plan is not None and found.plan.screen_id == found.screen_id:
        progress = None if today is None else progress_now(store, found, today)
        return _view(found.plan, store.accounts.user(found.plan.made_by).name, None if progress is None else as_she_reads(store, progress))
    stop = waiting or store.referrals.of_screen(found.screen_id)
    if stop is None:
        raise NotFound
    return PlanView(
        plan_id=None,
        number=None,
        status=Status(stop.status) if stop.waits else Status.PLAN_READY,
        ruleset=RULESET.version,
        screen_id=stop.screen_id,
        made_on=None,
        made_by=None,
        plan=None,
        progress=None,
        referral=view_referral(store, stop),
        former=found.plan.number if found.plan is not None else None,
    )


@only(Role.TRAINER, Role.CLIENT)
def current_plan(store: Store, client_id: int, today: date) -> PlanView:
    """The plan that a client practises, or the stop that keeps her from it; NotFound while nothing has been screened."""
    return standing_of(store, get_client(store, client_id), today)


@only(Role.TRAINER, Role.CLIENT)
def numbered_plan(store: Store, client_id: int, number: int, today: date) -> PlanView:
    """A plan by its number, unchanged since it was made."""
    return _numbered(store, get_client(store, client_id), number, today)


def _numbered(store: Store, client: Client, number: int, today: date) -> PlanView:
    row = store.plans.numbered(client, number)
    following = next((made_on for other, made_on in store.plans.numbers(client) if other == number + 1), None)
    progress = progress_on(store, client, row, following or today, is_superseded=following is not None)
    halt = halt_of(store.plans.standing(client.id)) if following is None else None
    if halt is not None:
        progress = progress.until_screened() if halt is Halt.CLEARED else replace(progress, loads={}, proposals=())
    progress = as_she_reads(store, progress)
    return _view(row, store.accounts.user(row.made_by).name, progress, superseded_by=None if following is None else number + 1)


@dataclass(frozen=True, slots=True)
class TrainerView:
    """A client's plan with what her trainer reads beside it. `view` is None while nothing has been screened."""

    client: Client
    view: PlanView | None
    findings: tuple[Finding, ...] = ()
    numbers: tuple[tuple[int, date], ...] = ()
    """Every plan of hers, newest first: its number and when it was made."""
    names: Mapping[str, str] = field(default_factory=dict)
    """What the library calls its exercises now, by slug; archived ones as far as the plan leaves them out."""
    is_on_hold: bool = False
    """Whether her newest plan is not to be practised now."""


@only(Role.TRAINER)
def plan_for_trainer(store: Store, client_id: int, today: date, number: int | None = None) -> TrainerView:
    """The plan in force, or the one of that number, and the findings that it rests on."""
    client = get_client(store, client_id)
    try:
        view = standing_of(store, client, today) if number is None else _numbered(store, client, number, today)
    except NotFound:
        if number is not None:
            raise
        return TrainerView(client, None)
    return TrainerView(
        client,
        view,
        findings=_findings(store, client, view),
        numbers=store.plans.numbers(client),
        names=_names(store, view),
        is_on_hold=number is not None and standing_of(store, client, today).number is None,
    )


def _findings(store: Store, client: Client, view: PlanView) -> tuple[Finding, ...]:
    """The findings that a plan rests on."""
    result = store.screens.get(client, view.screen_id).result
    return ASSESSMENT.validate_json(result).findings if result is not None else ()


def lacking(plan: rules.Plan) -> tuple[str, ...]:
    """What rules asked for and the library lacked, by the names that the starter library has for it."""
    names = {one.slug: one.name for one in starter()}
    return tuple(names.get(slug, slug) for slug in plan.gaps)


def _names(store: Store, view: PlanView) -> dict[str, str]:
    """What the library calls its exercises; of those that are archived the ones that a plan leaves out."""
    names = {slug: exercise.name for slug, exercise in current_library(store).items()}
    left_out = {slug for one in (view.plan.removed if view.plan else ()) for slug in (one.exercise, one.instead) if slug is not None}
    if gone := left_out - names.keys():
        names |= {slug: read(document).name for slug, document in store.library.titles(gone)}
    return names


@dataclass(frozen=True, slots=True)
class OwnView:
    """What a client sees of her own plan; `view` is None while there is nothing to see."""

    client: Client
    view: PlanView | None
    findings: tuple[Finding, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)


@only(Role.CLIENT)
def my_plan(store: Store, today: date) -> OwnView:
    """A client's own plan; none while nothing has been screened."""
    client = get_client(store, store.actor.client_id or 0)
    try:
        view = standing_of(store, client, today)
    except NotFound:
        return OwnView(client, None)
    return OwnView(client, view) if view.plan is None else OwnView(client, view, _findings(store, client, view), _names(store, view))
