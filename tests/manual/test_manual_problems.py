"""What people get wrong in a manual is named with file and line, and the rest of the manual still works."""

from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvc_core.i18n import catalogue, describe
from dvc_core.manual.edition import Edition
from dvc_core.manual.library import library, read
from dvc_core.manual.sections import read_sections
from dvc_core.manual.source import LARGEST
from tests.manual.story import BCP, CHAPTER, SECTIONS, SETTINGS, edition, step, write


class Case(NamedTuple):
    """One mistake: the files that hold it, and where it must be named."""

    code: str
    line: int
    files: dict[str, str | bytes]
    file: str = "02-tsugi.md"
    level: str = "error"


def chapter(text: str) -> dict[str, str | bytes]:
    return {"02-tsugi.md": f"# つぎ\n\n{text}"}


def fields(*lines: str) -> dict[str, str | bytes]:
    """A step whose fields begin at line 5."""
    return chapter(step(fields="\n".join(lines)))


def settings(old: str, new: str, text: str = SETTINGS) -> dict[str, str | bytes]:
    assert old in text
    bcp = "# BCP\n\n" + step(fields="- 担当班: 統括\n- 業務: hojin\n- 段階: 3時間")
    chapters: dict[str, str | bytes] = {"01-hajime.md": bcp} if text is BCP else {}
    return {"edition.toml": text.replace(old, new), **chapters}


def bcp_step(*lines: str) -> dict[str, str | bytes]:
    return {"edition.toml": BCP, "01-hajime.md": "", **fields(*lines)}


