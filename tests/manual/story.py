"""Small editions that the tests write themselves: a folder of texts, and what was read in it."""

from pathlib import Path

from dvc_core.manual.edition import Edition
from dvc_core.manual.library import read
from dvc_core.manual.sections import Section, Sections

SECTIONS = Sections(
    (
        Section(code="chief", name="統括", order=1, role="chief"),
        Section(code="reception", name="受付", order=2, role="reception"),
        Section(code="matching", name="マッチング・送り出し", order=3, role="matching"),
        Section(code="vehicles", name="車両", order=4, role="matching", enabled=False),
    )
)

SETTINGS = """\
name = "mihon"
edition = "2026-1"
title = "見本の手引き"
council = "見本市社会福祉協議会"
kind = "center"
next_review = 2027-03-31
changelog = ["はじめの版"]
"""

BCP = (
    SETTINGS.replace('"center"', '"bcp"')
    + """
[[function]]
code = "hojin"
name = "法人全体"
ownership = "own"

[[function]]
code = "soudan"
name = "相談支援"
ownership = "commissioned"
consignor = "見本市"
tolerable = "未確認"
priority = "A"
"""
)

CHAPTER = """\
# はじめ

この章は、集まってから机を出すまで。

### 集まる {#sanshu}

- 担当班: 統括
- 期限: 発災+3時間

自分と家族の無事を確かめてから、集まれるかを知らせる。

### 机を並べる {#tsukue}

- 担当班: 受付班
- 期限: 開設-2h
- 前提: sanshu
- 条件: 地震, 水害
- 様式: 受付票、名札
- 完了の証拠: 写真

- [ ] 机を4つ
- [ ] タブレットを2台
"""


def write(root: Path, files: dict[str, str | bytes] | None = None, folder: str = "mihon/2026-1") -> Path:
    """A folder with `edition.toml`, one chapter, and the files given (an empty text removes one)."""
    place = root / folder
    place.mkdir(parents=True, exist_ok=True)
    for name, text in {"edition.toml": SETTINGS, "01-hajime.md": CHAPTER, **(files or {})}.items():
        if text:
            (place / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return place


def edition(root: Path, files: dict[str, str | bytes] | None = None, folder: str = "mihon/2026-1") -> Edition:
    """What is read in such a folder."""
    return read(write(root, files, folder), SECTIONS)


def step(
    *, step_id: str = "hoka", title: str = "ほかの手順", fields: str = "- 担当班: 受付", body: str = "本文。"
) -> str:
    """One step as text."""
    return f"### {title} {{#{step_id}}}\n\n{fields}\n\n{body}\n\n"
