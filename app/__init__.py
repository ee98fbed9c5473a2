"""Hinge Coach turns a movement screen into a staged, explained hip hinge plan.

Four layers, imports only go down: web -> services -> store -> models -> rules and figures, which are pure.
Start at `main.py`, which knows all others, or at `rules/ruleset.py`, which is what the rest is for.
"""
