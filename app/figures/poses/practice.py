"""The ladder of the hinge: dowel, wall, Romanian deadlift, single leg; and what it should not look like."""

from dataclasses import replace

from app.figures.pose import Arm, Arrow, Bone, Gear, Kind, Leg, Part, Picture, Pin, Pose, Tissue
from app.figures.poses.stance import DOWEL, DOWEL_HANDS, ELBOW_AWAY, FEET, FIST, HANG, KNEE, POINTED, mat, palm, stand

TURNED_OUT = Arm(upper_seen=0.94, fore_seen=0.94)
GRIP = Arm(shoulder=4, elbow=8, plumb=True, grip=True)
HIPS_BACK = Arrow(Part.HIP, x=-20, y=15, grow=1.3)
HAMSTRING = Tissue(Bone.NEAR_THIGH, 8, 31, across=-5.4, width=2.6)


def before_the_thigh(x: float, y: float, far: tuple[float, float] = (7.2, 1)) -> tuple[Pin, Pin]:
    """Both hands hold something before the legs, so far along the near thigh and off its bone; the far hand as the near palm has it."""
    return Pin(Part.NEAR_HAND, x, y, on=Bone.NEAR_THIGH), Pin(Part.FAR_HAND, *far, on=Bone.NEAR_PALM)


def single(lean: float, knee: float, free: Leg, *, arm: Arm = HANG, far_arm: Arm | None = None, pins: tuple[Pin, ...] = ()) -> Pose:
    """On the near foot, in balance, the free leg as it is held."""
    return Pose(lean=lean, near_leg=Leg(knee=knee), far_leg=free, near_arm=arm, far_arm=far_arm or arm, pins=(FEET[0], *pins), balance=True)


BESIDE = Leg(hip=16, knee=38, ankle=10)
BEHIND = Leg(hip=0, knee=3, ankle=0)
"""The free leg: beside the other one, and in line with the trunk."""
LEG_BACK = Arrow(Part.FAR_FOOT, x=-12, y=2, bend=-0.18, grow=0.55)


def on_knees(lean: float, thigh: float, *pins: Pin, arm: Arm = HANG, far_arm: Arm | None = None) -> Pose:
    """On both knees, the thigh so far from upright (positive: hips behind the knees)."""
    leg = Leg(hip=lean + thigh, knee=90 + thigh, ankle=POINTED)
    return Pose(lean=lean, near_leg=leg, far_leg=leg, near_arm=arm, far_arm=far_arm or arm, pins=(Pin(Part.NEAR_KNEE, 0, KNEE), *pins))


