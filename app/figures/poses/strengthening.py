"""Glutes, hamstrings, piriformis and core."""

from dataclasses import replace
from typing import Literal

from app.figures.pose import Arm, Arrow, Bone, Floor, Gear, Kind, Leg, Part, Picture, Pin, Pose, Tissue, View
from app.figures.poses.stance import BACK_DOWN, ELBOW, FIST, HANG, KNEE, POINTED, flat, hand, hands, mat, palm
from app.figures.skeleton import ANKLE, TOE_AHEAD

GLUTE = Tissue(Bone.PELVIS, -6, 8, across=8, width=4)
HAMSTRING = Tissue(Bone.NEAR_THIGH, 8, 31, across=-4.5, width=3)
CORE = Tissue(Bone.ABDOMEN, -2, 18, across=-6, width=3)
SHOULDERS = Pin(Part.SHOULDER, 0, 11.2)
ARMS = (palm("near", 52, bend=-1), palm("far", 54, bend=-1))
TUCKED = Leg(hip=2, ankle=-8)
"""A straight leg on the ball of its foot."""


def bridge(rise: float, near: Pin | None, far: Pin | None, *, near_leg: Leg | None = None, far_leg: Leg | None = None) -> Pose:
    """On shoulders and feet, the hips lifted by so many degrees."""
    return Pose(
        lean=-90 - rise,
        neck=rise * 1.08 - 2,
        nod=-4,
        near_leg=near_leg or Leg(),
        far_leg=far_leg or Leg(),
        pins=(SHOULDERS, *(pin for pin in (near, far) if pin), *ARMS),
    )


def plank(*pins: Pin, near: Arm | None = None, lean: float = 84, leg: Leg = TUCKED) -> Pose:
    arm = Arm(shoulder=lean, elbow=90)
    return Pose(
        lean=lean,
        near_leg=leg,
        far_leg=leg,
        near_arm=near or arm,
        far_arm=Arm(shoulder=lean + 3, elbow=87),
        pins=(Pin(Part.FAR_ELBOW, 2, ELBOW), *pins),
    )


def on_ball(rise: float, x: float, y: float, *, far: Leg | None = None) -> Pose:
    return bridge(rise, Pin(Part.NEAR_FOOT, x, y, turn=72), None if far else Pin(Part.FAR_FOOT, x + 3, y, turn=72), far_leg=far)


def thrust(rise: float) -> Pose:
    return Pose(
        lean=rise - 90,
        neck=18,
        near_arm=FIST,
        far_arm=FIST,
        pins=(Pin(Part.SHOULDER, -rise / 10, 50.5 + rise / 10), flat("near", 90), flat("far", 93), *hands(Bone.PELVIS, 2, -12, apart=0)),
    )


BESIDE = Arm(shoulder=-7, elbow=10, plumb=True)
"""The far arm, behind the hip."""
ALONG = Arm(shoulder=-2, elbow=8)
"""The same while the near one holds on: it stays at the trunk."""


def stepped(height: float, *pins: Pin, arm: Arm = HANG, far_arm: Arm = BESIDE) -> Pose:
    """Up on the step."""
    return Pose(
        lean=4,
        near_leg=Leg(knee=6),
        far_leg=Leg(hip=4, knee=14, ankle=4),
        near_arm=arm,
        far_arm=far_arm,
        pins=(flat("near", 34, height + ANKLE), Pin(Part.FAR_TOE, 31 + TOE_AHEAD - 1, height, turn=0), *pins),
        balance=True,
    )


def over_the_edge(height: float, *pins: Pin, arm: Arm = HANG, far_arm: Arm = BESIDE) -> Pose:
    """Half way up: the foot that was on the ground goes past the edge of the step, above it."""
    return Pose(
        lean=12,
        near_arm=arm,
        far_arm=far_arm,
        pins=(Pin(Part.HIP, 22, 90 + height / 2), flat("near", 34, height + ANKLE), Pin(Part.FAR_TOE, 17, height + 4, turn=-20), *pins),
    )


def stepping(height: float, hip: float, *pins: Pin, arm: Arm = HANG, far_arm: Arm = BESIDE) -> Pose:
    """One foot on the step, the other still on the ground."""
    return Pose(
        lean=16,
        near_arm=arm,
        far_arm=far_arm,
        pins=(Pin(Part.HIP, hip, 88), flat("near", 34, height + ANKLE), Pin(Part.FAR_TOE, -10 + 18, 0, turn=-14), *pins),
    )


