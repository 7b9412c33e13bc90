"""Lists that people already have, read into plain values (受付, ニーズ: form tools, typed paper lists).

`read` takes a CSV or an Excel workbook of any of the shapes that real forms have and gives good rows, rows
set aside with their content, and problems that say what to write. It stores nothing.
"""

from dvc_core.importing.apart import read_apart
from dvc_core.importing.reading import Locate, Located, read, with_places
from dvc_core.importing.reference import Kind, load_reference, load_skills
from dvc_core.importing.result import (
    AsideRow,
    ColumnRead,
    GoodRow,
    ImportResult,
    NeedValues,
    StickerValues,
    VolunteerValues,
    as_answer,
)

__all__ = [
    "AsideRow",
    "ColumnRead",
    "GoodRow",
    "ImportResult",
    "Kind",
    "Locate",
    "Located",
    "NeedValues",
    "StickerValues",
    "VolunteerValues",
    "as_answer",
    "load_reference",
    "load_skills",
    "read",
    "read_apart",
    "with_places",
]
