"""The cast, and where their databases come from."""

import pytest

pytest_plugins = ("tests.databases", "tests.cast")

SLOW_FILES = frozenset({"test_run.py", "test_access.py", "test_demo.py", "test_migrations.py", "test_accounts.py"})
"""Each of these takes seconds in all: they set things up anew for every test. `./run check` leaves them to `./run test`."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.name in SLOW_FILES:
            item.add_marker(pytest.mark.slow)