def clam(seen: float, bend: Literal[1, -1]) -> Pose:
    """On the far side, head to the right; the feet stay together, the top knee is nearer to you (-1) or up (1)."""
    return Pose(
        lean=90,
        near_leg=Leg(thigh_seen=seen, shank_seen=seen),
        far_leg=Leg(hip=18, knee=33, thigh_seen=0.8, shank_seen=0.8),
        near_arm=Arm(upper_seen=0.8, fore_seen=0.8),
        far_arm=Arm(shoulder=172, elbow=0),
        pins=(Pin(Part.HIP, 0, 21), Pin(Part.NEAR_FOOT, -62, 18, turn=-80, bend=bend), palm("near", 34, -2, turn=200 - 360, bend=-1)),
    )


BAR = Gear(Kind.BARBELL, on=Bone.PELVIS, x=1, y=-12, h=3.4, front=True)
"""Its end, in the hand; the plate is the one behind the body."""
DEAD = Leg(hip=90, knee=90)
KNEELING = Leg(hip=82, knee=90, ankle=POINTED)
PROP = Arm(upper_seen=0.93, fore_seen=0.93)
"""A straight arm, turned a little out."""


def side_plank(lean: float, *, lower: float, upper: float) -> Pose:
    """Seen from the front, on the near foot's side and the near forearm, which both stay where they are; the near leg is the lower one."""
    return Pose(
        lean=lean,
        near_leg=Leg(hip=lower),
        far_leg=Leg(hip=upper),
        near_arm=Arm(fore_seen=0.9),
        far_arm=Arm(shoulder=4, elbow=2),
        pins=(Pin(Part.NEAR_FOOT, 128.7, 3.1), Pin(Part.NEAR_WRIST, -21.7, -1.4, turn=-172)),
    )


def dead_bug(near_leg: Leg, far_arm: Arm) -> Pose:
    """On the back; the far leg and the near arm stay up."""
    return Pose(
        lean=-90,
        neck=-4,
        nod=-4,
        near_leg=near_leg,
        far_leg=DEAD,
        near_arm=Arm(shoulder=90, elbow=2),
        far_arm=far_arm,
        pins=(Pin(Part.HIP, 0, BACK_DOWN),),
    )


def all_fours(near_leg: Leg, far_arm: Arm, *pins: Pin) -> Pose:
    """On the far knee and the near hand at least."""
    return Pose(
        lean=82,
        near_leg=near_leg,
        far_leg=KNEELING,
        near_arm=PROP,
        far_arm=far_arm,
        pins=(Pin(Part.FAR_KNEE, 0, KNEE), palm("near", 56), *pins),
    )