TOML = "edition.toml"
CASES = [
    # files
    Case("manual-settings-missing", 1, {TOML: ""}, TOML),
    Case("manual-chapters-none", 1, {"01-hajime.md": ""}, TOML),
    Case("manual-steps-none", 1, {"01-hajime.md": "# はじめ\n\n文だけ。\n"}, TOML),
    Case("manual-chapter-name", 1, {"tsugi.md": "# つぎ\n\n" + step()}, "tsugi.md"),
    Case("manual-chapter-title", 1, {"02-tsugi.md": step()}),
    Case("manual-file-ignored", 1, {"03-x.md.txt": "a"}, "03-x.md.txt", "note"),
    Case("manual-file-large", 1, {"02-tsugi.md": b"a" * (LARGEST + 1)}),
    # characters
    Case("manual-encoding", 3, {"02-tsugi.md": ("# A\n\n" + step()).encode("cp932")}),
    Case("manual-encoding", 1, {"02-tsugi.md": ("# つぎ\n\n" + step()).encode("utf-16")}),
    Case("manual-encoding", 2, {"02-tsugi.md": b"# A\n\xff\xa0\n"}),
    Case("manual-encoding", 3, {TOML: SETTINGS.encode("cp932")}, TOML),
    Case("manual-bom", 1, {"02-tsugi.md": b"\xef\xbb\xbf" + ("# つぎ\n\n" + step()).encode()}, level="note"),
    Case("manual-line-ends", 1, {"02-tsugi.md": ("# つぎ\n\n" + step()).replace("\n", "\r\n")}, level="note"),
    Case("manual-hidden-character", 7, chapter(step(body="受付\u202eです"))),
    Case("manual-hidden-character", 3, chapter(step(title="受付\x00"))),
    Case("manual-hidden-character", 1, {TOML: "# \u2066\n" + SETTINGS}, TOML),
    # edition.toml
    Case("manual-toml-broken", 3, settings('title = "見本の手引き"', "title = 見本の手引き"), TOML),
    Case("manual-toml-broken", 8, settings('["はじめの版"]', '["はじめの版"'), TOML),
    Case("manual-toml-broken", 2, settings('edition = "2026-1"', 'name = "mihon"'), TOML),
    Case("manual-toml-broken", 1, {TOML: "a = " + "[" * 5000}, TOML),
    Case("manual-key-missing", 1, settings('council = "見本市社会福祉協議会"\n', ""), TOML),
    Case("manual-key-unknown", 6, settings("next_review", "next-review"), TOML),
    Case("manual-key-text", 2, settings('"2026-1"', "2026"), TOML),
    Case("manual-key-text", 3, settings('"見本の手引き"', '" "'), TOML),
    Case("manual-key-texts", 7, settings('["はじめの版"]', "[1]"), TOML),
    Case("manual-key-date", 6, settings("2027-03-31", '"来年"'), TOML),
    Case("manual-key-code", 1, settings('"mihon"', '"見本"'), TOML),
    Case("manual-kind-unknown", 5, settings('"center"', '"災害VC"'), TOML),
    Case("manual-key-span", 19, settings('tolerable = "未確認"', 'tolerable = "3日間"', BCP), TOML),
    Case("manual-ownership-unknown", 17, settings('"commissioned"', '"受託"', BCP), TOML),
    Case("manual-key-missing", 14, settings('consignor = "見本市"\n', "", BCP), TOML),
    Case("manual-function-table", 8, {TOML: SETTINGS + "function = 1\n"}, TOML),
    Case("manual-function-none", 1, {TOML: SETTINGS.replace('"center"', '"bcp"')}, TOML),
    Case("manual-function-in-center", 10, {TOML: BCP.replace('"bcp"', '"center"')}, TOML),
    Case("manual-function-twice", 15, settings('"soudan"', '"hojin"', BCP), TOML),
    # the heading of a step
    Case("manual-id-missing", 3, chapter(step().replace(" {#hoka}", ""))),
    Case("manual-id-missing", 3, chapter(step().replace("{#hoka}", "{hoka}"))),
    Case("manual-id-form", 3, chapter(step(step_id="Hoka"))),
    Case("manual-id-form", 3, chapter(step(step_id="受付"))),
    Case("manual-id-form", 3, chapter(step(step_id="a" * 65))),
    Case("manual-id-form", 3, chapter(step(step_id=""))),
    Case("manual-id-twice", 3, chapter(step(step_id="tsukue"))),
    Case("manual-title-empty", 3, chapter(step(title=""))),
    Case("manual-step-hidden", 3, chapter(step().replace("### ", "###"))),
    Case("manual-step-hidden", 3, chapter(step().replace("###", "＃＃＃"))),
    Case("manual-step-hidden", 3, chapter(step().replace("###", "##"))),
    Case("manual-step-hidden", 3, chapter(step().replace("###", "####"))),
    Case("manual-step-hidden", 3, chapter(step().replace("### ", "###　"))),
    Case("manual-step-hidden", 3, chapter(step().replace("### ", "- ### "))),
    Case("manual-step-hidden", 10, chapter(step(body="```\nとじ忘れ") + step(step_id="b"))),
    # its fields
    Case("manual-fields-missing", 3, chapter("### 手順 {#a}\n\n・担当班: 受付\n\n本文。\n")),
    Case("manual-field-form", 6, fields("- 担当班: 受付", "- 写真をとる")),
    Case("manual-field-form", 6, fields("- 担当班: 受付", "-")),
    Case("manual-field-clings", 6, chapter(step(body="").rstrip() + "\nすぐ下の文。\n")),
    Case("manual-field-unknown", 6, fields("- 担当班: 受付", "- 締切: 開設")),
    Case("manual-field-twice", 6, fields("- 担当班: 受付", "- 担当班: 統括")),
    Case("manual-field-empty", 6, fields("- 担当班: 受付", "- 期限:")),
    Case("manual-field-missing", 3, fields("- 期限: 開設")),
    Case("manual-field-missing", 3, bcp_step("- 担当班: 受付", "- 業務: hojin")),
    Case("manual-field-bcp", 6, fields("- 担当班: 受付", "- 業務: 相談支援")),
    Case("manual-body-empty", 3, chapter(step(body=""))),
    Case("manual-section-unknown", 5, fields("- 担当班: 給食")),
    Case("manual-section-many", 5, fields("- 担当班: 受付, 統括")),
    Case("manual-section-off", 5, fields("- 担当班: 車両"), level="note"),
    Case("manual-deadline", 6, fields("- 担当班: 受付", "- 期限: 3日以内")),
    Case("manual-condition-unknown", 6, fields("- 担当班: 受付", "- 条件: 夜間"), level="note"),
    Case("manual-phase", 7, bcp_step("- 担当班: 受付", "- 業務: hojin", "- 段階: 2日")),
    Case("manual-function-unknown", 6, bcp_step("- 担当班: 受付", "- 業務: 給食", "- 段階: 3時間")),
    Case("manual-requires-unknown", 6, fields("- 担当班: 受付", "- 前提: sanshu, nai")),
    Case("manual-requires-ring", 6, fields("- 担当班: 受付", "- 前提: hoka")),
]


