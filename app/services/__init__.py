"""The use cases: one function for each thing that a person can do, and who may do it."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from app.errors import NotAllowed
from app.models import Role
from app.store import Store

P = ParamSpec("P")
R = TypeVar("R")


def only(*roles: Role) -> Callable[[Callable[Concatenate[Store, P], R]], Callable[Concatenate[Store, P], R]]:
    """Let a use case be reached by people with one of these roles; pages and API can't differ."""

    def guard(use_case: Callable[Concatenate[Store, P], R]) -> Callable[Concatenate[Store, P], R]:
        @wraps(use_case)
        def guarded(store: Store, /, *args: P.args, **kwargs: P.kwargs) -> R:
            if not store.actor.roles.intersection(roles):
                raise NotAllowed
            return use_case(store, *args, **kwargs)

        return guarded

    return guard


STAFF = (Role.TRAINER, Role.ADMIN)
EVERYONE = (Role.TRAINER, Role.ADMIN, Role.CLIENT)