PICTURES = {
    "bridge": Picture(
        title="Hip bridge",
        seen=("On the back, feet flat close to the buttocks. The hips lift until knees, hips and shoulders are in one line."),
        poses=(bridge(0, flat("near", 80), flat("far", 83)), bridge(24, flat("near", 80), flat("far", 83))),
        gear=(mat(-48, 160),),
        arrow=Arrow(Part.HIP, x=4, y=27, length=20, turn=90),
        tissues=(GLUTE,),
    ),
    "bridge-iso": Picture(
        title="Bridge hold, low",
        seen="On the back, feet flat, the hips lifted only a little and held there.",
        poses=(bridge(13, flat("near", 80), flat("far", 83)),),
        gear=(mat(-48, 160),),
        tissues=(GLUTE,),
    ),
    "sl-bridge": Picture(
        title="Single-leg bridge",
        seen=("On the back, one foot flat, the other leg stretched out with its thigh level with the first. The hips lift."),
        poses=(
            bridge(0, flat("near", 80), None, far_leg=Leg(hip=38, knee=4, ankle=-10)),
            bridge(24, flat("near", 80), None, far_leg=Leg(hip=0, knee=4, ankle=-10)),
        ),
        gear=(mat(-48, 190),),
        arrow=Arrow(Part.HIP, x=4, y=27, length=20, turn=90),
        tissues=(GLUTE,),
    ),
    "hip-thrust": Picture(
        title="Hip thrust",
        seen=(
            "Shoulder blades on the edge of a bench, a barbell across the hips. The hips lift until trunk and thighs "
            "are level and the shins upright."
        ),
        poses=(thrust(34), thrust(0)),
        gear=(Gear(Kind.BENCH, x=-52, w=54, h=39.5), Gear(Kind.BARBELL, on=Bone.PELVIS, x=1, y=-11.5, h=17), BAR),
        arrow=Arrow(Part.HIP, x=0, y=-22, grow=0.8),
        tissues=(Tissue(Bone.PELVIS, -6, 7, across=7, width=3.6),),
    ),
    "ham-curl": Picture(
        title="Hamstring curl (ball or sliders; machine allowed)",
        seen="On the back, hips up, both heels on a large ball. The heels draw the ball in while the hips stay up.",
        poses=(on_ball(19, 122, 59), on_ball(36, 90, 56)),
        gear=(mat(-48, 210), Gear(Kind.BALL, on=Part.NEAR_FOOT, x=54, h=26)),
        arrow=Arrow(Part.NEAR_FOOT, x=4, y=24, grow=0.9),
        tissues=(HAMSTRING,),
    ),
    "bridge-walkout": Picture(
        title="Bridge walk-out",
        seen="From a bridge the heels walk out in small steps until the legs are almost straight; the hips stay level.",
        poses=(
            bridge(22, flat("near", 78), flat("far", 81)),
            bridge(20, Pin(Part.NEAR_FOOT, 92, 7.6, turn=10), Pin(Part.FAR_FOOT, 106, 8.8, turn=24)),
            bridge(18, Pin(Part.NEAR_FOOT, 125, 9.2, turn=48), Pin(Part.FAR_FOOT, 111, 9.1, turn=36)),
        ),
        gear=(mat(-48, 210),),
        arrow=Arrow(Part.NEAR_FOOT, x=58, y=5, length=28, turn=0),
        tissues=(HAMSTRING,),
        seconds=7,
    ),
    "sl-ham-curl": Picture(
        title="Single-leg hamstring curl",
        seen="On the back, hips up, one heel on a large ball, the other leg in the air. The heel draws the ball in.",
        poses=(on_ball(19, 122, 59, far=Leg(hip=62, knee=8, ankle=-10)), on_ball(36, 90, 56, far=Leg(hip=62, knee=8, ankle=-10))),
        gear=(mat(-48, 210), Gear(Kind.BALL, on=Part.NEAR_FOOT, x=54, h=26)),
        arrow=Arrow(Part.NEAR_FOOT, x=4, y=24, grow=0.9),
        tissues=(HAMSTRING,),
    ),
    "step-up": Picture(
        title="Step-up",
        seen="One whole foot on a step. That leg presses the body up until it stands on the step.",
        poses=(stepping(26, 14), over_the_edge(26), stepped(26)),
        gear=(Gear(Kind.BENCH, x=22, w=46, h=26),),
        arrow=Arrow(Part.HIP, x=-20, y=6, grow=1.1),
        tissues=(GLUTE,),
    ),
    "step-up-low": Picture(
        title="Low or supported step-up",
        seen=("One whole foot on a low step, a hand on a rail. That leg presses the body up until it stands on the step."),
        poses=(
            stepping(10, 14, Pin(Part.NEAR_HAND, 68, 104), arm=FIST, far_arm=ALONG),
            over_the_edge(10, Pin(Part.NEAR_HAND, 68, 104), arm=FIST, far_arm=ALONG),
            stepped(10, Pin(Part.NEAR_HAND, 68, 104), arm=FIST, far_arm=ALONG),
        ),
        gear=(Gear(Kind.BENCH, x=22, w=46, h=10), Gear(Kind.RAIL, x=78, h=102, w=16)),
        arrow=Arrow(Part.HIP, x=-20, y=6, grow=1.1),
        tissues=(GLUTE,),
    ),
    "plank": Picture(
        title="Front plank",
        seen="On forearms and toes, elbows under the shoulders, a long line from heel to head, held.",
        poses=(plank(),),
        gear=(mat(-150, 200),),
        tissues=(CORE,),
    ),
    "plank-knee": Picture(
        title="Plank on knees or raised surface",
        seen="On forearms and knees, a straight line from knees to head, held.",
        poses=(plank(lean=71, leg=Leg(hip=0, knee=78, ankle=-40)),),
        gear=(mat(-150, 200),),
        tissues=(CORE,),
    ),
    "plank-reach": Picture(
        title="Plank with alternate arm or leg lift",
        seen="In a front plank one straight leg lifts while the pelvis stays still.",
        poses=(plank(), replace(plank(), near_leg=Leg(hip=-16, ankle=-30))),
        gear=(mat(-150, 200),),
        arrow=Arrow(Part.NEAR_FOOT, x=-22, y=6, length=26, bend=-0.15),
        tissues=(CORE,),
    ),
    "side-plank": Picture(
        title="Side plank (knees, then feet)",
        seen=("Seen from the front: one forearm and the side of the feet on the mat. The lower hip lifts until the body is straight."),
        view=View.FRONT,
        floor=Floor.OBLIQUE,
        behind=("near-arm", "near-leg"),
        poses=(side_plank(-56, lower=-25.4, upper=25), side_plank(-72, lower=0, upper=-2)),
        gear=(Gear(Kind.MAT, x=-64, y=-20, w=240, h=40),),
        arrow=Arrow(Part.HIP, x=10, y=-14, length=20, turn=90),
        tissues=(Tissue(Bone.ABDOMEN, -4, 20, across=9, width=3),),
    ),
    "dead-bug": Picture(
        title="Dead bug",
        seen="On the back, arms and knees up. Opposite arm and leg stretch away while the low back stays still.",
        poses=(
            dead_bug(DEAD, Arm(shoulder=94, elbow=2)),
            dead_bug(Leg(hip=12, knee=6, ankle=-10), Arm(shoulder=162, elbow=4)),
        ),
        gear=(mat(-120, 230),),
        arrow=Arrow(Part.NEAR_FOOT, x=22, y=22, grow=0.55, bend=-0.2),
        tissues=(CORE,),
    ),
    "bird-dog": Picture(
        title="Bird dog",
        seen=("On hands and knees with a flat back. One arm reaches forward and the opposite leg back, level with the trunk."),
        poses=(
            all_fours(KNEELING, PROP, palm("far", 58)),
            all_fours(Leg(hip=0, knee=4, ankle=-5), Arm(shoulder=172, elbow=4)),
        ),
        gear=(mat(-60, 160),),
        arrow=Arrow(Part.NEAR_FOOT, x=-26, y=-6, length=34, bend=-0.25),
        tissues=(GLUTE,),
    ),
    "clam": Picture(
        title="Clamshell",
        seen=(
            "Seen from the front: side-lying, knees bent, feet together, a band around the thighs. The top knee opens, "
            "the pelvis stays stacked."
        ),
        view=View.FRONT,
        floor=Floor.OBLIQUE,
        behind=("far-arm", "far-leg"),
        poses=(clam(0.84, -1), clam(0.97, 1)),
        gear=(Gear(Kind.MAT, x=-96, y=-12, w=220, h=40), Gear(Kind.BAND, on=Bone.NEAR_THIGH, to=Bone.FAR_THIGH, x=30, w=6.5, front=True)),
        arrow=Arrow(Part.NEAR_KNEE, x=-25, y=14, length=24, turn=100),
        tissues=(Tissue(Bone.PELVIS, -4, 10, across=10, width=4),),
    ),
    "band-walk": Picture(
        title="Banded side walk",
        seen=("Seen from the front: hips and knees a little bent, a band around the ankles. Small steps to the side against the band."),
        view=View.FRONT,
        behind=(),
        poses=(
            Pose(
                trunk_seen=0.92,
                near_leg=Leg(thigh_seen=0.81),
                far_leg=Leg(thigh_seen=0.84),
                pins=(
                    Pin(Part.HIP, 14, 80),
                    flat("near", -6),
                    flat("far", 34),
                    hand("near", Bone.PELVIS, 10, 14, bend=-1),
                    hand("far", Bone.PELVIS, 10, -14, bend=-1),
                ),
            ),
            Pose(
                trunk_seen=0.92,
                near_leg=Leg(thigh_seen=0.85),
                far_leg=Leg(thigh_seen=0.85),
                pins=(
                    Pin(Part.HIP, 4, 79),
                    flat("near", -30),
                    flat("far", 34),
                    hand("near", Bone.PELVIS, 10, 14, bend=-1),
                    hand("far", Bone.PELVIS, 10, -14, bend=-1),
                ),
            ),
        ),
        gear=(Gear(Kind.BAND, on=Bone.NEAR_SHANK, to=Bone.FAR_SHANK, x=34, w=4, front=True),),
        arrow=Arrow(Part.NEAR_FOOT, x=-4, y=32, grow=1.1),
        tissues=(Tissue(Bone.PELVIS, -9, 5, across=12.5, width=3.6),),
    ),
}
