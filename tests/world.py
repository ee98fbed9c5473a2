"""Objects that exist, for tests that go through every route: a plan, a stop, a draft, a link, by name."""

from collections.abc import Mapping

from sqlalchemy import select

from app.models import Base
from tests.cast import PASSWORD, Cast


def world(cast: Cast) -> Mapping[str, object]:
    """The ids of what the cast has; the names stand in braces in the access table."""
    people = cast.people.items()
    return {
        "password": PASSWORD,
        **{f"{name}_user": person.user_id for name, person in people},
        **{name: person.client_id for name, person in people if person.client_id is not None},
        **cast.keys["world"],
    }


IN_PASSING = {"auth_session": {"seen_at"}}
"""Columns that change by mere looking."""


def contents(cast: Cast) -> dict[str, list[tuple[object, ...]]]:
    """Everything in the database, to be compared."""
    with cast.database.work(writes=False) as store:
        return {
            table.name: [
                tuple(row)
                for row in store.session.execute(
                    select(*(column for column in table.columns if column.name not in IN_PASSING.get(table.name, set()))).order_by(
                        *table.primary_key.columns
                    )
                )
            ]
            for table in Base.metadata.sorted_tables
        }
