"""The access table: one line for each thing that can be asked, and what each person of the cast gets."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from tests.screening import body

PEOPLE = ("tess", "tom", "ada", "cleo", "colin", "bea", "ben", "nobody")


@dataclass(frozen=True)
class Line:
    """`path` may fill a route's parameters with ids of the world; `route` is the path as the app declares it."""

    method: str
    path: str
    statuses: str
    route: str
    data: Mapping[str, Any] = field(default_factory=dict)
    json: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_api(self) -> bool:
        return self.path.startswith("/api/")

    def filled_data(self, ids: Mapping[str, object]) -> Mapping[str, Any] | None:
        if self.method == "GET":
            return None
        return {name: value.format(**ids) if isinstance(value, str) else value for name, value in self.data.items()}

    def filled_json(self, ids: Mapping[str, object]) -> Any:
        def fill(value: Any) -> Any:
            match value:
                case str():
                    return value.format(**ids)
                case dict():
                    return {name: fill(inner) for name, inner in value.items()}
                case list():
                    return [fill(inner) for inner in value]
                case _:
                    return value

        return fill(self.json)


def line(method: str, path: str, statuses: str, route: str | None = None, **more: Any) -> Line:
    return Line(method, path, statuses, route or path, **more)


HERS = "200 404 403 403 403 404 403 in"
"""A page about Cleo for her trainer."""
HER_FORM = "303 404 403 403 403 404 403 401"
HER_PAGE = "200 404 403 403 403 404 403 401"
"""A form of hers that answers with a page."""
HER_API = "200 404 403 403 403 404 403 401"
HERS_AND_HER_OWN = "200 404 403 200 404 404 404 401"
"""What Cleo's trainer and she herself read by program."""
MY = "403 403 403 200 200 403 200 end"
"""A page of a client's own, on her phone."""
STAFF = "200 200 200 403 403 200 403 in"
STAFF_API = "200 200 200 403 403 200 403 401"
ADMIN = "403 403 200 403 403 200 403 in"
ADMIN_FORM = "403 403 303 403 403 303 403 401"
OWN_FORM = "403 403 303 403 403 404 403 401"
"""A form about something of one studio's admin."""
NOTHING = sha256().hexdigest()
"""The mark of a file that would change nothing."""

SCREEN = body()
EXERCISE = {
    "name": "Hinge hold",
    "stage": "dowel",
    "origin": "judgement",
    "claims": [],
    "targets": ["hinge_pattern"],
    "equipment": [],
    "per_side": False,
    "loaded": False,
    "dose": "SKILL",
    "cues": ["Stay long"],
    "faults": ["rounding"],
    "contraindications": [],
    "regress": None,
    "progress": None,
    "override": None,
    "dose_note": "",
    "note": "",
    "load_rule": "",
    "gate": None,
    "params": None,
}
EXERCISE_FORM = {
    "name": "Hinge hold",
    "stage": "dowel",
    "origin": "judgement",
    "targets": "hinge pattern",
    "dose": "SKILL",
    "cues": "Stay long",
    "faults": "rounding",
    "version": "1",
}
TICK = {
    "id": "3f0c2f9e-6f0a-4df0-8a55-0f3f7f4c0001",
    "item": "{item}",
    "set": 1,
    "performed_on": "{today}",
    "at": "2026-11-23T08:00:00Z",
    "done": True,
}
CLEARANCE = {"professional": "Dr Young", "cleared_on": "{today}"}

