"""Facts about people and houses as codes: what forms and lists say in many words."""

from enum import StrEnum


class Insurance(StrEnum):
    """ボランティア活動保険, the plan that was shown or declared (practice 4.1)."""

    DISASTER = "disaster"
    BASIC = "basic"
    INFECTION = "infection"
    NONE = "none"
    UNKNOWN = "unknown"


class HazardGrade(StrEnum):
    """応急危険度判定 of a building; `none`: not graded (practice 4.8)."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    NONE = "none"
