"""A picture as SVG: bodies nested bone in bone, so that a movement is a rotation of each joint."""

from collections.abc import Sequence
from functools import lru_cache
from html import escape
from typing import Literal

from app.figures.gear import draw_gear, strokes
from app.figures.geometry import Frame, Point, direction, distance, number, numbers, turned
from app.figures.motion import STEPS, eased, repetition, shift, stretch, turn
from app.figures.paint import Theme, paint
from app.figures.pose import Arrow, Bone, Floor, Gear, Kind, Layer, Part, Picture, View
from app.figures.shapes import HEADS, shapes
from app.figures.skeleton import FLESH, PLACES, segments
from app.figures.solve import Body, moment, solve

Side = Literal["left", "right", "both"]

JOINTS: dict[Bone, str] = {
    Bone.PELVIS: "hip", Bone.ABDOMEN: "waist", Bone.CHEST: "ribs", Bone.NECK: "neck", Bone.HEAD: "head",
} | {
    Bone(f"{side}-{bone}"): f"{side}-{joint}"
    for side in ("near", "far")
    for bone, joint in (("thigh", "hip"), ("shank", "knee"), ("shoe", "foot"), ("upper", "shoulder"), ("fore", "elbow"), ("palm", "wrist"))
}  # fmt: skip
"""The joint that each bone turns around, as `data-joint` says it."""
MARKS: dict[Bone, tuple[Part, ...]] = {
    Bone.PELVIS: (Part.TAIL,),
    Bone.CHEST: (Part.BACK, Part.SHOULDER),
    Bone.HEAD: (Part.OCCIPUT, Part.CROWN),
    Bone.NEAR_SHOE: (Part.NEAR_HEEL, Part.NEAR_TOE),
    Bone.FAR_SHOE: (Part.FAR_HEEL, Part.FAR_TOE),
    Bone.NEAR_PALM: (Part.NEAR_HAND,),
    Bone.FAR_PALM: (Part.FAR_HAND,),
}
"""Further places, as empty groups that can be read back."""


@lru_cache(maxsize=1024)
def draw(picture: Picture, *, side: Side = "both", theme: Theme = Theme.WEB, animated: bool = False, ids: str = "fig") -> str:
    """The picture as SVG text.

    `side` is the side that works; the left one is the mirror of the right one. `ids` begins every id, so that several can be on one page.
    An animated picture plays two repetitions and then is the still one; a hold has nothing to play.
    """
    return _Drawing(picture, theme, ids, animated=animated).svg(side)


