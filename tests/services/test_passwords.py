"""Passwords: how dear a guess is."""

from app.services.passwords import hash_password, matches


def test_a_guess_costs_nineteen_megabytes_and_two_rounds() -> None:
    kept = hash_password("correct horse battery staple")
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert matches(kept, "correct horse battery staple")
    assert not matches(kept, "correct horse battery stapler")


def test_without_a_password_nothing_matches() -> None:
    assert not matches(None, "nobody has this password")
    assert not matches("not a hash", "not a hash")
