"""Contacts and limbs that many poses share."""

from app.figures.pose import Arm, Bone, Gear, Kind, Leg, Part, Pin, Pose
from app.figures.skeleton import ANKLE

KNEE = 5.2
"""How high a knee is that rests on the ground."""
WRIST = 2.8
ELBOW = 4.0
BACK_DOWN = 12.4
"""How high the hip is of someone who lies on the back."""
FRONT_DOWN = 9.6
POINTED = -66
"""The ankle of a shin that lies on the ground, the back of the foot down."""
HANG = Arm(shoulder=4, elbow=8, plumb=True)
"""An arm that hangs straight down, whatever the trunk does."""
FEET = (Pin(Part.NEAR_FOOT, 0, ANKLE, turn=0), Pin(Part.FAR_FOOT, 2.6, ANKLE, turn=0))
"""Both feet flat on the ground."""
BEHIND_NECK = Pin(Part.FAR_HAND, 30, 11.5, on=Bone.CHEST)
BELOW_GLUTES = Pin(Part.NEAR_HAND, -9, 13.5, on=Bone.PELVIS)
DOWEL_HANDS = (BEHIND_NECK, BELOW_GLUTES)
"""The article's grip of the dowel: one hand behind the neck, the other below the glutes."""
DOWEL = Gear(Kind.DOWEL, w=26, h=14)
FIST = Arm(grip=True)
ELBOW_AWAY = Arm(grip=True, upper_seen=0.3, fore_seen=0.25)
"""The hand is behind the neck, the elbow points away from you, behind the head."""


def stand(
    lean: float, knee: float, *, arm: Arm = HANG, far_arm: Arm | None = None, pins: tuple[Pin, ...] = (), over: float = 0.5, load: float = 0
) -> Pose:
    """On both feet, in balance: the hips are wherever lean and knee bend need them."""
    return Pose(
        lean=lean, near_leg=Leg(knee=knee), near_arm=arm, far_arm=far_arm or arm, pins=(*FEET, *pins), balance=True, over=over, load=load
    )


def flat(side: str, x: float, y: float = ANKLE) -> Pin:
    """A foot flat on something y - ANKLE high."""
    return Pin(Part(f"{side}-foot"), x, y, turn=0)


def palm(side: str, x: float, y: float = WRIST, *, turn: float = 0, bend: int = 1) -> Pin:
    """A hand flat on something."""
    return Pin(Part(f"{side}-wrist"), x, y, turn=turn, bend=1 if bend > 0 else -1)


def hand(side: str, on: Bone, x: float, y: float, *, bend: int = 1) -> Pin:
    """A hand that holds a limb."""
    return Pin(Part(f"{side}-hand"), x, y, on=on, bend=1 if bend > 0 else -1)


def hands(on: Bone, x: float, y: float, *, apart: float = 3, bend: int = 1) -> tuple[Pin, Pin]:
    return hand("near", on, x, y, bend=bend), hand("far", on, x - apart, y, bend=bend)


def mat(x: float, w: float) -> Gear:
    return Gear(Kind.MAT, x=x, w=w)