class _Drawing:
    def __init__(self, picture: Picture, theme: Theme, ids: str, *, animated: bool) -> None:
        self.picture, self.theme, self.ids = picture, theme, ids
        self.end = solve(picture.poses[-1], picture.view)
        self.moments = [self.end]
        if animated and len(picture.poses) > 1:
            self.moments = repetition([moment(picture, share) for share in eased(STEPS if len(picture.poses) == 2 else STEPS + 3)])
        self.tree = segments(picture.view)
        self.used: set[str] = set()
        behind = picture.behind
        self.among: list[Layer] = [
            layer for place, layer in enumerate(behind) if layer.endswith("arm") and "leg" in "".join(behind[:place])
        ]

    def svg(self, side: Side) -> str:
        picture, ids = self.picture, self.ids
        natural = "left" if picture.view is View.BACK else "right"
        flip = side not in {natural, "both"}
        ghost = ""
        if picture.ghost and len(picture.poses) > 1:
            ghost = self._ghost(solve(picture.poses[0], picture.view))
        scene, held, front = ("".join(self._gear(where)) for where in ("scene", "held", "front"))
        body = self._body(self.end, self.moments)
        arrow, words = self._arrow(), self._words(flip=flip)
        left, bottom, right, top = frame(picture)
        box = f"{numbers(-right if flip else left)} {number(-top)} {number(right - left)} {number(top - bottom)}"
        known = shapes(picture.view)
        defs = "".join(f'<path id="{ids}-{name}" d="{known[name].path}"/>' for name in known if name in self.used)
        hue = f' class="fig fig-{picture.view.value}"' if self.theme is Theme.WEB else ""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg"{hue} viewBox="{box}" role="img" aria-labelledby="{ids}-t {ids}-d">'
            f'<title id="{ids}-t">{escape(picture.title)}</title><desc id="{ids}-d">{escape(picture.seen)}</desc>'
            f'<defs>{defs}</defs><g transform="scale({"-1" if flip else "1"} -1)">'
            f"{self._ground(left, right)}{scene}{ghost}{held}{body}{front}{arrow}</g>{words}</svg>"
        )

    def _ground(self, left: float, right: float) -> str:
        if self.picture.floor is not Floor.GROUND:
            return ""
        low = -2.2 if any(gear.kind is Kind.MAT for gear in self.picture.gear) else 0
        return f'<path{paint("ground", self.theme, width=1)} d="M{numbers(left + 3, low - 0.5)}H{number(right - 3)}"/>'

    def _gear(self, where: str) -> list[str]:
        return [
            draw_gear(gear, self.moments, self.picture.floor, self.theme, self.picture.seconds)
            for gear in self.picture.gear
            if gear.kind is not Kind.DOWEL and where == ("front" if gear.front else "scene" if gear.kind in SCENE else "held")
        ]

    def _ghost(self, body: Body) -> str:
        look = ' class="fig-ghost"' if self.theme is Theme.WEB else ' opacity=".22"'
        return f"<g{look}>{self._body(body, [body], plain=True)}</g>"

    def _body(self, body: Body, moments: Sequence[Body], *, plain: bool = False) -> str:
        """All of it, far side first. Arms hang from a second run of the trunk's joints so that they lie above or below all else."""
        self.body, self.shown, self.plain = body, moments, plain
        behind = self.picture.behind
        over: list[Layer] = ["far-leg", "near-leg", "far-arm", "near-arm"]
        front = [layer for layer in over if layer not in behind]
        below, held, above = (
            "".join(self._arm(layer) for layer in some if layer.endswith("arm"))
            for some in ([layer for layer in behind if layer not in self.among], self.among, front)
        )
        legs_below, legs_above = ("".join(self._leg(layer) for layer in some if layer.endswith("leg")) for some in (behind, front))
        trunk = self._run(below) if below else ""
        dowels = [gear for gear in self.picture.gear if gear.kind is Kind.DOWEL]
        trunk += "".join(map(self._on_spine, dowels))
        head = ("face", "hair") if plain else HEADS[self.picture.view]
        upper = self._bone(Bone.NECK, self._shape("throat") + self._bone(Bone.HEAD, "".join(map(self._shape, head))))
        trunk += legs_below + self._scaled(Bone.PELVIS, "pelvis")
        trunk += self._bone(
            Bone.ABDOMEN,
            self._scaled(Bone.ABDOMEN, "belly") + self._bone(Bone.CHEST, upper + self._scaled(Bone.CHEST, "bust")),
        )
        among, arms = (self._run(some) if some else "" for some in (held, above))
        hip = "" if plain else self._tissue(Bone.PELVIS)
        return self._bone(Bone.PELVIS, trunk + among + legs_above + hip + arms + (self._contacts() if dowels and not plain else ""))

    def _contacts(self) -> str:
        """Where a dowel must keep touching: tailbone, upper back, head."""
        frame, look = self.end.frames[Bone.PELVIS], paint("dot", self.theme)
        places = (_into(frame, self.end.at(part)) for part in (Part.TAIL, Part.BACK, Part.OCCIPUT))
        return "".join(f'<circle{look} cx="{number(x)}" cy="{number(y + 0.4)}" r="2"/>' for x, y in places)

    def _on_spine(self, gear: Gear) -> str:
        """Carried by the pelvis: while the back stays neutral that is the whole spine."""
        frame = self.body.frames[Bone.PELVIS]
        (piece,) = strokes(gear, self.body, self.picture.floor)
        points = [_into(frame, point) for point in piece.points]
        texts = " ".join(f"{number(x)} {number(y)}" for x, y in points)
        name = "" if self.plain else ' data-gear="dowel"'
        return f'<polyline{paint(piece.paint, self.theme, width=piece.size)}{name} points="{texts}"/>'

    def _run(self, inside: str) -> str:
        return self._bone(Bone.ABDOMEN, self._bone(Bone.CHEST, inside, again=True), again=True)

    def _arm(self, layer: Layer) -> str:
        side = layer.split("-")[0]
        far = layer in self.picture.behind and layer not in self.among and self.picture.view is not View.BACK
        pose = self.picture.poses[0] if self.plain else self.picture.poses[-1]
        arm = pose.near_arm if side == "near" else pose.far_arm
        upper, fore, palm = (Bone(f"{side}-{name}") for name in ("upper", "fore", "palm"))
        hand = self._bone(palm, self._scaled(palm, "fist" if arm.grip else "hand", far=far))
        lower = self._bone(fore, self._scaled(fore, "fore", far=far) + hand)
        return self._far(self._bone(upper, self._scaled(upper, "arm", "sleeve", far=far) + lower), far=far)

    def _leg(self, layer: Layer) -> str:
        side = layer.split("-")[0]
        far = layer in self.picture.behind and self.picture.view is not View.BACK
        pose = self.picture.poses[0] if self.plain else self.picture.poses[-1]
        leg = pose.near_leg if side == "near" else pose.far_leg
        thigh, shank, shoe = (Bone(f"{side}-{name}") for name in ("thigh", "shank", "shoe"))
        flat = self.picture.view is View.PROFILE or leg.sole
        turned_over = leg.sole and self.picture.view is not View.PROFILE and side == "near"
        foot = self._scaled(shoe, *(("shoe", "sole") if flat else ("front", "tread"))[: 1 if self.plain else 2], far=far, over=turned_over)
        lower = self._bone(shank, self._scaled(shank, "calf", far=far) + self._bone(shoe, foot))
        return self._far(self._bone(thigh, self._scaled(thigh, "knee", "leg", far=far) + lower), far=far)

    def _far(self, text: str, *, far: bool) -> str:
        return f'<g class="fig-far">{text}</g>' if far and self.theme is Theme.WEB else text

    def _bone(self, bone: Bone, inside: str, *, again: bool = False) -> str:
        """The frame of a bone, turned as the pose says and, in an animation, as the moments do."""
        part, seconds = self.tree[bone], self.picture.seconds
        if part.parent is None:
            start = self.body.frames[bone]
            place, moved = (start.x, start.y), [(each.frames[bone].x - start.x, each.frames[bone].y - start.y) for each in self.shown]
        else:
            place = (part.x * self.body.seen[part.parent], part.y)
            moved = [(part.x * (each.seen[part.parent] - self.body.seen[part.parent]), 0.0) for each in self.shown]
        base = self.body.turns[bone]
        turns = [0.0]
        for each in self.shown[1:]:
            turns.append(turns[-1] + turned(each.turns[bone] - base - turns[-1]))
        slide, spin = shift(moved, seconds), turn(turns, seconds)
        marks = "" if self.plain or again else self._marks(bone) + (self._tissue(bone) if part.parent else "")
        name = "" if self.plain else f' data-joint="{JOINTS[bone]}"'
        where, angle = f"translate({numbers(*place)})", f"rotate({number(part.rest + base)})"
        angle = "" if angle == "rotate(0)" else angle
        if slide:
            return f'<g transform="{where}">{slide}<g{name} transform="{angle or "rotate(0)"}">{spin}{inside}{marks}</g></g>'
        if place == (0, 0) and angle:
            where = ""
        return f'<g{name} transform="{where}{angle}">{spin}{inside}{marks}</g>'

    def _marks(self, bone: Bone) -> str:
        return "".join(
            f'<g data-joint="{part.value}" transform="translate({numbers(*_into(self.body.frames[bone], self.body.at(part)))})"/>'
            for part in MARKS.get(bone, ())
        )

    def _tissue(self, bone: Bone) -> str:
        found = [tissue for tissue in self.picture.tissues if tissue.bone is bone]
        seen = self.body.seen[bone]
        return "".join(
            f'<ellipse{paint("tissue", self.theme)} cx="{number((one.start + one.end) / 2 * seen)}" cy="{number(one.across)}" '
            f'rx="{number(abs(one.end - one.start) / 2 * seen)}" ry="{number(one.width)}"/>'
            for one in found
        )

    def _shape(self, name: str, *, far: bool = False) -> str:
        self.used.add(name)
        return f'<use href="#{self.ids}-{name}"{paint(shapes(self.picture.view)[name].paint, self.theme, far=far)}/>'

    def _scaled(self, bone: Bone, *names: str, far: bool = False, over: bool = False) -> str:
        """The shapes of a bone, as short as it is seen."""
        seen = self.body.seen[bone]
        known = "".join(self._shape(name, far=far) for name in names)
        change = stretch([each.seen[bone] / seen for each in self.shown], self.picture.seconds)
        if seen == 1 and not over and not change:
            return known
        return f'<g transform="scale({number2(seen)} {"-1" if over else "1"})">{change}{known}</g>'

    def _arrow(self) -> str:
        if self.picture.arrow is None:
            return self._hold() if len(self.picture.poses) == 1 else ""
        return arrow_path(self.picture, self.picture.arrow, self.theme)

    def _hold(self) -> str:
        """A stopwatch: this one is held."""
        x, y = watch(self.picture)
        look = paint("arrow", self.theme, width=1.6)
        face, knob, hand = (numbers(*at) for at in ((x - 6, y), (x, y + 6), (x, y + 3.5)))
        return f'<path{look} d="M{face}a6 6 0 1 0 12 0a6 6 0 1 0-12 0M{knob}v3m-2 0h4M{hand}v-3.5h2.5"/>'

    def _words(self, *, flip: bool) -> str:
        texts = []
        for gear in self.picture.gear:
            if gear.text:
                middle = (gear.x + self.end.at(gear.on or Part.NEAR_HEEL).x) / 2
                look = ' class="fig-text"' if self.theme is Theme.WEB else paint("text", self.theme)
                look += f' x="{number(-middle if flip else middle)}" font-size="8.5" text-anchor="middle"'
                texts += [
                    f'<text{look} y="{number(LINE * line - gear.y)}">{escape(one)}</text>'
                    for line, one in enumerate(gear.text.split(" / "), 1)
                ]
        return "".join(texts)