@pytest.mark.parametrize("case", CASES, ids=[f"{case.code}-{number}" for number, case in enumerate(CASES)])
def test_a_mistake_is_named_with_file_and_line(tmp_path: Path, case: Case) -> None:
    found = edition(tmp_path, case.files)
    places = [(p.code, p.file, p.line, p.level) for p in found.problems]
    assert (case.code, case.file, case.line, case.level) in places
    assert found.usable is (case.level == "note")


@pytest.mark.parametrize("case", CASES, ids=[f"{case.code}-{number}" for number, case in enumerate(CASES)])
def test_its_words_are_whole_and_say_what_to_do(tmp_path: Path, case: Case) -> None:
    for problem in edition(tmp_path, case.files).problems:
        shown = describe(problem)
        words = f"{shown['message']}{shown['hint']}"
        assert not any(f"{{{fact}}}" in words for fact in ("id", "title", "text", "key", "value", "field"))
        assert "ください" in str(shown["hint"]) or problem.level == "note"


def test_every_problem_of_the_catalogue_has_its_story() -> None:
    told = {case.code for case in CASES} | {
        *("manual-folder-missing", "manual-folder-name", "manual-edition-twice", "manual-file-unreadable"),
        *(
            "manual-file-twice",
            "manual-sections-missing",
            "manual-section-entry",
            "manual-section-entry-twice",
        ),
    }
    written = {key.split(".")[1] for key in catalogue("ja") if key.startswith("problem.manual-")}
    assert written == told


@pytest.mark.parametrize(
    "case",
    [case for case in CASES if case.file == "02-tsugi.md" and "01-hajime.md" not in case.files],
    ids=lambda case: case.code,
)
def test_the_steps_of_other_chapters_are_still_there(tmp_path: Path, case: Case) -> None:
    found = edition(tmp_path, case.files)
    assert [item.id for item in found.steps[:2]] == ["sanshu", "tsukue"]


def codes(found: Edition) -> list[str]:
    return [problem.code for problem in found.problems]


def test_one_mistake_is_one_problem(tmp_path: Path) -> None:
    """No mistake may bury the others under its consequences."""
    doubled = {"manual-key-unknown", "manual-toml-broken", "manual-settings-missing", "manual-step-hidden"}
    doubled |= {"manual-chapters-none", "manual-file-large", "manual-encoding", "manual-function-none"}
    for number, case in enumerate(CASES):
        if case.code not in doubled:
            assert codes(edition(tmp_path / str(number), case.files)) == [case.code], case


def test_a_text_in_cp932_is_read_all_the_same(tmp_path: Path) -> None:
    found = edition(tmp_path, {"01-hajime.md": CHAPTER.encode("cp932")})
    assert codes(found) == ["manual-encoding"]
    assert [item.title for item in found.steps] == ["集まる", "机を並べる"]
    assert "CP932" in str(describe(found.problems[0])["message"])


def test_hidden_characters_are_not_shown_and_do_not_go_unseen(tmp_path: Path) -> None:
    found = edition(tmp_path, chapter(step(body="鍵は\u202e金庫\u2069の中\u200b。")))
    assert found.steps[-1].body_markdown == "鍵は金庫の中。"
    assert describe(found.problems[0])["message"] == "この行に、目に見えない文字（U+202E）があります。"


