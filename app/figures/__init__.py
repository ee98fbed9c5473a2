"""A posable figure: every exercise's picture, drawn from joint angles by our own code; pure, standard library only.

`pose.py` says what a picture is, `poses/` holds all of them, `solve.py` finds the joints, `draw.py` makes the SVG.
"""

from app.figures.draw import Side, draw, frame
from app.figures.paint import Theme
from app.figures.pose import ANGLES, Picture, Pose, Unposable
from app.figures.poses import FAULTS, HINGES, PICTURES

__all__ = ["ANGLES", "FAULTS", "HINGES", "PICTURES", "Picture", "Pose", "Side", "Theme", "Unposable", "draw", "frame"]