SCENE = frozenset({Kind.MAT, Kind.WALL, Kind.BENCH, Kind.PAD, Kind.RAIL, Kind.GAP})
"""What stands behind the start pose; what moves with the body is before it."""
LINE = 10.0
"""From one line of text to the next."""


def number2(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _into(frame: Frame, point: Point) -> Point:
    """A place as the frame has it."""
    return Frame(0, 0, -frame.angle).at(point.x - frame.x, point.y - frame.y)


def way(picture: Picture, arrow: Arrow) -> tuple[Point, Point, Point]:
    """Where an arrow begins, what it bends towards, and where it points."""
    start, end = (solve(pose, picture.view).at(arrow.part) for pose in (picture.poses[0], picture.poses[-1]))
    line = direction(start, end) if arrow.turn is None else arrow.turn
    length = arrow.length or max(distance(start, end), 8.0) * arrow.grow
    along = Frame((start.x + end.x) / 2 + arrow.x, (start.y + end.y) / 2 + arrow.y, line)
    return along.at(-length / 2), along.at(0, arrow.bend * length), along.at(length / 2)


def arrow_path(picture: Picture, arrow: Arrow, theme: Theme) -> str:
    tail, over, tip = way(picture, arrow)
    heads = [_head(over, tip)] + ([_head(over, tail)] if arrow.both else [])
    curve = f"M{numbers(*tail)}Q{numbers(*over)} {numbers(*tip)}"
    return f'<path{paint("arrow", theme, width=2.4)} d="{curve}{"".join(heads)}"/>'


def _head(origin: Point, tip: Point) -> str:
    back = Frame(*tip, direction(tip, origin))
    return f"M{numbers(*back.at(6.5, 4))}L{numbers(*tip)}L{numbers(*back.at(6.5, -4))}"


def watch(picture: Picture) -> Point:
    body = solve(picture.poses[-1], picture.view)
    hip, chest = body.at(Part.HIP), body.at(Part.SHOULDER)
    return Point((hip.x + chest.x) / 2, max(body.at(part).y for part in (Part.HIP, Part.SHOULDER, Part.CROWN)) + 22)


@lru_cache(maxsize=1024)
def frame(picture: Picture) -> tuple[float, float, float, float]:
    """Left, bottom, right and top of what is drawn, with a margin."""
    if picture.frame:
        return picture.frame
    xs, ys, sunk = [], [], -3.0
    bodies = [moment(picture, share) for share in (0.0, 0.5, 1.0)]
    for body in bodies:
        for part in PLACES:
            x, y = body.at(part)
            flesh = FLESH.get(part, 3) + 4
            sunk = min(sunk, y)
            xs += [x - flesh, x + flesh]
            ys += [y - flesh, y + flesh]
        for gear in picture.gear:
            for piece in strokes(gear, body, picture.floor):
                for x, y in piece.points if piece.form != "path" else _corners(gear, picture.floor):
                    xs += [x - piece.size / 1.5, x + piece.size / 1.5] if piece.form == "circle" else [x]
                    ys += [y - piece.size / 1.5, y + piece.size / 1.5] if piece.form == "circle" else [y]
    if picture.arrow:
        tail, _, tip = way(picture, picture.arrow)
        xs += [tail.x - 4, tail.x + 4, tip.x - 4, tip.x + 4]
        ys += [tail.y - 4, tail.y + 4, tip.y - 4, tip.y + 4]
    elif len(picture.poses) == 1:
        ys.append(watch(picture).y + 10)
    if picture.floor is Floor.GROUND:
        ys = [*(gear.y - LINE * len(gear.text.split(" / ")) for gear in picture.gear if gear.text), sunk, max(ys)]
    return (min(xs) - 5, min(ys) - 4, max(xs) + 5, max(ys) + 5)


def _corners(gear: Gear, floor: Floor) -> list[tuple[float, float]]:
    if gear.kind is Kind.MAT and floor is Floor.GROUND:
        return [(gear.x, 0), (gear.x + gear.w, 0)]
    if gear.kind is Kind.BARBELL:
        return []
    if gear.kind is Kind.KETTLEBELL:
        return []
    return [(gear.x, gear.y), (gear.x + gear.w, gear.y + gear.h)]
