"""Self-myofascial release: roller or ball, and which tissue it is under."""

from app.figures.pose import Arm, Arrow, Bone, Floor, Gear, Kind, Leg, Part, Picture, Pin, Pose, Tissue, View
from app.figures.poses.stance import POINTED, flat, mat, palm

ROLL = Arrow(Part.HIP, y=30, grow=1.4, both=True)


def on_forearms(x: float) -> Pose:
    """Face down on the forearms, the thighs on a roller, the hip at x."""
    return Pose(
        lean=76,
        back=-4,
        near_leg=Leg(hip=-12, knee=4, ankle=-60),
        far_leg=Leg(hip=-14, knee=4, ankle=-60),
        pins=(Pin(Part.HIP, x, 23), palm("near", 82, 4), palm("far", 85, 4)),
    )


def on_the_side(x: float, y: float, rise: float, near: Leg, far: Leg, *pins: Pin) -> Pose:
    """On the near side, seen from the front, head to the left; the trunk rises from hip to shoulder by so many degrees."""
    return Pose(
        lean=rise - 90,
        near_leg=near,
        far_leg=far,
        near_arm=Arm(upper_seen=0.8),
        far_arm=Arm(),
        pins=(Pin(Part.HIP, x, y), *pins),
    )


def sitting(x: float, y: float, lean: float, near: Leg, *pins: Pin) -> Pose:
    return Pose(
        lean=lean,
        near_leg=near,
        pins=(Pin(Part.HIP, x, y), flat("far", 52), palm("near", -34, turn=180, bend=-1), palm("far", -31, turn=180, bend=-1), *pins),
    )


CROSSED = Leg(thigh_seen=0.92, shank_seen=0.94)
"""The top leg, its knee up, its foot in front of the other leg."""
PROPPED = (palm("near", -78, 4, turn=180), palm("far", -40, 2, turn=180, bend=-1))

