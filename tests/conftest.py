"""The cast, and where their databases come from."""

import gc

import pytest

pytest_plugins = ("tests.databases", "tests.cast")

SLOW_FILES = frozenset(
    {
        *("test_run.py", "test_access.py", "test_demo.py", "test_migrations.py", "test_accounts.py"),
        *("test_properties.py", "test_progress_properties.py", "test_histories.py", "test_history.py"),
        *("test_adjustments.py", "test_stops.py", "test_library_files.py", "test_library_pictures.py"),
    }
)
"""Each takes seconds in all: it sets things up anew for every test, or tries very many. `./run check` leaves them to `./run test`."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.name in SLOW_FILES:
            item.add_marker(pytest.mark.slow)


def pytest_collection_finish() -> None:
    """Look for garbage less often: what lives as long as the tests is large, and searching it took a quarter of their time."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
