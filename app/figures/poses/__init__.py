"""The table of pictures: one for each exercise of the starter library, in its order, and the two faults beside the hinge."""

from collections.abc import Mapping
from types import MappingProxyType

from app.figures.pose import Picture
from app.figures.poses import flexibility, practice, smr, strengthening

PICTURES: Mapping[str, Picture] = MappingProxyType(flexibility.PICTURES | smr.PICTURES | strengthening.PICTURES | practice.PICTURES)
FAULTS: Mapping[str, Picture] = MappingProxyType(practice.FAULTS)
HINGES = frozenset(practice.PICTURES) - {"quad-rock", "tall-kneel-hinge"}
"""Those on the feet, beside which a fault can be seen."""
