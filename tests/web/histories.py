"""The histories of `tests/rules`, lived through the API, or through the pages by a trainer and a client, while the clock moves on.

The texts are read by the same reader; what somebody stands at is made from what the use cases show her trainer and herself.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from html import unescape
from typing import Any, Final
from urllib.parse import quote
from uuid import uuid4

from httpx2 import Response
from pydantic import TypeAdapter

from app.rules.documents import Item, Plan, Screen
from app.rules.history import gate_keys
from app.rules.progress import can_sign
from app.rules.vocabulary import Side, Stage
from app.services import accounts, practice, progress
from app.services.accounts import PHONE_DAYS, Try
from app.services.drafts import typed_again
from app.services.progress import ProgressView
from tests.cast import Cast, Person
from tests.plain_forms import PlainForm, plain_forms
from tests.rules.histories import (
    Checkpoint,
    Signing,
    Step,
    Story,
    items,
    limits,
    looked,
    looked_at,
    next_screen,
    repeated,
    sets_and_load,
    shown,
    signing,
    who,
)

DAY0: Final = date(2027, 1, 4)
"""A Monday, so that what goes by weeks falls as in the texts; early in a year, so that nobody grows older on the way."""
MORNING_HOUR: Final = time(9, tzinfo=UTC)
DOCTOR: Final = "Dr Young, physical therapist"

_SCREEN: TypeAdapter[Screen] = TypeAdapter(Screen)


@dataclass(frozen=True, slots=True)
class Reached:
    """A checkpoint as it was worked out by hand, and where she stands."""

    day: int
    expected: tuple[str, ...]
    got: tuple[str, ...]


@dataclass(slots=True)
class Life(ABC):
    """Somebody who lives a history from outside; steps that are refused, or not, against the text are collected in `differences`."""

    cast: Cast
    story: Story
    client_id: int = 0
    screen: Screen = field(init=False)
    plans: list[tuple[date, Plan]] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)

    # --- what happens ---------------------------------------------------------------------------------------------------

    def live(self) -> Iterator[Reached]:
        """Every checkpoint, once all that comes before it has happened."""
        self.wake(0)
        self.screen, answers = who(self.story, DAY0)
        self.begin()
        self.take_screen()
        for answer in answers:
            self.answer(answer.allowed, answer.not_allowed)
        self.replan()
        for day, step in in_time(self.story):
            self.wake(day)
            if isinstance(step, Checkpoint):
                yield Reached(step.day, step.expected, self.stands())
            else:
                VERBS[step.verb](self, step)

    def wake(self, day: int) -> None:
        """Go on to a day, or on with it: a minute at least passes between two steps."""
        morning = datetime.combine(self.on(day), MORNING_HOUR)
        if self.cast.clock.now < morning:
            self.cast.clock.now = morning
            self.sign_in()
        self.cast.clock.move(minutes=1)

    def on(self, day: int) -> date:
        return DAY0 + timedelta(days=day)

    @property
    def today(self) -> date:
        return self.cast.clock().date()

    def plan_on(self, day: int) -> Plan:
        return next(plan for made_on, plan in reversed(self.plans) if made_on <= self.on(day))

    def view(self) -> ProgressView:
        with self.cast.work("tess", writes=False) as store:
            found: ProgressView = progress.progress_of(store, self.client_id, self.today)
            return found

    def stands(self) -> tuple[str, ...]:
        """Where she stands today, by what her trainer is shown, and what is due."""
        view = self.view()
        assert view.progress is not None
        assert view.plan is not None
        assert self.states() == [one.state for one in view.progress.stages]
        return tuple(shown(view.progress, view.plan, self.due(), view.due))

    def replan(self) -> None:
        """Take notice of the plan that is in force now."""
        view = self.view()
        if view.halt is None and view.plan is not None:
            self.plans.append((self.today, view.plan))

    def differ(self, step: Step, said: str) -> None:
        if said:
            self.differences.append(f"{step.line}: {said}")

    # --- how it happens -------------------------------------------------------------------------------------------------

    @abstractmethod
    def sign_in(self) -> None: ...
    @abstractmethod
    def begin(self) -> None: ...
    @abstractmethod
    def take_screen(self) -> None: ...
    @abstractmethod
    def answer(self, allowed: Sequence[str], barred: Sequence[str]) -> None: ...
    @abstractmethod
    def states(self) -> list[str]: ...
    @abstractmethod
    def due(self) -> Iterable[Stage]: ...
    @abstractmethod
    def enter(self, sets: Sequence[tuple[Item, int]], on: date, load_kg: float | None, *, done: bool = True, **told: Any) -> None: ...
    @abstractmethod
    def look(self, on: date, stage: Stage, exercise: str, side: Side, words: Sequence[str]) -> None: ...
    @abstractmethod
    def sign(self, one: Signing) -> list[str]: ...
    @abstractmethod
    def confirm(self, exercise: str, kg: float) -> bool: ...

    def session(self, what: str, sets: int, load_kg: float | None, on: date, words: Sequence[str]) -> None:
        """Sets of an exercise, and what was seen of them."""
        plan = self.plan_on((on - DAY0).days)
        self.enter([(item, number) for item in items(plan, what) for number in range(1, sets + 1)], on, load_kg)
        stage, exercise, sides = looked_at(plan, what)
        for side in sides:
            self.look(on, stage, exercise, side, words)


def in_time(story: Story) -> list[tuple[int, Step | Checkpoint]]:
    """The steps in the order in which they happen: a line about an earlier day is entered later, what repeats comes in its own time."""
    found: list[tuple[int, int, Step | Checkpoint]] = []
    now = 0
    for line, step in enumerate(story.steps):
        now = max(now, step.day)
        if isinstance(step, Checkpoint):
            found.append((now, line, step))
            continue
        for day, words in repeated(step):
            when = day + 1 if step.verb == "morning" else day
            found.append((max(now, when), line, replace(step, day=day, words=words)))
    return [(day, step) for day, _, step in sorted(found, key=lambda one: one[:2])]


# --- what a line does -------------------------------------------------------------------------------------------------


def tick(life: Life, step: Step) -> None:
    sets, load, _ = sets_and_load(step.words[1:])
    life.enter(_sets(life, step, sets), life.on(step.day), load, done=step.verb == "tick")


def _sets(life: Life, step: Step, sets: int | None = None) -> list[tuple[Item, int]]:
    found = items(life.plan_on(step.day), step.words[0])
    return [(item, number) for item in found for number in range(1, (sets or item.dose.sets) + 1)]


def skip(life: Life, step: Step) -> None:
    life.enter(_sets(life, step), life.on(step.day), None, done=False, skipped=step.words[1])


def report(life: Life, step: Step) -> None:
    told = {"pain": int(step.words[1])} if step.verb == "pain" else {"pain": 0, "feel": step.words[1]}
    life.enter(_sets(life, step, 1), life.on(step.day), None, **told)


def check(life: Life, step: Step) -> None:
    stage, exercise, sides = looked_at(life.plan_on(step.day), step.words[0])
    for side in sides:
        life.look(life.on(step.day), stage, exercise, side, step.words[1:])


def session(life: Life, step: Step) -> None:
    sets, load, rest = sets_and_load(step.words[1:])
    life.session(step.words[0], sets or 0, load, life.on(step.day), rest)


def sign(life: Life, step: Step) -> None:
    one = signing(step)
    life.differ(step, one.goes_otherwise(life.sign(one)))


def screened(life: Life, step: Step) -> None:
    life.screen = next_screen(life.screen, step.words, life.on(step.day))
    life.take_screen()
    life.replan()


def cleared(life: Life, step: Step) -> None:
    life.answer(*limits(step.words))
    life.replan()


def confirm(life: Life, step: Step) -> None:
    taken = life.confirm(step.words[0].split("/")[-1], float(step.words[1]))
    life.differ(step, "" if taken != ("refused" in step.words) else "accepted" if taken else "refused")


VERBS: Final[dict[str, Callable[[Life, Step], None]]] = {
    "tick": tick,
    "untick": tick,
    "skip": skip,
    "pain": report,
    "feel": report,
    "check": check,
    "session": session,
    "sign": sign,
    "override": sign,
    "screen": screened,
    "cleared": cleared,
    "load": confirm,
}


# --- through the API --------------------------------------------------------------------------------------------------


def _body(answer: Response, *statuses: int) -> dict[str, Any]:
    assert answer.status_code in statuses, f"{answer.status_code}: {answer.text}"
    found: dict[str, Any] = answer.json()
    return found


@dataclass(slots=True)
class ByApi(Life):
    """A client of Tess's, kept by a program of hers."""

    def path(self, *more: str) -> str:
        return "/".join((f"/clients/{self.client_id}", *more))

    def post(self, path: str, json: object, *statuses: int) -> dict[str, Any]:
        return _body(self.cast.tess.api.post(self.path(path), json), *statuses)

    def sign_in(self) -> None:
        """A token lasts."""

    def begin(self) -> None:
        person = self.screen.person
        body = {
            "name": f"K {self.story.name}",
            "birth_year": DAY0.year - person.age,
            "sex": person.sex,
            "body_weight_kg": person.body_weight_kg,
        }
        self.client_id = _body(self.cast.tess.api.post("/clients", body), 201)["id"]

    def take_screen(self) -> None:
        found = _SCREEN.dump_python(self.screen, mode="json")
        self.post("screens", {name: value for name, value in found.items() if name not in ("person", "schema")}, 201)

    def answer(self, allowed: Sequence[str], barred: Sequence[str]) -> None:
        stop = _body(self.cast.tess.api.get(self.path("plan")), 200)["referral"]["id"]
        said = {"professional": DOCTOR, "cleared_on": self.today.isoformat(), "allowed": allowed, "not_allowed": barred}
        self.post(f"referrals/{stop}/clearance", said, 200)

    def states(self) -> list[str]:
        return [one["state"] for one in _body(self.cast.tess.api.get(self.path("progress")), 200)["stages"]]

    def due(self) -> Iterable[Stage]:
        with self.cast.work("tess", writes=False) as store:
            due = practice.day_of(store, self.client_id, None, self.today).due
        return [one.stage for one in due.stages] if due is not None else []

    def enter(self, sets: Sequence[tuple[Item, int]], on: date, load_kg: float | None, *, done: bool = True, **told: Any) -> None:
        ticks = [
            {
                "id": str(uuid4()),
                "item": item.key,
                "set": number,
                "performed_on": on.isoformat(),
                "at": self.cast.clock().isoformat(),
                "done": done,
                "load_kg": load_kg,
                **told,
            }
            for item, number in sets
        ]
        assert self.post("ticks", {"ticks": ticks}, 200)["refused"] == []

    def look(self, on: date, stage: Stage, exercise: str, side: Side, words: Sequence[str]) -> None:
        told = looked(words)
        body = {
            "stage": stage,
            "exercise": exercise,
            "side": side,
            "performed_on": on.isoformat(),
            "form_gate": {one.key: one.key not in told.failed for one in gate_keys(stage, side)},
            "reps": told.reps,
            "last_reps": told.last_reps,
            "measured": dict(told.seen),
            "note": told.note,
        }
        self.post("form-checks", body, 201)

    def sign(self, one: Signing) -> list[str]:
        body = {
            "stage": one.stage,
            "side": one.side,
            "evidence": {"words": one.words, "note": one.note, "goal_load_kg": one.goal_load_kg},
            "override_reason": one.override_reason,
        }
        return [it["id"] for it in self.post("sign-offs", body, 201, 409).get("missing", ())]

    def confirm(self, exercise: str, kg: float) -> bool:
        return "errors" not in self.post("loads", {"exercise": exercise, "load_kg": kg}, 201, 422)