def test_an_id_that_cannot_be_used_is_proposed_anew(tmp_path: Path) -> None:
    text = step(step_id="Uketsuke Tsukue") + step(
        step_id="b", fields="- 担当班: 受付\n- 前提: Uketsuke Tsukue"
    )
    found = edition(tmp_path, chapter(text))
    assert "{#uketsuke-tsukue}" in str(describe(found.problems[0])["hint"])


def test_a_requirement_of_a_step_with_a_broken_id_is_not_called_missing(tmp_path: Path) -> None:
    text = step(step_id="Uketsuke") + step(step_id="b", fields="- 担当班: 受付\n- 前提: Uketsuke")
    assert codes(edition(tmp_path, chapter(text))) == ["manual-id-form"]


def test_text_that_clings_to_the_fields_is_not_lost_in_a_value(tmp_path: Path) -> None:
    found = edition(tmp_path, chapter(step(body="").rstrip() + "\nすぐ下の文。\n"))
    assert (found.steps[-1].section, found.steps[-1].body_markdown) == ("受付", "すぐ下の文。")


def test_the_first_of_two_steps_with_one_id_stays(tmp_path: Path) -> None:
    found = edition(tmp_path, chapter(step(step_id="tsukue", title="もうひとつの机")))
    assert [item.title for item in found.steps] == ["集まる", "机を並べる"]
    assert found.problems[0].facts == {"id": "tsukue", "where": "01-hajime.md の 12 行目"}


def test_each_ring_is_told_once_from_its_first_step(tmp_path: Path) -> None:
    def waits(step_id: str, *others: str) -> str:
        return step(step_id=step_id, fields=f"- 担当班: 受付\n- 前提: {', '.join(others)}")

    text = waits("a", "b") + waits("b", "c", "sanshu") + waits("c", "a") + waits("d", "e") + waits("e", "d")
    found = edition(tmp_path, chapter(text))
    assert [problem.facts["ring"] for problem in found.problems] == ["a → b → c → a", "d → e → d"]
    assert [problem.line for problem in found.problems] == [6, 27]


def test_many_problems_of_one_chapter_stand_in_the_order_of_lines(tmp_path: Path) -> None:
    text = step(step_id="a", fields="- 担当班: 給食\n- 期限: すぐ\n- 色: 赤") + step(step_id="b", body="")
    found = edition(tmp_path, chapter(text))
    assert [problem.line for problem in found.problems] == [5, 6, 7, 11]
    assert [item.id for item in found.steps] == ["sanshu", "tsukue", "a", "b"]


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    found = read(tmp_path / "nai" / "1", SECTIONS)
    assert codes(found) == ["manual-folder-missing", "manual-chapters-none", "manual-settings-missing"]
    assert (found.name, found.edition, found.status()) == ("nai", "1", "problems")
    assert codes(read(write(tmp_path) / "edition.toml", SECTIONS))[0] == "manual-folder-missing"


def test_what_is_no_file_is_passed_over(tmp_path: Path) -> None:
    folder = write(tmp_path, {".DS_Store": b"\x00", "Thumbs.db": b"\x00", "~$01.md": b"\x00"})
    (folder / "03-folder.md").mkdir()
    (folder / "shashin").mkdir()
    found = read(folder, SECTIONS)
    assert [(problem.file, problem.code) for problem in found.problems] == [
        ("03-folder.md", "manual-file-ignored"),
        ("shashin", "manual-file-ignored"),
    ]
    assert found.digest == edition(tmp_path / "sonomama").digest


def test_a_file_that_cannot_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write(tmp_path, chapter(step()))
    real = Path.read_bytes

    def locked(path: Path) -> bytes:
        if path.name == "02-tsugi.md":
            raise PermissionError(13, "locked")
        return real(path)

    monkeypatch.setattr(Path, "read_bytes", locked)
    found = read(folder, SECTIONS)
    assert codes(found) == ["manual-file-unreadable"]
    assert len(found.steps) == 2


