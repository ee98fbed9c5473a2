"""Stretches and mobility: what lengthens the front of the hip, the hamstrings, the glutes and the inside of the thigh."""

from app.figures.pose import Arm, Arrow, Bone, Floor, Gear, Kind, Leg, Part, Picture, Pin, Pose, Tissue, View
from app.figures.poses.stance import BACK_DOWN, FIST, FRONT_DOWN, KNEE, POINTED, flat, hand, hands, mat, palm

HIP_FRONT = Tissue(Bone.NEAR_THIGH, -6, 15, across=5.5, width=3.4)
THIGH_FRONT = Tissue(Bone.NEAR_THIGH, 10, 31, across=4.5, width=3)
THIGH_BACK = Tissue(Bone.NEAR_THIGH, 8, 31, across=-4.5, width=3)
GROIN = Tissue(Bone.NEAR_THIGH, 3, 30, across=4.5, width=2.8)
HUGGED = Leg(hip=128, knee=132)
FLAT = Leg(hip=-4, ankle=-4)
"""A leg that lies stretched out, heel down."""


def supine(near: Leg, far: Leg, *pins: Pin, near_arm: Arm | None = None, far_arm: Arm | None = None, y: float = BACK_DOWN) -> Pose:
    """On the back, head to the left, the hip at zero."""
    return Pose(
        lean=-90,
        neck=-4,
        nod=-4,
        near_leg=near,
        far_leg=far,
        near_arm=near_arm or Arm(),
        far_arm=far_arm or Arm(),
        pins=(Pin(Part.HIP, 0, y), *pins),
    )


def crossed(hip: float, knee: float, seen: float) -> Pose:
    """On the back, both hands behind the far thigh, the near ankle across it above the knee; the near knee is out towards you."""
    return supine(
        Leg(thigh_seen=seen, foot_seen=0.7),
        Leg(hip=hip, knee=knee),
        Pin(Part.NEAR_FOOT, 35, 10, on=Bone.FAR_THIGH, turn=hip + 40, bend=-1),
        *hands(Bone.FAR_THIGH, 17, -9),
        near_arm=FIST,
        far_arm=FIST,
    )


def half_kneeling(
    lean: float, thigh: float, front: float, *pins: Pin, waist: float = 0, arm: Arm | None = None, far_arm: Arm | None = None
) -> Pose:
    """Near knee down, its thigh so far past upright (positive: hips ahead of the knee), the far foot flat in front."""
    return Pose(
        lean=lean,
        waist=waist,
        near_leg=Leg(hip=lean - thigh, knee=90 - thigh, ankle=POINTED),
        near_arm=arm or Arm(),
        far_arm=far_arm or Arm(),
        pins=(Pin(Part.NEAR_KNEE, 0, KNEE), flat("far", front), *pins),
    )


def rear_foot_up(lean: float, thigh: float, *pins: Pin, arm: Arm | None = None) -> Pose:
    """Near knee on a pad, its shin up against a bench."""
    return Pose(
        lean=lean,
        near_leg=Leg(hip=lean - thigh, knee=172 - thigh, ankle=-18),
        near_arm=arm or Arm(),
        far_arm=arm or Arm(),
        pins=(Pin(Part.NEAR_KNEE, 0, KNEE + 3), flat("far", 58), *pins),
    )


def seated_turn(near: Leg, far: Leg, y: float = 20) -> Pose:
    """Sitting upright on the floor, seen from the front, hands on the floor behind."""
    return Pose(
        near_leg=near,
        far_leg=far,
        near_arm=Arm(shoulder=14, elbow=0, upper_seen=0.85, fore_seen=0.8),
        far_arm=Arm(shoulder=14, elbow=0, upper_seen=0.85, fore_seen=0.8),
        pins=(Pin(Part.HIP, 0, y),),
    )


def cobra(waist: float, back: float, neck: float) -> Pose:
    """Face down, hips and legs on the mat, the back bent backwards by so much."""
    return Pose(
        lean=88,
        waist=waist,
        back=back,
        neck=neck,
        nod=-4,
        near_leg=Leg(hip=5, knee=6, ankle=POINTED),
        far_leg=Leg(hip=5, knee=6, ankle=POINTED),
        pins=(Pin(Part.HIP, 0, FRONT_DOWN), palm("near", 39), palm("far", 41)),
    )


