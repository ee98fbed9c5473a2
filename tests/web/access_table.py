"""The access table: one line for each thing that can be asked, and what each person of the cast gets."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

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
    # --- screens ---
    # --- plans and referrals ---
    # --- practice ---
    # --- library ---
)