def test_two_files_whose_names_look_the_same(tmp_path: Path) -> None:
    composed, decomposed = "02-\u304c.md", "02-\u304b\u3099.md"
    found = edition(tmp_path, {composed: "# が\n\n" + step(), decomposed: "# が\n\n" + step(step_id="b")})
    assert codes(found) == ["manual-file-twice"]


def test_a_name_in_another_encoding_is_shown_as_well_as_can_be(tmp_path: Path) -> None:
    folder = write(tmp_path)
    (folder / "02-\udc82\udca0.md").write_text("# あ\n\n" + step(), encoding="utf-8")
    found = read(folder, SECTIONS)
    assert [item.id for item in found.steps] == ["sanshu", "tsukue", "hoka"]
    assert all(problem.file is None or problem.file.encode() for problem in found.problems)


def test_two_folders_with_one_name_and_edition(tmp_path: Path) -> None:
    write(tmp_path)
    write(tmp_path, folder="mihon/2026-1 kopi")
    first, second = library(tmp_path, SECTIONS)
    assert first.problems == ()
    assert codes(second) == ["manual-edition-twice", "manual-folder-name"]
    assert not second.usable


class TestSectionsFile:
    """The council's list of 班 is edited by hand too."""

    good = '[[section]]\ncode = "a"\nname = "甲"\norder = 2\nrole = "chief"\n'

    @pytest.mark.parametrize(
        ("text", "code", "line"),
        [
            ("", "manual-sections-missing", None),
            ("section = 3\n", "manual-sections-missing", None),
            ("[[section]\n", "manual-toml-broken", 1),
            (good + '[[section]]\nname = "乙"\norder = 1\nrole = "chief"\n', "manual-section-entry", 6),
            (good + good.replace("甲", "乙"), "manual-section-entry-twice", 7),
            (good + good.replace('"a"', '"b"'), "manual-section-entry-twice", 7),
            (good + good.replace('"a"', '"B"'), "manual-section-entry", 7),
        ],
    )
    def test_its_mistakes_are_named(self, tmp_path: Path, text: str, code: str, line: int | None) -> None:
        path = tmp_path / "sections.toml"
        path.write_text(text, encoding="utf-8")
        found = read_sections(path)
        assert [(problem.code, problem.line) for problem in found.problems] == [(code, line)]
        assert [item.name for item in found.items] == (["甲"] if text.startswith("[[section]]") else [])

    def test_without_it_no_section_is_called_unknown(self, tmp_path: Path) -> None:
        sections = read_sections(tmp_path / "nai.toml")
        found = read(write(tmp_path), sections)
        assert codes(found) == ["manual-sections-missing"]
        assert [item.section for item in found.steps] == ["統括", "受付班"]


pieces = st.sampled_from(
    [
        *(
            "### ",
            "#",
            "{#a}",
            "{#B}",
            "{#",
            "}",
            "\n",
            "\n\n",
            "- ",
            "* ",
            "担当班: 受付",
            "期限: ",
            "前提: a, b",
        ),
        *(
            "段階: 3時間",
            "業務: x",
            "```",
            "> ",
            "    ",
            "\t",
            "|",
            "[x](y)",
            "<b>",
            "\x00",
            "\u202e",
            "\r",
            "：",
            "未確認",
        ),
    ]
)


@given(
    st.lists(pieces | st.text(max_size=8), max_size=40), st.lists(pieces | st.text(max_size=8), max_size=20)
)
def test_no_text_breaks_the_reader(
    tmp_path_factory: pytest.TempPathFactory, text: list[str], toml: list[str]
) -> None:
    root = tmp_path_factory.mktemp("m")
    chapter_bytes = "".join(text).encode("utf-8", "surrogatepass")
    found = edition(root, {"02-tsugi.md": chapter_bytes, "edition.toml": SETTINGS + "".join(toml)})
    assert {"sanshu", "tsukue"} <= {item.id for item in found.steps}
    assert all(describe(problem)["hint"] for problem in found.problems)


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    found = edition(tmp_path_factory.mktemp("m"), {"02-tsugi.md": data or b"#", "edition.toml": data or b"#"})
    assert len(found.steps) >= 2