def soles_together(leg: Leg) -> Pose:
    """Sitting, seen from the front, the hands around the feet."""
    return Pose(
        near_leg=leg,
        far_leg=leg,
        pins=(Pin(Part.HIP, 0, 22), Pin(Part.NEAR_HAND, -11, 10, bend=-1), Pin(Part.FAR_HAND, 11, 10, bend=-1)),
    )


def wide(x: float, y: float, lean: float, chest: float) -> Pose:
    """Feet wide, seen from the front, the hips at x and y, the hands together before the chest; the bent leg is the far one."""
    return Pose(
        lean=lean,
        trunk_seen=0.9,
        far_leg=Leg(thigh_seen=0.9),
        pins=(
            Pin(Part.HIP, x, y),
            flat("near", -44),
            flat("far", 44),
            Pin(Part.NEAR_HAND, x * 1.2 - 3, chest, bend=-1),
            Pin(Part.FAR_HAND, x * 1.2 + 3, chest, bend=-1),
        ),
    )


SHIN_IN_FRONT = Leg(hip=46, knee=127, ankle=-70, thigh_seen=0.75, shank_seen=0.9, foot_seen=0.85, sole=True)
SHIN_BEHIND = Leg(hip=67, knee=-50, ankle=-88, thigh_seen=0.95, shank_seen=0.66, foot_seen=0.85, sole=True)
KNEES_UP = Leg(hip=125, knee=135, thigh_seen=0.83, shank_seen=0.85, sole=True)

ROCK_HANDS = (Pin(Part.NEAR_WRIST, 58, 17, turn=0), Pin(Part.FAR_WRIST, 58, -17, turn=0))
ROCK_ARM = Arm(upper_seen=0.64, fore_seen=0.64)

