"""The words of the domain, each spelt once."""

from enum import StrEnum
from typing import Literal, TypeAlias


class Stage(StrEnum):
    """The seven stages in the order of the source article."""

    FLEXIBILITY = "flexibility"
    SMR = "smr"
    STRENGTHENING = "strengthening"
    DOWEL = "dowel"
    WALL = "wall"
    RDL = "rdl"
    SINGLE_LEG = "single_leg"


PREPARING = (Stage.FLEXIBILITY, Stage.SMR, Stage.STRENGTHENING)
LADDER = (Stage.DOWEL, Stage.WALL, Stage.RDL, Stage.SINGLE_LEG)


class StageState(StrEnum):
    """Where a client stands in a stage."""

    OPEN = "open"
    LOCKED = "locked"
    PASSED = "passed"
    NOT_INDICATED = "not_indicated"
    OPTIONAL = "optional"


class Side(StrEnum):
    """A side of the body; `both` is one bilateral fact, never two."""

    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"


Grade: TypeAlias = Literal[0, 1, 2, 3, "x", "nt"]
"""0 within reference, 1 mild, 2 moderate, 3 severe, x painful (stop), nt not tested."""


class Status(StrEnum):
    """What a screen allows, from most to least pressing."""

    EMERGENCY = "EMERGENCY"
    URGENT_REFER = "URGENT_REFER"
    NEEDS_CLEARANCE = "NEEDS_CLEARANCE"
    REFER = "REFER"
    PLAN_READY = "PLAN_READY"


class Level(StrEnum):
    """How pressing one reason to stop is."""

    EMERGENCY = "emergency"
    URGENT = "urgent"
    CLEARANCE = "clearance"
    REFER = "refer"


class Feel(StrEnum):
    """How a pain felt that is never trained around."""

    SHARP = "sharp"
    CATCHING = "catching"
    SHOOTING = "shooting"
    TINGLING = "tingling"
    BELOW_KNEE = "below_knee"


class SkipReason(StrEnum):
    """Why something was left out on purpose."""

    NO_TIME = "no_time"
    NO_EQUIPMENT = "no_equipment"
    UNWELL = "unwell"
    PAIN = "pain"
    OTHER = "other"


class Evidence(StrEnum):
    """What an exit criterion needs before it counts as shown."""

    TICKS = "ticks"
    FORM = "form"
    MEASURE = "measure"
    REGRADE = "regrade"
    TIME = "time"
    WORD = "word"


class Sex(StrEnum):
    """What a norm distinguishes; nothing else is asked for."""

    FEMALE = "female"
    MALE = "male"
    UNSPECIFIED = "unspecified"


class Region(StrEnum):
    """Where it hurts, or where an injury was."""

    BACK = "back"
    HIP = "hip"
    GROIN = "groin"
    KNEE = "knee"
    THIGH = "thigh"
    OTHER = "other"


class Origin(StrEnum):
    """Whose word a line of a table is: the article's, a publication's, or ours."""

    ARTICLE = "article"
    SOURCE = "source"
    JUDGEMENT = "judgement"
    ARTICLE_JUDGEMENT = "article+judgement"
    SOURCE_JUDGEMENT = "source+judgement"