LINES: tuple[Line, ...] = (
    # route                                                    tess tom ada cleo colin bea ben nobody
    line("GET", "/", "303 303 303 303 303 303 303 in"),
    line("GET", "/readyz", "200 200 200 200 200 200 200 200"),
    # --- accounts ---
    line("GET", "/sign-in", "303 303 303 303 303 303 303 200"),
    line(
        "POST",
        "/sign-in",
        "303 303 303 303 303 303 303 303",
        data={"sign_in_email": "tess@northside.example", "sign_in_password": "{password}"},
    ),
    line("POST", "/sign-out", "303 303 303 303 303 303 303 401"),
    line("POST", "/sign-out-everywhere", "303 303 303 303 303 303 303 401"),
    line("GET", "/account", "200 200 200 403 403 200 403 in"),
    line(
        "POST",
        "/account/password",
        "303 303 303 403 403 303 403 401",
        data={"old_password": "{password}", "new_password": "a very new password"},
    ),
    line("POST", "/account/units", "303 303 303 403 403 303 403 401", data={"units": "imperial"}),
    line("GET", "/studio", "403 403 200 403 403 200 403 in"),
    line("GET", "/studio/people/new", "403 403 200 403 403 200 403 in"),
    line(
        "POST",
        "/studio/people",
        "403 403 200 403 403 200 403 401",
        data={"name": "Zoe", "email": "zoe@northside.example", "roles": "trainer"},
    ),
    line("GET", "/studio/people/{tom_user}", "403 403 200 403 403 404 403 in", "/studio/people/{user_id}"),
    line(
        "POST",
        "/studio/people/{tom_user}/roles",
        "403 403 303 403 403 404 403 401",
        "/studio/people/{user_id}/roles",
        data={"roles": ["trainer", "admin"]},
    ),
    line("POST", "/studio/people/{tom_user}/reset-link", "403 403 200 403 403 404 403 401", "/studio/people/{user_id}/reset-link"),
    line("POST", "/studio/people/{tom_user}/leave", "403 403 303 403 403 404 403 401", "/studio/people/{user_id}/leave"),
    line("POST", "/studio/people/{nia_user}/come-back", "403 403 303 403 403 404 403 401", "/studio/people/{user_id}/come-back"),
    line("GET", "/reset/{reset}", "200 200 200 200 200 200 200 200", "/reset/{token}"),
    line("GET", "/reset/nonsense", "404 404 404 404 404 404 404 404", "/reset/{token}"),
    line(
        "POST",
        "/reset/{reset}",
        "303 303 303 303 303 303 303 303",
        "/reset/{token}",
        data={"new_password": "a very new password"},
    ),
    # --- clients ---
    line("GET", "/clients", "200 200 403 403 403 200 403 in"),
    line("GET", "/clients/new", "200 200 403 403 403 200 403 in"),
    line(
        "POST",
        "/clients",
        "303 303 403 403 403 303 403 401",
        data={"name": "Dora", "birth_year": "1980", "sex": "female", "body_weight": "62,5"},
    ),
    line("GET", "/clients/{cleo}", "200 404 403 403 403 404 403 in", "/clients/{client_id}"),
    line("GET", "/clients/{cleo}/edit", "200 404 403 403 403 404 403 in", "/clients/{client_id}/edit"),
    line(
        "POST",
        "/clients/{cleo}/edit",
        "303 404 403 403 403 404 403 401",
        "/clients/{client_id}/edit",
        data={"name": "Cleo Marsh", "birth_year": "1992", "sex": "female"},
    ),
    line("POST", "/clients/{cleo}/archive", "303 404 403 403 403 404 403 401", "/clients/{client_id}/archive"),
    line("POST", "/clients/{cleo}/restore", "303 404 403 403 403 404 403 401", "/clients/{client_id}/restore"),
    line("GET", "/clients/{cleo}/consent", "200 404 403 403 403 404 403 in", "/clients/{client_id}/consent"),
    line(
        "POST",
        "/clients/{fay}/consent",
        "303 404 403 403 403 404 403 401",
        "/clients/{client_id}/consent",
        data={"consented_on": "2026-11-20", "how": "signed on paper"},
    ),
    line("POST", "/clients/{cleo}/consent/withdraw", "303 404 403 403 403 404 403 401", "/clients/{client_id}/consent/withdraw"),
    line("POST", "/clients/{fay}/consent/withdraw", "409 404 403 403 403 404 403 401", "/clients/{client_id}/consent/withdraw"),
    line(
        "POST",
        "/clients/{cleo}/trainers",
        "303 404 403 403 403 404 403 401",
        "/clients/{client_id}/trainers",
        data={"colleague": "{tom_user}"},
    ),
    line(
        "POST",
        "/clients/{shared}/trainers/{tom_user}/stop",
        "303 303 403 403 403 404 403 401",
        "/clients/{client_id}/trainers/{user_id}/stop",
    ),
    line(
        "POST",
        "/clients/{cleo}/trainers/{tess_user}/stop",
        "409 404 403 403 403 404 403 401",
        "/clients/{client_id}/trainers/{user_id}/stop",
    ),
    line(
        "POST",
        "/api/v1/clients",
        "201 201 403 403 403 201 403 401",
        json={"name": "Dora", "birth_year": 1980, "sex": "female", "body_weight_kg": 62.5, "consented_on": "2026-11-20"},
    ),
    line("GET", "/api/v1/clients?query=c&limit=2", "200 200 403 403 403 200 403 401", "/api/v1/clients"),
    line("GET", "/api/v1/clients/{cleo}", "200 404 403 200 404 404 404 401", "/api/v1/clients/{client_id}"),
    # --- screens ---
    line("GET", "/api/v1/clients/{cleo}/screens", HERS_AND_HER_OWN, "/api/v1/clients/{client_id}/screens"),
    line("POST", "/api/v1/clients/{cleo}/screens", "201 404 403 403 403 404 403 401", "/api/v1/clients/{client_id}/screens", json=SCREEN),
    line("GET", "/api/v1/clients/{cleo}/screens/{screen}", HERS_AND_HER_OWN, "/api/v1/clients/{client_id}/screens/{screen_id}"),
    line("POST", "/clients/{cleo}/screens", HER_FORM, "/clients/{client_id}/screens", data={"another": "yes"}),
    line("POST", "/clients/{cleo}/screens", "409 404 403 403 403 404 403 401", "/clients/{client_id}/screens"),
    line("GET", "/clients/{cleo}/screens/{screen}", HERS, "/clients/{client_id}/screens/{screen_id}"),
    line("GET", "/clients/{cleo}/screens/{draft}/edit", HERS, "/clients/{client_id}/screens/{screen_id}/edit"),
    line("GET", "/clients/{cleo}/screens/{draft}/preview", HERS, "/clients/{client_id}/screens/{screen_id}/preview"),
    line("GET", "/clients/{cleo}/screens/new?tests=flexibility", HERS, "/clients/{client_id}/screens/new"),
    line("POST", "/clients/{cleo}/screens", HER_FORM, "/clients/{client_id}/screens", data={"another": "yes", "tests": "flexibility"}),
    line(
        "POST",
        "/clients/{cleo}/screens/{draft}/choices",
        HER_FORM,
        "/clients/{client_id}/screens/{screen_id}/choices",
        data={"line.flexibility/runners-lunge/left": "before", "reason.flexibility/runners-lunge/left": "She likes it."},
    ),
    line("GET", "/clients/{cleo}/plans/2/changes", HERS, "/clients/{client_id}/plans/{number}/changes"),
    line("GET", "/clients/{cleo}/plan/adjust", HERS, "/clients/{client_id}/plan/adjust"),
    line(
        "POST",
        "/clients/{cleo}/plan/adjust",
        HER_FORM,
        "/clients/{client_id}/plan/adjust",
        data={"seen": "{seen}", "line.flexibility/runners-lunge/left": "neither", "reason.flexibility/runners-lunge/left": "Her knee."},
    ),
    line("GET", "/my/plan/changes", "403 403 403 200 404 403 404 end", "/my/plan/changes"),
    line(
        "POST",
        "/clients/{cleo}/screens/{draft}",
        HER_FORM,
        "/clients/{client_id}/screens/{screen_id}",
        data={"revision": "1", "taken_on": "{today}", "note": "Slept badly.", "measurements.AKE.left.value": "12,,5"},
    ),
    line(
        "POST",
        "/clients/{cleo}/screens/{draft}",
        "409 404 403 403 403 404 403 401",
        "/clients/{client_id}/screens/{screen_id}",
        data={"revision": "0", "note": "An older page."},
    ),
    line(
        "POST",
        "/clients/{cleo}/screens/{draft}/finish",
        HER_FORM,
        "/clients/{client_id}/screens/{screen_id}/finish",
        data={"revision": "1"},
    ),
    line("POST", "/clients/{cleo}/screens/{draft}/discard", HER_PAGE, "/clients/{client_id}/screens/{screen_id}/discard"),
    line(
        "POST",
        "/clients/{cleo}/screens/restore",
        HER_FORM,
        "/clients/{client_id}/screens/restore",
        data={"units": "metric", "taken_on": "{today}", "note": "Slept badly."},
    ),
    line(
        "POST",
        "/clients/{cleo}/screens/{latest}/mend",
        HER_FORM,
        "/clients/{client_id}/screens/{screen_id}/mend",
        data={"reason": "Typed the wrong leg."},
    ),
    line(
        "POST",
        "/clients/{cleo}/screens/{screen}/mend",
        "409 404 403 403 403 404 403 401",
        "/clients/{client_id}/screens/{screen_id}/mend",
        data={"reason": "Not the latest."},
    ),
    # --- plans and referrals ---
    line("GET", "/clients/{cleo}/plan", HERS, "/clients/{client_id}/plan"),
    line("GET", "/clients/{cara}/plan", HERS, "/clients/{client_id}/plan"),
    line("GET", "/clients/{cleo}/plans/1", HERS, "/clients/{client_id}/plans/{number}"),
    line("GET", "/clients/{cara}/referrals/{referral}", HERS, "/clients/{client_id}/referrals/{referral_id}"),
    line("GET", "/clients/{cleo}/referrals/{referral}", "404 404 403 403 403 404 403 in", "/clients/{client_id}/referrals/{referral_id}"),
    line("GET", "/clients/{cara}/referrals/{referral}/note", HERS, "/clients/{client_id}/referrals/{referral_id}/note"),
    line(
        "POST",
        "/clients/{cara}/referrals/{referral}/note",
        HER_FORM,
        "/clients/{client_id}/referrals/{referral_id}/note",
        data={"question": "May she bend at the hips?", "remark": "On the left."},
    ),
    line(
        "POST",
        "/clients/{cara}/referrals/{referral}/sent",
        HER_FORM,
        "/clients/{client_id}/referrals/{referral_id}/sent",
        data={"sent_to": "Dr Young", "sent_on": "{today}"},
    ),
    line(
        "POST",
        "/clients/{cara}/referrals/{referral}/answer",
        HER_FORM,
        "/clients/{client_id}/referrals/{referral_id}/answer",
        data={"answered_by": "Dr Young", "answered_on": "{today}", "answer": "Not for now.", "verdict": "not_cleared"},
    ),
    line(
        "POST",
        "/clients/{cara}/referrals/{referral}/back",
        HER_FORM,
        "/clients/{client_id}/referrals/{referral_id}/back",
        data={"step": "{step}"},
    ),
    line(
        "POST",
        "/clients/{cara}/referrals/{referral}/clearance",
        HER_FORM,
        "/clients/{client_id}/referrals/{referral_id}/clearance",
        data=CLEARANCE,
    ),
    line("GET", "/my/plan", MY),
    line("GET", "/api/v1/clients/{cleo}/plan", HERS_AND_HER_OWN, "/api/v1/clients/{client_id}/plan"),
    line("GET", "/api/v1/clients/{cleo}/plans/1", HERS_AND_HER_OWN, "/api/v1/clients/{client_id}/plans/{number}"),
    line(
        "POST",
        "/api/v1/clients/{cara}/referrals/{referral}/clearance",
        HER_API,
        "/api/v1/clients/{client_id}/referrals/{referral_id}/clearance",
        json={**CLEARANCE, "allowed": [], "not_allowed": []},
    ),
    # --- practice ---
    line("GET", "/clients/{cleo}/access", HERS, "/clients/{client_id}/access"),
    line("POST", "/clients/{cleo}/access", "200 404 403 403 403 404 403 401", "/clients/{client_id}/access"),
    line("POST", "/clients/{cleo}/access/end-link", HER_FORM, "/clients/{client_id}/access/end-link"),
    line("POST", "/clients/{cleo}/devices/{device}/end", HER_FORM, "/clients/{client_id}/devices/{session_id}/end"),
    line("GET", "/welcome/{link}", "200 200 200 200 200 200 200 200", "/welcome/{token}"),
    line("GET", "/welcome/nonsense", "404 404 404 404 404 404 404 404", "/welcome/{token}"),
    line("POST", "/welcome/{link}", "409 409 409 303 303 409 303 303", "/welcome/{token}"),
    line("GET", "/clients/{cleo}/practice", HERS, "/clients/{client_id}/practice"),
    line("POST", "/clients/{cleo}/practice", HER_FORM, "/clients/{client_id}/practice", data={"tick": "{item} 1 1", "on": "{today}"}),
    line("GET", "/clients/{cleo}/plan/print", HERS, "/clients/{client_id}/plan/print"),
    line("GET", "/my/today", MY),
    line("POST", "/my/ticks", "404 404 403 303 409 404 409 end", data={"tick": "{item} 1 1", "on": "{today}"}),
    line("POST", "/my/ticks", "404 404 403 409 409 404 409 end", data={"tick": "wall/wall-hinge/both 1 1", "on": "{today}"}),
    line("GET", "/my/today?on={today}", MY, "/my/today"),
    line("GET", "/my/hurts", MY),
    line("POST", "/my/hurts", "403 403 403 303 409 403 409 end", data={"item": "{item}", "pain": "3", "on": "{today}"}),
    line("GET", "/my/report?item={item}", MY, "/my/report"),
    line("POST", "/my/report", "403 403 403 303 409 403 409 end", data={"item": "{item}", "effort": "ok", "on": "{today}"}),
    line("POST", "/my/morning", "404 404 403 303 409 404 409 end", data={"session": "{yesterday}", "pain": "0"}),
    line("GET", "/my/plan/print", MY),
    line("POST", "/api/v1/clients/{cleo}/ticks", HERS_AND_HER_OWN, "/api/v1/clients/{client_id}/ticks", json={"ticks": [TICK]}),
    line("GET", "/api/v1/clients/{cleo}/practice", HERS_AND_HER_OWN, "/api/v1/clients/{client_id}/practice"),
    # --- progress ---
    line("GET", "/clients/{cleo}/progress", HERS, "/clients/{client_id}/progress"),
    line("GET", "/clients/{cara}/progress", HERS, "/clients/{client_id}/progress"),
    line("GET", "/clients/{cleo}/session", HERS, "/clients/{client_id}/session"),
    line(
        "POST",
        "/clients/{cleo}/session",
        HER_FORM,
        "/clients/{client_id}/session",
        data={"on": "{today}", "smr.both.pressure": "2"},
    ),
    line(
        "POST",
        "/clients/{cleo}/sign-offs",
        HER_FORM,
        "/clients/{client_id}/sign-offs",
        data={"stage": "flexibility", "override_reason": "Trained with me for a year elsewhere."},
    ),
    line(
        "POST",
        "/clients/{cleo}/sign-offs",
        "409 404 403 403 403 404 403 401",
        "/clients/{client_id}/sign-offs",
        data={"stage": "wall", "override_reason": "Trained with me for a year elsewhere."},
    ),
    line(
        "POST",
        "/clients/{lifter}/sign-offs/{sign_off}/take-back",
        HER_FORM,
        "/clients/{client_id}/sign-offs/{sign_off_id}/take-back",
    ),
    line("POST", "/clients/{lifter}/checks/{check}/take-back", HER_FORM, "/clients/{client_id}/checks/{check_id}/take-back"),
    line("POST", "/clients/{cleo}/events", HER_FORM, "/clients/{client_id}/events", data={"kind": "illness", "happened_on": "{today}"}),
    line(
        "POST",
        "/clients/{cleo}/events",
        "422 404 403 403 403 404 403 401",
        "/clients/{client_id}/events",
        data={"kind": "a party", "happened_on": "{today}"},
    ),
    line("POST", "/clients/{cleo}/events/{event}/take-back", HER_FORM, "/clients/{client_id}/events/{event_id}/take-back"),
    line("POST", "/clients/{lifter}/loads", HER_FORM, "/clients/{client_id}/loads", data={"exercise": "rdl-kb", "load_kg": "8"}),
    line(
        "POST",
        "/clients/{lifter}/loads",
        "422 404 403 403 403 404 403 401",
        "/clients/{client_id}/loads",
        data={"exercise": "rdl-kb", "load_kg": "40"},
    ),
    line("GET", "/api/v1/clients/{cleo}/progress", HERS_AND_HER_OWN, "/api/v1/clients/{client_id}/progress"),
    line(
        "POST",
        "/api/v1/clients/{cleo}/sign-offs",
        HER_API.replace("200", "201"),
        "/api/v1/clients/{client_id}/sign-offs",
        json={"stage": "flexibility", "evidence": {}, "override_reason": "Trained with me for a year elsewhere."},
    ),
    line(
        "POST",
        "/api/v1/clients/{cleo}/sign-offs",
        HER_API.replace("200", "409"),
        "/api/v1/clients/{client_id}/sign-offs",
        json={"stage": "wall", "evidence": {}, "override_reason": "Trained with me for a year elsewhere."},
    ),
    line(
        "POST",
        "/api/v1/clients/{lifter}/sign-offs/{sign_off}/take-back",
        HER_API,
        "/api/v1/clients/{client_id}/sign-offs/{sign_off_id}/take-back",
        json={},
    ),
    line(
        "POST",
        "/api/v1/clients/{cleo}/form-checks",
        HER_API.replace("200", "201"),
        "/api/v1/clients/{client_id}/form-checks",
        json={"stage": "smr", "measured": {"pressure": 2}},
    ),
    line(
        "POST",
        "/api/v1/clients/{lifter}/form-checks/{check}/take-back",
        HER_API,
        "/api/v1/clients/{client_id}/form-checks/{check_id}/take-back",
        json={},
    ),
    line(
        "POST",
        "/api/v1/clients/{lifter}/loads",
        HER_API.replace("200", "201"),
        "/api/v1/clients/{client_id}/loads",
        json={"exercise": "rdl-kb", "load_kg": 8},
    ),
    line(
        "POST",
        "/api/v1/clients/{lifter}/loads",
        HER_API.replace("200", "422"),
        "/api/v1/clients/{client_id}/loads",
        json={"exercise": "rdl-kb", "load_kg": 40},
    ),
    # --- library ---
    line("GET", "/figures/bridge/both", "200 200 200 200 200 200 200 in", "/figures/{slug}/{side}"),
    line("GET", "/figures/nonsense/both", "404 404 404 404 404 404 404 in", "/figures/{slug}/{side}"),
    line("GET", "/figures/bridge/left/moving.svg", "200 200 200 200 200 200 200 200", "/figures/{slug}/{side}/{kind}.svg"),
    line("GET", "/figures/couch/2/both", "200 200 200 200 200 404 404 in", "/figures/{slug}/{version}/{side}"),
    line("GET", "/figures/couch/2/left/still.svg", "200 200 200 200 200 404 404 in", "/figures/{slug}/{version}/{side}/{kind}.svg"),
    line("GET", "/library", STAFF),
    line("GET", "/library/new", ADMIN),
    line("POST", "/library", ADMIN_FORM, data=EXERCISE_FORM),
    line("GET", "/library/files", ADMIN),
    line("POST", "/library/files", ADMIN_FORM, data={"kind": "yaml", "text": "exercises: []"}),
    line("GET", "/library/files/{file}", "403 403 200 403 403 404 403 in", "/library/files/{import_id}"),
    line("POST", "/library/files/{file}", OWN_FORM, "/library/files/{import_id}", data={"mark": NOTHING}),
    line("POST", "/library/files/{file}/discard", OWN_FORM, "/library/files/{import_id}/discard"),
    line("GET", "/library/remarks", ADMIN),
    line("GET", "/library/drafts", ADMIN),
    line("POST", "/library/drafts", ADMIN_FORM, data=EXERCISE_FORM),
    line("POST", "/library/bridge/draft", ADMIN_FORM, "/library/{slug}/draft", data=EXERCISE_FORM),
    line("GET", "/library/drafts/{exercise_draft}", "403 403 200 403 403 404 403 in", "/library/drafts/{draft_id}"),
    line("POST", "/library/drafts/{exercise_draft}", OWN_FORM, "/library/drafts/{draft_id}", data={**EXERCISE_FORM, "revision": "1"}),
    line("POST", "/library/drafts/{exercise_draft}/discard", OWN_FORM, "/library/drafts/{draft_id}/discard"),
    line("GET", "/library/drafts/{exercise_draft}/picture", "403 403 200 403 403 404 403 in", "/library/drafts/{draft_id}/picture"),
    line(
        "POST",
        "/library/drafts/{exercise_draft}/picture",
        OWN_FORM,
        "/library/drafts/{draft_id}/picture",
        data={"choice": "without", "revision": "1"},
    ),
    line(
        "POST",
        "/library/drafts/{exercise_draft}/picture/preview",
        "403 403 200 403 403 404 403 401",
        "/library/drafts/{draft_id}/picture/preview",
        data={"title": "A reach", "seen": "Reaching.", "view": "profile", "floor": "ground"},
    ),
    line("GET", "/library/bridge/starter", "403 403 303 403 403 303 403 in", "/library/{slug}/starter"),
    line("POST", "/library/bridge/starter", ADMIN_FORM, "/library/{slug}/starter", data={"choice": "keep"}),
    line("GET", "/library/coverage", ADMIN),
    line("GET", "/library/export.yaml", ADMIN),
    line("GET", "/library/export.csv", ADMIN),
    line("GET", "/library/bridge", STAFF, "/library/{slug}"),
    line("GET", "/library/nonsense", "404 404 404 403 403 404 403 in", "/library/{slug}"),
    line("GET", "/library/bridge/versions/1", STAFF, "/library/{slug}/versions/{version}"),
    line("POST", "/library/preview", "403 403 200 403 403 200 403 401", data=EXERCISE_FORM),
    line("POST", "/library/bridge/preview", "403 403 200 403 403 200 403 401", "/library/{slug}/preview", data=EXERCISE_FORM),
    line("GET", "/library/bridge/edit", ADMIN, "/library/{slug}/edit"),
    line("POST", "/library/quad-rock/edit", ADMIN_FORM, "/library/{slug}/edit", data=EXERCISE_FORM),
    line("POST", "/library/bridge/archive", ADMIN_FORM, "/library/{slug}/archive"),
    line("GET", "/library/bridge/archive", ADMIN, "/library/{slug}/archive"),
    line("POST", "/library/elev-ham/merge", ADMIN_FORM, "/library/{slug}/merge", data={"other": "strap-ham"}),
    line("POST", "/library/quad-rock/versions/1/restore", ADMIN_FORM, "/library/{slug}/versions/{version}/restore", data={"version": "1"}),
    line("POST", "/library/couch/restore", ADMIN_FORM, "/library/{slug}/restore"),
    line("GET", "/api/v1/exercises", STAFF_API),
    line("POST", "/api/v1/exercises", "403 403 201 403 403 201 403 401", json=EXERCISE),
    line("GET", "/api/v1/exercises/bridge", STAFF_API, "/api/v1/exercises/{slug}"),
    line(
        "PUT",
        "/api/v1/exercises/quad-rock",
        "403 403 200 403 403 200 403 401",
        "/api/v1/exercises/{slug}",
        json=EXERCISE,
        headers={"if-match": '"1"'},
    ),
    line("POST", "/api/v1/exercises/bridge/archive", "403 403 200 403 403 200 403 401", "/api/v1/exercises/{slug}/archive"),
    line("POST", "/api/v1/exercises/couch/restore", "403 403 200 403 403 200 403 401", "/api/v1/exercises/{slug}/restore"),
    line("GET", "/docs", "200 200 200 200 200 200 200 200"),
    line("GET", "/openapi.json", "200 200 200 200 200 200 200 200"),
)