PICTURES = {
    "smr-hipflex": Picture(
        title="SMR hip flexors (front of hip)",
        seen="Face down, forehead on the hands, a ball just below the front hip bone.",
        poses=(
            Pose(
                lean=92,
                neck=4,
                near_leg=Leg(hip=14, knee=8, ankle=POINTED),
                far_leg=Leg(hip=14, knee=8, ankle=POINTED),
                near_arm=Arm(upper_seen=0.4, fore_seen=0.5),
                far_arm=Arm(upper_seen=0.4, fore_seen=0.5),
                pins=(Pin(Part.HIP, 0, 19.5), palm("near", 70, 4.4), palm("far", 72, 4.4)),
            ),
        ),
        gear=(mat(-104, 200), Gear(Kind.BALL, on=Bone.PELVIS, x=1, h=6.6)),
        tissues=(Tissue(Bone.PELVIS, -6, 8, across=-6, width=3.4),),
    ),
    "smr-quad": Picture(
        title="SMR quadriceps",
        seen="Face down on the forearms, a roller across the front of the thighs. The body moves to and fro over it.",
        poses=(on_forearms(-9), on_forearms(9)),
        gear=(mat(-104, 210), Gear(Kind.ROLLER, x=-19, h=7.5)),
        arrow=ROLL,
        tissues=(Tissue(Bone.NEAR_THIGH, 7, 31, across=5, width=3),),
        ghost=False,
    ),
    "smr-tfl": Picture(
        title="SMR tensor fascia latae",
        seen=(
            "Half on the side, half on the front, a ball at the pocket line just below the hip bone; the top foot on "
            "the floor takes weight off."
        ),
        view=View.FRONT,
        floor=Floor.OBLIQUE,
        behind=("near-arm", "near-leg"),
        poses=tuple(on_the_side(x, 25, 18, Leg(hip=-3, knee=4), CROSSED, Pin(Part.FAR_FOOT, 47, -8, turn=0), *PROPPED) for x in (-4, 4)),
        gear=(Gear(Kind.MAT, x=-112, y=-16, w=214, h=42), Gear(Kind.BALL, on=Part.HIP, h=6.5, x=-1)),
        arrow=Arrow(Part.HIP, x=16, y=36, length=30, turn=0, both=True),
        tissues=(Tissue(Bone.PELVIS, -8, 5, across=10, width=4),),
        ghost=False,
    ),
    "smr-itb": Picture(
        title="SMR IT band line (outer thigh)",
        seen=("Side-lying on the forearm, a roller under the outside of the lower thigh; the top foot stands in front and takes weight."),
        view=View.FRONT,
        floor=Floor.OBLIQUE,
        behind=("near-arm", "near-leg"),
        poses=tuple(on_the_side(x, 31, 12, Leg(hip=-12, knee=2), CROSSED, Pin(Part.FAR_FOOT, 52, -8, turn=0), *PROPPED) for x in (-8, 8)),
        gear=(Gear(Kind.MAT, x=-112, y=-16, w=214, h=42), Gear(Kind.ROLLER, x=22, h=7.5)),
        arrow=Arrow(Part.HIP, x=10, y=32, length=36, turn=0, both=True),
        tissues=(Tissue(Bone.NEAR_THIGH, 7, 31, across=-5, width=3),),
        ghost=False,
    ),
    "smr-add": Picture(
        title="SMR adductors",
        seen="Seen from above: face down on the forearms, one thigh out to the side over a roller, its knee bent.",
        view=View.BACK,
        floor=Floor.ABOVE,
        behind=("near-leg", "far-leg"),
        poses=(
            Pose(
                lean=90,
                near_leg=Leg(hip=76, knee=80),
                far_leg=Leg(hip=2),
                near_arm=Arm(shoulder=145, elbow=40, upper_seen=0.7),
                far_arm=Arm(shoulder=145, elbow=40, upper_seen=0.7),
                pins=(Pin(Part.HIP, 0, -6),),
            ),
            Pose(
                lean=90,
                near_leg=Leg(hip=76, knee=80),
                far_leg=Leg(hip=2),
                near_arm=Arm(shoulder=145, elbow=40, upper_seen=0.7),
                far_arm=Arm(shoulder=145, elbow=40, upper_seen=0.7),
                pins=(Pin(Part.HIP, 0, 6),),
            ),
        ),
        gear=(Gear(Kind.MAT, x=-108, y=-50, w=234, h=128), Gear(Kind.ROLLER, x=4, y=30, w=58, h=7)),
        arrow=Arrow(Part.NEAR_KNEE, x=26, y=-10, grow=1.8, both=True),
        tissues=(Tissue(Bone.NEAR_THIGH, 8, 34, across=0, width=4),),
        ghost=False,
    ),
    "smr-glute": Picture(
        title="SMR glutes and piriformis",
        seen="Sitting on a ball, one ankle over the other knee, leaning back on the hands.",
        poses=(
            sitting(
                -4,
                21,
                -43,
                Leg(thigh_seen=0.8, shank_seen=0.5, foot_seen=0.6),
                Pin(Part.NEAR_FOOT, 35, 6, on=Bone.FAR_THIGH, turn=60, bend=1),
            ),
            sitting(
                4,
                21,
                -43,
                Leg(thigh_seen=0.8, shank_seen=0.5, foot_seen=0.6),
                Pin(Part.NEAR_FOOT, 35, 6, on=Bone.FAR_THIGH, turn=60, bend=1),
            ),
        ),
        gear=(mat(-80, 170), Gear(Kind.BALL, on=Part.HIP, x=-3, h=6.5)),
        arrow=Arrow(Part.HIP, x=26, y=-13, grow=2.2, both=True),
        tissues=(Tissue(Bone.PELVIS, -7, 7, across=7, width=4),),
        ghost=False,
    ),
    "smr-ham": Picture(
        title="SMR hamstrings",
        seen=("Seated, a roller under one thigh, hands behind lifting some weight, the other knee bent. The body moves to and fro."),
        poses=(
            sitting(-9, 22, -42, Leg(hip=50, knee=4)),
            sitting(9, 22, -42, Leg(hip=50, knee=4)),
        ),
        gear=(mat(-80, 200), Gear(Kind.ROLLER, x=20, h=7.5)),
        arrow=Arrow(Part.HIP, x=22, y=46, grow=1.4, both=True),
        tissues=(Tissue(Bone.NEAR_THIGH, 8, 31, across=-5, width=3),),
        ghost=False,
    ),
}
