"""HTTP: pages for people and an API for programs, over the same use cases."""