PICTURES = {
    "runners-lunge": Picture(
        title="Runner's lunge",
        seen=(
            "A long step: front knee over the ankle, the other knee on the mat far behind. The hips move forward, the "
            "front of the back hip opens."
        ),
        poses=(
            half_kneeling(8, 8, 68, *hands(Bone.FAR_THIGH, 34, 7)),
            half_kneeling(8, 44, 68, *hands(Bone.FAR_THIGH, 34, 7)),
        ),
        gear=(mat(-60, 150),),
        arrow=Arrow(Part.HIP, x=30, y=-26, grow=0.8),
        tissues=(HIP_FRONT,),
    ),
    "prone-cobra-stretch": Picture(
        title="Prone cobra stretch (press-up type)",
        seen="Face down, hands under the shoulders. The arms press the chest up while hips and legs stay on the mat.",
        poses=(
            cobra(0, 0, 4),
            cobra(-28, -26, -12),
        ),
        gear=(mat(-100, 190),),
        arrow=Arrow(Part.SHOULDER, x=30, y=4, grow=0.9, bend=-0.1),
        tissues=(Tissue(Bone.PELVIS, -2, 14, across=-6.5, width=2.8),),
    ),
    "half-kneel": Picture(
        title="Half-kneeling hip-flexor stretch with tail tucked",
        seen=(
            "Kneeling tall on one knee, both knees about 90 degrees, tail tucked. The hips shift forward a little, the "
            "arm of that side reaches up."
        ),
        poses=(
            half_kneeling(0, -4, 41, hand("far", Bone.FAR_THIGH, 32, 7)),
            half_kneeling(-8, 8, 41, hand("far", Bone.FAR_THIGH, 32, 7), waist=8, arm=Arm(shoulder=187, elbow=6)),
        ),
        gear=(mat(-60, 130),),
        arrow=Arrow(Part.HIP, x=-23, y=-8, turn=-50, length=30, bend=-0.4),
        tissues=(HIP_FRONT,),
    ),
    "supine-thomas": Picture(
        title="Edge-of-bed hip-flexor stretch",
        seen="On the back at the edge of a bed, one knee hugged to the chest. The other thigh hangs over the edge.",
        poses=(
            supine(Leg(hip=44, knee=84), HUGGED, *hands(Bone.FAR_SHANK, 12, 4), y=54 + BACK_DOWN, near_arm=FIST, far_arm=FIST),
            supine(Leg(hip=-14, knee=72, ankle=-15), HUGGED, *hands(Bone.FAR_SHANK, 12, 4), y=54 + BACK_DOWN, near_arm=FIST, far_arm=FIST),
        ),
        gear=(Gear(Kind.BENCH, x=-96, w=97, h=54),),
        arrow=Arrow(Part.NEAR_FOOT, x=17, y=-3, grow=0.7, bend=0.16),
        tissues=(HIP_FRONT,),
    ),
    "couch": Picture(
        title="Rear-foot-up quad and hip-flexor stretch",
        seen=(
            "One knee on a pad close to a bench, its shin up against it; the other foot in front. The chest lifts "
            "until the trunk is upright."
        ),
        poses=(
            rear_foot_up(48, 24, *hands(Bone.FAR_THIGH, 36, 7)),
            rear_foot_up(2, 20, *hands(Bone.FAR_THIGH, 28, 7)),
        ),
        gear=(Gear(Kind.BENCH, x=-60, w=52, h=46), Gear(Kind.PAD, x=-9, w=20, h=3)),
        arrow=Arrow(Part.SHOULDER, x=16, y=14, grow=0.7, bend=0.2),
        tissues=(Tissue(Bone.NEAR_THIGH, -6, 31, across=5, width=3.2),),
    ),
    "side-quad": Picture(
        title="Side-lying quad stretch",
        seen=("Seen from above: on the side, the lower knee bent for balance. The hand draws the top ankle with a strap, heel to buttock."),
        floor=Floor.ABOVE,
        poses=(
            Pose(
                lean=90,
                near_leg=Leg(hip=14, knee=62, ankle=-25),
                far_leg=Leg(hip=62, knee=80, ankle=-20),
                far_arm=Arm(shoulder=168, elbow=4),
                near_arm=Arm(grip=True),
                pins=(Pin(Part.HIP, 0, 0), Pin(Part.NEAR_HAND, 14, 17)),
            ),
            Pose(
                lean=90,
                near_leg=Leg(hip=-8, knee=132, ankle=-30),
                far_leg=Leg(hip=62, knee=80, ankle=-20),
                far_arm=Arm(shoulder=168, elbow=4),
                near_arm=Arm(grip=True),
                pins=(Pin(Part.HIP, 0, 0), Pin(Part.NEAR_HAND, 12, 21)),
            ),
        ),
        gear=(Gear(Kind.MAT, x=-104, y=-52, w=236, h=104), Gear(Kind.STRAP, on=Part.NEAR_HAND, to=Part.NEAR_FOOT)),
        arrow=Arrow(Part.NEAR_FOOT, x=-6, y=18, grow=0.7, bend=-0.25),
        tissues=(THIGH_FRONT,),
    ),
    "strap-ham": Picture(
        title="Supine hamstring stretch with strap",
        seen="On the back, one leg flat. A strap around the foot of the other draws that leg up, its knee soft.",
        poses=(
            supine(
                Leg(hip=30, knee=10),
                FLAT,
                Pin(Part.NEAR_HAND, 10, 38),
                Pin(Part.FAR_HAND, 7, 37),
                near_arm=Arm(grip=True),
                far_arm=Arm(grip=True),
            ),
            supine(
                Leg(hip=82, knee=6),
                FLAT,
                Pin(Part.NEAR_HAND, -6, 48),
                Pin(Part.FAR_HAND, -9, 47),
                near_arm=Arm(grip=True),
                far_arm=Arm(grip=True),
            ),
        ),
        gear=(mat(-96, 196), Gear(Kind.STRAP, on=Part.NEAR_HAND, to=Part.NEAR_TOE, front=True)),
        arrow=Arrow(Part.NEAR_FOOT, x=18, y=4, grow=0.55, bend=-0.2),
        tissues=(THIGH_BACK,),
    ),
    "ake-slide": Picture(
        title="90/90 active knee straightening",
        seen="On the back, one thigh held upright with both hands behind it. The knee of that leg straightens.",
        poses=(
            supine(Leg(hip=90, knee=95), FLAT, *hands(Bone.NEAR_THIGH, 24, -8)),
            supine(Leg(hip=90, knee=28), FLAT, *hands(Bone.NEAR_THIGH, 24, -8)),
        ),
        gear=(mat(-96, 196),),
        arrow=Arrow(Part.NEAR_FOOT, x=12, y=5, grow=0.75, bend=-0.22),
        tissues=(THIGH_BACK,),
    ),
    "elev-ham": Picture(
        title="Standing hamstring stretch with hinge",
        seen=("Standing, one heel on a low step in front, knee soft. The chest goes forward from the hips with a long spine."),
        poses=(
            Pose(
                near_leg=Leg(),
                far_leg=Leg(hip=4, knee=4),
                pins=(flat("far", 0), Pin(Part.NEAR_HEEL, 46, 21.2, turn=22), *hands(Bone.PELVIS, 8, -8)),
            ),
            Pose(
                lean=48,
                far_leg=Leg(hip=57, knee=4, ankle=-5),
                pins=(flat("far", 0), Pin(Part.NEAR_HEEL, 46, 21.2, turn=22), *hands(Bone.PELVIS, 8, -8)),
            ),
        ),
        gear=(Gear(Kind.BENCH, x=38, w=40, h=22),),
        arrow=Arrow(Part.SHOULDER, x=36, y=18, grow=0.7, bend=0.2),
        tissues=(THIGH_BACK,),
    ),
    "fig4": Picture(
        title="Figure-4 glute stretch (supine)",
        seen=(
            "On the back, one ankle across the opposite thigh above the knee, so that the legs make a 4. "
            "Both hands behind that thigh draw it in."
        ),
        poses=(crossed(66, 92, 0.66), crossed(106, 96, 0.66)),
        behind=("far-arm", "far-leg", "near-arm"),
        gear=(mat(-96, 160),),
        arrow=Arrow(Part.FAR_KNEE, y=16, grow=0.8, bend=0.12),
        tissues=(Tissue(Bone.PELVIS, -7, 7, across=8, width=3.6),),
    ),
    "9090": Picture(
        title="90/90 hip stretch and switch",
        seen=(
            "Seen from the front: sitting, one shin across in front, the other thigh out to the side with its shin "
            "behind. Both knees turn over together."
        ),
        view=View.FRONT,
        poses=(seated_turn(SHIN_BEHIND, SHIN_IN_FRONT), seated_turn(KNEES_UP, KNEES_UP), seated_turn(SHIN_IN_FRONT, SHIN_BEHIND)),
        floor=Floor.OBLIQUE,
        gear=(Gear(Kind.MAT, x=-92, y=-26, w=184, h=58),),
        behind=("near-arm", "far-arm"),
        arrow=Arrow(Part.HIP, y=-50, turn=0, length=90, bend=-0.1, both=True),
        ghost=False,
        seconds=7,
    ),
    "add-rock": Picture(
        title="Adductor rock-back",
        seen=("Seen from above: one knee and both hands down, the other leg straight out to the side. The hips rock back."),
        view=View.BACK,
        floor=Floor.ABOVE,
        behind=("far-leg",),
        poses=(
            Pose(
                lean=90,
                near_leg=Leg(hip=90, foot_seen=0.5),
                far_leg=Leg(hip=90, knee=90, thigh_seen=0.38),
                near_arm=ROCK_ARM,
                far_arm=ROCK_ARM,
                pins=(Pin(Part.HIP, 0, 0), *ROCK_HANDS),
            ),
            Pose(
                lean=90,
                near_leg=Leg(hip=105, foot_seen=0.5),
                far_leg=Leg(hip=145, knee=145, thigh_seen=0.65),
                near_arm=ROCK_ARM,
                far_arm=ROCK_ARM,
                pins=(Pin(Part.HIP, -22, 0), *ROCK_HANDS),
            ),
        ),
        gear=(Gear(Kind.MAT, x=-92, y=-46, w=190, h=150),),
        arrow=Arrow(Part.HIP, x=-40, y=12, length=26),
        tissues=(GROIN,),
    ),
    "butterfly": Picture(
        title="Seated sole-to-sole stretch",
        seen=("Seen from the front: sitting with the back against a wall, soles together. The knees sink out to the sides."),
        view=View.FRONT,
        floor=Floor.OBLIQUE,
        poses=(
            soles_together(Leg(hip=120, knee=164, ankle=-40, thigh_seen=0.7)),
            soles_together(Leg(hip=94, knee=157, ankle=-27, thigh_seen=0.8)),
        ),
        gear=(Gear(Kind.WALL, x=-74, y=22, w=148, h=108), Gear(Kind.MAT, x=-84, y=-12, w=168, h=34)),
        behind=(),
        arrow=Arrow(Part.NEAR_KNEE, x=-15, y=8, length=22),
        tissues=(Tissue(Bone.NEAR_THIGH, 8, 29, across=3, width=2.6), Tissue(Bone.FAR_THIGH, 8, 29, across=-3, width=2.6)),
    ),
    "lat-lunge": Picture(
        title="Lateral lunge, slow",
        seen=("Seen from the front: feet wide. The hips go back over one heel, that knee bends; the other leg stays long."),
        view=View.FRONT,
        behind=(),
        poses=(wide(0, 79, 0, 112), wide(31, 54, 6, 82)),
        arrow=Arrow(Part.HIP, x=-8, y=-42, length=34, turn=0),
        tissues=(GROIN,),
    ),
}