# --- through the pages ------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class ByPages(Life):
    """Cleo with her phone, and Tess; neither has JavaScript."""

    phone_since: date = DAY0

    def path(self, *more: str) -> str:
        return "/".join((f"/clients/{self.client_id}", *more))

    def sign_in(self) -> None:
        """Tess each day anew, since a page is signed out after an hour; Cleo's phone when its access is about to end."""
        at = self.cast.clock()
        with self.cast.database.work(writes=True) as store:
            tess = store.accounts.user(self.cast.tess.user_id)
            token = accounts.sign_in(store, Try(tess.id, tess.password_hash, may_try=True), "a browser", at)
        self.cast.tess.browser.cookies.clear()
        self.cast.tess.browser.cookies.set("hinge", token)
        if self.client_id and self.today - self.phone_since >= PHONE_DAYS - timedelta(days=1):
            self.open_phone()

    def open_phone(self) -> None:
        """Tess shows a link, and Cleo opens it."""
        shown_once = self.cast.tess.post(self.path("access"), {})
        link = re.search(r"/welcome/[\w-]+", shown_once.text)
        assert link is not None
        self.cast.cleo.browser.cookies.clear()
        self.send(self.cast.cleo, self.form(self.cast.cleo, link[0], link[0]), {})
        self.phone_since = self.today

    def form(self, person: Person, path: str, action: str) -> PlainForm | None:
        """The form on a page that leads to `action`."""
        answer = person.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text}"
        return next((one for one in plain_forms(answer.text) if one.action.endswith(action)), None)

    def send(self, person: Person, form: PlainForm | None, typed: Mapping[str, str | Iterable[str]], *statuses: int) -> Response:
        assert form is not None
        answer = person.post(form.action, form.filled(typed))
        assert answer.status_code in (statuses or (303,)), f"{form.action}: {answer.status_code} {answer.text}"
        return answer

    def begin(self) -> None:
        self.client_id, person = self.cast.cleo.client_id or 0, self.screen.person
        typed = {"birth_year": str(DAY0.year - person.age), "sex": person.sex.value, "body_weight": f"{person.body_weight_kg:g}"}
        self.send(self.cast.tess, self.form(self.cast.tess, self.path("edit"), "/edit"), typed)
        self.open_phone()

    def take_screen(self) -> None:
        tess = self.cast.tess
        begun = self.send(tess, self.form(tess, self.path("screens", "new"), "/screens"), {})
        draft = begun.headers["location"].removesuffix("/edit")
        fields = typed_again(self.screen, "metric").fields
        typed = self.form(tess, f"{draft}/edit", draft)
        self.send(tess, typed, {name: values for name, values in fields.items() if any(values)})
        self.send(tess, self.form(tess, f"{draft}/preview", "/finish"), {})

    def answer(self, allowed: Sequence[str], barred: Sequence[str]) -> None:
        form = self.form(self.cast.tess, self.path("plan"), "/clearance")
        said = {f"limit-{key}": "allowed" for key in allowed} | {f"limit-{key}": "not_allowed" for key in barred}
        self.send(self.cast.tess, form, {"professional": DOCTOR, "cleared_on": self.today.isoformat(), **said})

    def states(self) -> list[str]:
        """The seven stages as Tess sees them at the top of the page."""
        page = self.cast.tess.get(self.path("progress")).text
        path = page.partition('<ol class="path"')[2].partition("</ol>")[0]
        return [found.split()[0] for found in re.findall(r'<li class="([^"]+)"', path)]

    def due(self) -> Iterable[Stage]:
        """The stages of what Cleo can tick today."""
        form = self.form(self.cast.cleo, "/my/today", "/my/ticks")
        ticks = form.choices["tick"] if form is not None else []
        return list(dict.fromkeys(Stage(one.partition("/")[0]) for one in ticks))

    def enter(self, sets: Sequence[tuple[Item, int]], on: date, load_kg: float | None, *, done: bool = True, **told: Any) -> None:
        for item, number in sets:
            self.tick(item, number, on, load_kg, done=done, told=told)

    def tick(self, item: Item, number: int, on: date, load_kg: float | None, *, done: bool, told: Mapping[str, object]) -> None:
        """Cleo ticks a set on her page of the day; what hurts, she says on a form of its own."""
        cleo = self.cast.cleo
        page = "/my/today" if on == self.today else f"/my/today?on={on}"
        form = self.form(cleo, page, "/my/ticks")
        assert form is not None
        button = next(one for one in form.choices["tick"] if one.startswith(f"{item.key} {number} "))
        if button.split()[2] == str(int(done)):
            typed: dict[str, str] = {} if load_kg is None else {f"kg.{item.exercise}": f"{load_kg:g}"}
            self.send(cleo, form, {"tick": button, **typed})
        if not told:
            return
        self.cast.clock.move(minutes=1)
        said = {name: str(value) for name, value in told.items()}
        hurts = self.form(cleo, f"/my/hurts?item={quote(item.key)}&on={on}", "/my/hurts")
        answer = self.send(cleo, hurts, {"item": item.key, **said}, 200, 303)
        if answer.status_code == 200:
            sure = next(one for one in plain_forms(answer.text) if one.action.endswith("/my/hurts"))
            self.send(cleo, sure, {})

    def look(self, on: date, stage: Stage, exercise: str, side: Side, words: Sequence[str]) -> None:
        form = self.form(self.cast.tess, f"{self.path('session')}?on={on}", "/session")
        self.send(self.cast.tess, form, self.seen(stage, exercise, side, words))

    def seen(self, stage: Stage, exercise: str, side: Side, words: Sequence[str]) -> dict[str, str | Iterable[str]]:
        told, at = looked(words), f"{exercise or stage}.{side}"
        typed: dict[str, str | Iterable[str]] = {f"{at}.{key}": _as_typed(value) for key, value in told.seen.items()}
        if exercise:
            typed[f"{at}.gate"] = [one.key for one in gate_keys(stage, side) if one.key not in told.failed]
        figures = {"reps": told.reps, "last_reps": told.last_reps}
        typed |= {f"{at}.{name}": str(value) for name, value in figures.items() if value is not None}
        return typed | ({f"{at}.note": told.note} if told.note else {})

    def session(self, what: str, sets: int, load_kg: float | None, on: date, words: Sequence[str]) -> None:
        """Tess types sets, load and what she saw into one form."""
        plan = self.plan_on((on - DAY0).days)
        typed: dict[str, str | Iterable[str]] = {}
        for item in items(plan, what):
            typed[f"sets.{item.key}"] = str(sets)
            if load_kg is not None:
                typed[f"load.{item.key}"] = f"{load_kg:g}"
        stage, exercise, sides = looked_at(plan, what)
        for side in sides:
            typed |= self.seen(stage, exercise, side, words)
        self.send(self.cast.tess, self.form(self.cast.tess, f"{self.path('session')}?on={on}", "/session"), typed)

    def sign(self, one: Signing) -> list[str]:
        """Tess signs with the stage's form; where the page has none, somebody forges it."""
        page = self.cast.tess.get(self.path("progress")).text
        forms = [it for it in plain_forms(page) if it.action.endswith("/sign-offs") and it.fields["stage"] == [one.stage]]
        typed: dict[str, str | Iterable[str]] = {"words": one.words} if one.words else {}
        typed |= {"side": one.side.value} if one.side is not Side.BOTH else {}
        typed |= {"note": one.note} if one.note else {}
        typed |= {"goal_load_kg": f"{one.goal_load_kg:g}"} if one.goal_load_kg is not None else {}
        typed |= {"override_reason": one.override_reason} if one.override_reason else {}
        form = forms[0] if forms else PlainForm(self.path("sign-offs"), fields={"stage": [one.stage.value]}, free=set(typed))
        expected = self.missing(one)
        answer = self.send(self.cast.tess, form, typed, 409 if expected else 303)
        said = unescape(answer.text)
        assert all(text in said for text in expected.values()), f"the page does not say all of {expected}"
        return list(expected)

    def missing(self, one: Signing) -> dict[str, str]:
        """What the rules find missing, as the page must say it."""
        now = self.view().progress
        assert now is not None
        override, goal = one.override_reason, one.goal_load_kg
        found = can_sign(now, one.stage, one.side, words=one.words, note=one.note, goal_load_kg=goal, override_reason=override)
        if now.is_stopped:
            return {"stop": "Practice has stopped until a professional has answered."}
        return {it.id: it.text for it in found}

    def confirm(self, exercise: str, kg: float) -> bool:
        page = self.cast.tess.get(self.path("progress")).text
        forms = [it for it in plain_forms(page) if it.action.endswith("/loads") and it.fields["exercise"] == [exercise]]
        return bool(forms) and self.send(self.cast.tess, forms[0], {"load_kg": f"{kg:g}"}, 303, 422).status_code == 303


def _as_typed(value: object) -> str:
    return "yes" if value is True else f"{value:g}" if isinstance(value, float) else str(value)
