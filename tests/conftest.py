"""The cast, and where their databases come from."""

pytest_plugins = ("tests.databases", "tests.cast")