PICTURES = {
    "quad-rock": Picture(
        title="Hands-and-knees rock-back, dowel on back",
        seen="On hands and knees, a dowel on head, upper back and tailbone. The hips rock back towards the heels.",
        poses=(
            on_knees(82, 0, palm("near", 60), palm("far", 62), arm=TURNED_OUT),
            on_knees(86, 38, palm("near", 60), palm("far", 62), arm=TURNED_OUT),
        ),
        gear=(mat(-60, 140), replace(DOWEL, w=12, h=8)),
        arrow=Arrow(Part.HIP, x=-8, y=28, grow=1.1),
    ),
    "tall-kneel-hinge": Picture(
        title="Tall-kneeling hinge, dowel on back",
        seen=(
            "Kneeling tall with a dowel along the back, one hand behind the neck, the other below the glutes. The hips "
            "go back towards the heels."
        ),
        poses=(
            on_knees(0, 0, *DOWEL_HANDS, arm=FIST, far_arm=ELBOW_AWAY),
            on_knees(52, 30, *DOWEL_HANDS, arm=FIST, far_arm=ELBOW_AWAY),
        ),
        gear=(mat(-60, 110), DOWEL),
        arrow=Arrow(Part.HIP, x=-37, y=-14, length=24),
    ),
    "dowel-hinge": Picture(
        title="Dowel hinge, standing, unloaded",
        seen=(
            "Standing with a dowel along the spine, one hand behind the neck, the other below the glutes. The hips go "
            "back, the shins stay upright."
        ),
        poses=(stand(0, 6, arm=FIST, far_arm=ELBOW_AWAY, pins=DOWEL_HANDS), stand(58, 20, arm=FIST, far_arm=ELBOW_AWAY, pins=DOWEL_HANDS)),
        gear=(DOWEL,),
        arrow=replace(HIPS_BACK, x=-38, y=-10, grow=1),
        tissues=(HAMSTRING,),
    ),
    "wall-hinge-near": Picture(
        title="Wall hinge, close (about 6 in / 15 cm)",
        seen="Facing away from a wall, heels about 6 in (15 cm) from it. The hips go back until the buttocks tap the wall.",
        poses=(stand(0, 5), stand(39, 14)),
        gear=(Gear(Kind.WALL, x=-21.4, w=-9, h=182), Gear(Kind.GAP, x=-21.4, y=-6, text="6 in / 15 cm")),
        arrow=Arrow(Part.HIP, x=-7, y=33, length=15),
    ),
    "wall-hinge": Picture(
        title="Wall hinge, heels 10-12 in (25-30 cm) from the wall",
        seen=(
            "Facing away from a wall, heels 10 to 12 in (25 to 30 cm) from it. The hips go back until the buttocks touch "
            "the wall, the shins stay upright."
        ),
        poses=(stand(0, 5), stand(72, 20, arm=Arm(shoulder=12, elbow=8, plumb=True), over=0.38)),
        gear=(Gear(Kind.WALL, x=-32.5, w=-9, h=182), Gear(Kind.GAP, x=-32.5, y=-6, text="10–12 in / 25–30 cm")),
        arrow=Arrow(Part.HIP, x=-2, y=26, grow=1.2),
        tissues=(HAMSTRING,),
    ),
    "rdl-dowel": Picture(
        title="RDL pattern with a dowel in the hands",
        seen="A dowel in both hands slides down the thighs while the hips go back.",
        poses=(
            stand(0, 10, arm=FIST, pins=before_the_thigh(12, 11.6, far=(6.8, 12.1))),
            stand(64, 18, arm=FIST, pins=before_the_thigh(42.7, 7, far=(-1.6, 8.4))),
        ),
        gear=(Gear(Kind.STAFF, on=Part.NEAR_HAND, w=18, h=28, front=True),),
        arrow=Arrow(Part.NEAR_HAND, x=42, grow=0.9),
        tissues=(HAMSTRING,),
    ),
    "rdl-kb": Picture(
        title="Kettlebell or dumbbell RDL",
        seen="A kettlebell in both hands goes down close to the legs while the hips go back.",
        poses=(
            stand(0, 12, arm=FIST, pins=before_the_thigh(12, 20.4), load=0.2),
            stand(66, 18, arm=FIST, pins=before_the_thigh(47.5, 14.8), load=0.2),
        ),
        gear=(Gear(Kind.KETTLEBELL, front=True),),
        arrow=Arrow(Part.NEAR_HAND, x=26, grow=0.9),
        tissues=(HAMSTRING,),
    ),
    "rdl-bb": Picture(
        title="Barbell Romanian deadlift",
        seen=("A barbell in both hands brushes the thighs on its way down while the hips go back; it does not touch the floor."),
        poses=(
            stand(0, 12, arm=FIST, pins=before_the_thigh(11, 13), load=0.4),
            stand(68, 18, arm=FIST, pins=before_the_thigh(46.3, 7), load=0.4),
        ),
        gear=(Gear(Kind.BARBELL, h=18, front=True),),
        arrow=Arrow(Part.NEAR_HAND, x=36, grow=0.9),
        tissues=(HAMSTRING,),
    ),
    "rdl-bstance": Picture(
        title="Kickstand (B-stance) RDL",
        seen=("One foot flat, the toes of the other level with its heel as a stand. The hips go back over the flat foot."),
        poses=(
            replace(stand(0, 9), pins=(FEET[0], Pin(Part.FAR_TOE, -7, 0, turn=-52))),
            replace(stand(62, 18), pins=(FEET[0], Pin(Part.FAR_TOE, -7, 0, turn=-52))),
        ),
        arrow=replace(HIPS_BACK, x=-14, y=19),
        tissues=(HAMSTRING,),
    ),
    "sl-supported": Picture(
        title="Supported single-leg hinge",
        seen="On one leg, fingertips of the other side on a rail. Trunk and free leg tip as one plank.",
        poses=(
            single(20, 10, Leg(hip=32, knee=40, ankle=10), far_arm=Arm(), pins=(palm("far", 49.5, 91, turn=-5),)),
            single(60, 16, BEHIND, far_arm=Arm(), pins=(palm("far", 49.5, 91, turn=-5),)),
        ),
        gear=(Gear(Kind.RAIL, x=63, h=86.5, w=16),),
        arrow=replace(LEG_BACK, x=-6, y=-3),
        tissues=(HAMSTRING,),
    ),
    "sl-dowel": Picture(
        title="Single-leg hinge with dowel on the spine",
        seen=("On one leg with a dowel along the spine, touching head, upper back and tailbone. Trunk and free leg tip as one plank."),
        poses=(
            single(0, 8, BESIDE, arm=FIST, far_arm=ELBOW_AWAY, pins=DOWEL_HANDS),
            single(66, 16, BEHIND, arm=FIST, far_arm=ELBOW_AWAY, pins=DOWEL_HANDS),
        ),
        gear=(DOWEL,),
        arrow=LEG_BACK,
        tissues=(HAMSTRING,),
    ),
    "sl-hinge": Picture(
        title="Single-leg hinge, unloaded",
        seen="On one leg, hands empty. Trunk and free leg tip as one plank, a long line from head to heel.",
        poses=(single(0, 8, BESIDE), single(74, 16, BEHIND)),
        arrow=LEG_BACK,
        tissues=(HAMSTRING,),
    ),
    "sl-rdl": Picture(
        title="Single-leg RDL, loaded",
        seen=("On one leg, a kettlebell in the opposite hand goes down beside the standing shin while the free leg goes back."),
        poses=(
            single(0, 8, BESIDE, arm=HANG, far_arm=Arm(grip=True), pins=(Pin(Part.FAR_HAND, 19, 77),)),
            single(70, 16, BEHIND, arm=Arm(shoulder=6, elbow=8), far_arm=Arm(grip=True), pins=(Pin(Part.FAR_HAND, 16, 47),)),
        ),
        gear=(Gear(Kind.KETTLEBELL, on=Part.FAR_HAND),),
        arrow=LEG_BACK,
        tissues=(HAMSTRING,),
    ),
}
FAULTS = {
    "squat": Picture(
        title="Fault: it became a squat",
        seen="The knees travel forward and the backside drops towards the height of the knees.",
        poses=(stand(0, 5), stand(44, 126, arm=Arm(shoulder=80))),
    ),
    "rounded-back": Picture(
        title="Fault: rounded back",
        seen="The back bends instead of the hips.",
        poses=(
            stand(0, 5),
            Pose(lean=26, waist=32, back=36, near_leg=Leg(knee=10), near_arm=HANG, far_arm=HANG, pins=FEET, balance=True),
        ),
    ),
}
