"""An edition is read as it was written, and the answers of the command line are those of INTERFACES."""

import os
import unicodedata
from datetime import date, time
from pathlib import Path

import pytest

from dvc_core.domain.deadline import Daily, Moment, Relative, Unit
from dvc_core.domain.operation import Disaster
from dvc_core.manual.edition import Edition, Kind, Ownership, Phase, Step
from dvc_core.manual.library import check, library, read
from dvc_core.manual.sections import FILE, read_sections
from tests.manual.story import BCP, CHAPTER, SECTIONS, SETTINGS, edition, step, write


def only(found: Edition) -> Step:
    return found.steps[-1]


def test_an_edition_tells_what_it_is(tmp_path: Path) -> None:
    found = edition(tmp_path)

    assert (found.name, found.edition, found.folder) == ("mihon", "2026-1", "mihon/2026-1")
    assert (found.title, found.council) == ("見本の手引き", "見本市社会福祉協議会")
    assert (found.kind, found.next_review) == (Kind.CENTER, date(2027, 3, 31))
    assert found.changelog == ("はじめの版",)
    assert found.problems == ()
    assert found.status() == "ok"
    chapter = found.chapters[0]
    assert (chapter.number, chapter.key, chapter.title) == (1, "hajime", "はじめ")
    assert "机を出すまで" in chapter.introduction_markdown


def test_a_step_tells_who_when_and_how_one_knows(tmp_path: Path) -> None:
    first, second = edition(tmp_path).steps

    assert (first.id, first.title, first.line) == ("sanshu", "集まる", 5)
    assert first.deadline == Relative(Moment.DISASTER, 3, Unit.HOURS)
    assert (first.requires, first.forms, first.evidence, first.disasters) == ((), (), None, ())
    assert (second.section, second.section_code) == ("受付班", "reception")
    assert second.deadline == Relative(Moment.OPENING, -2, Unit.HOURS)
    assert second.requires == ("sanshu",)
    assert second.conditions == ("地震", "水害")
    assert second.disasters == (Disaster.EARTHQUAKE, Disaster.FLOOD)
    assert (second.forms, second.evidence) == (("受付票", "名札"), "写真")
    assert (second.file, second.chapter) == ("01-hajime.md", "hajime")
    # The checklist is the text, though Markdown would join it to the list of fields.
    assert second.body_markdown == "- [ ] 机を4つ\n- [ ] タブレットを2台"


def test_chapters_are_read_in_the_order_of_their_names(tmp_path: Path) -> None:
    found = edition(
        tmp_path,
        {
            "10-owari.md": "# おわり\n\n" + step(step_id="heisho"),
            "02-tsugi.md": "# つぎ\n\n" + step(step_id="tsugi"),
        },
    )
    assert [item.id for item in found.steps] == ["sanshu", "tsukue", "tsugi", "heisho"]
    assert [item.number for item in found.chapters] == [1, 2, 10]


@pytest.mark.parametrize(
    "fields", ["- 担当班：受付", "- 担当班 : reception", "* **担当班**: 受付班", "- 担当班:　受付"]
)
def test_a_field_is_read_as_people_type_it(tmp_path: Path, fields: str) -> None:
    found = edition(tmp_path, {"02-tsugi.md": "# つぎ\n\n" + step(fields=fields)})
    assert found.problems == ()
    assert only(found).section_code == "reception"


def test_what_changes_in_the_folder_is_seen_at_once(tmp_path: Path) -> None:
    folder = write(tmp_path)
    first = read(folder, SECTIONS)
    assert read(folder, SECTIONS) is first
    stamp = (folder / "01-hajime.md").stat()
    write(tmp_path, {"01-hajime.md": CHAPTER.replace("机を4つ", "机を5つ")})
    os.utime(folder / "01-hajime.md", ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert "机を5つ" in read(folder, SECTIONS).steps[-1].body_markdown
    assert read(folder, read_sections()).steps[1].section_code == "reception"


def test_headings_of_other_levels_and_code_are_no_steps(tmp_path: Path) -> None:
    body = "#### 細かいこと\n\nつづき。\n\n```\n### これは例\n```"
    text = "# つぎ\n\n## まとまり\n\n前書き。\n\n" + step(body=body) + "## つぎのまとまり\n\n間の文。\n"
    found = edition(tmp_path, {"02-tsugi.md": text})
    assert found.problems == ()
    assert only(found).body_markdown == body


def test_a_daily_step_and_one_without_a_deadline(tmp_path: Path) -> None:
    text = step(step_id="a", fields="- 担当班: 受付\n- 期限: 毎日 08:00") + step(step_id="b")
    found = edition(tmp_path, {"02-tsugi.md": f"# つぎ\n\n{text}"})
    assert [item.deadline for item in found.steps[-2:]] == [Daily(time(8)), None]


def test_every_place_marked_unconfirmed_is_listed_with_its_line(tmp_path: Path) -> None:
    fields = "- 担当班: 未確認\n- 期限: 未確認（発災のあと）\n- 様式: 受付票"
    text = "# つぎ\n\n市の協定は 未確認。\n\n" + step(
        fields=fields, body="鍵を開ける。\n- [ ] 机。電話は 未確認。いす。"
    )
    settings = SETTINGS.replace("2027-03-31", '"未確認"')
    found = edition(tmp_path, {"02-tsugi.md": text, "edition.toml": settings})

    assert found.problems == ()
    assert (only(found).unconfirmed, only(found).unconfirmed_fields) == (True, ("担当班", "期限", "本文"))
    assert (only(found).section, only(found).section_code, only(found).deadline) == ("未確認", None, None)
    assert found.next_review is None
    assert [(place.file, place.line, place.field, place.step_id) for place in found.unconfirmed] == [
        ("edition.toml", 6, "next_review", None),
        ("02-tsugi.md", 3, "章", None),
        ("02-tsugi.md", 7, "担当班", "hoka"),
        ("02-tsugi.md", 8, "期限", "hoka"),
        ("02-tsugi.md", 12, "本文", "hoka"),
    ]
    assert found.unconfirmed[-1].text == "電話は 未確認。"
    assert not found.steps[0].unconfirmed


class TestBcp:
    """A plan for business continuity: its functions, and steps by function and phase."""

    def test_functions_tell_whose_they_are_and_what_is_not_known(self, tmp_path: Path) -> None:
        fields = "- 担当班: 統括\n- 業務: soudan\n- 段階: 24時間"
        found = edition(tmp_path, {"edition.toml": BCP, "01-hajime.md": "# BCP\n\n" + step(fields=fields)})

        assert found.problems == ()
        whole, advice = found.functions
        assert (whole.code, whole.ownership) == ("hojin", Ownership.OWN)
        assert (advice.ownership, advice.consignor) == (Ownership.COMMISSIONED, "見本市")
        assert (advice.tolerable_minutes, advice.priority) == (None, "A")
        assert advice.unconfirmed_fields == ("tolerable",)
        assert [(place.line, place.title) for place in found.unconfirmed] == [(19, "相談支援")]
        assert only(found).function_code == "soudan"

    @pytest.mark.parametrize(
        ("written", "phase", "end"),
        [
            ("3時間", Phase.H3, Relative(Moment.DISASTER, 3, Unit.HOURS)),
            ("２４時間", Phase.H24, Relative(Moment.DISASTER, 24, Unit.HOURS)),
            ("72 時間", Phase.H72, Relative(Moment.DISASTER, 72, Unit.HOURS)),
            ("一週間", Phase.W1, Relative(Moment.DISASTER, 7, Unit.DAYS)),
            ("１ヶ月", Phase.M1, Relative(Moment.DISASTER, 30, Unit.DAYS)),
        ],
    )
    def test_a_phase_is_the_deadline_where_none_is_written(
        self, tmp_path: Path, written: str, phase: Phase, end: Relative
    ) -> None:
        fields = f"- 担当班: 統括\n- 業務: 法人全体\n- 段階: {written}"
        text = step(step_id="a", fields=fields) + step(step_id="b", fields=f"{fields}\n- 期限: 発災+1時間")
        found = edition(tmp_path, {"edition.toml": BCP, "01-hajime.md": f"# BCP\n\n{text}"})
        assert found.problems == ()
        assert [item.phase for item in found.steps] == [phase, phase]
        assert [item.deadline for item in found.steps] == [end, Relative(Moment.DISASTER, 1, Unit.HOURS)]

    @pytest.mark.parametrize(("span", "minutes"), [("30分", 30), ("３時間", 180), ("7 日", 10080)])
    def test_how_long_a_function_may_stand_still(self, tmp_path: Path, span: str, minutes: int) -> None:
        fields = "- 担当班: 統括\n- 業務: soudan\n- 段階: 3時間"
        settings = BCP.replace('tolerable = "未確認"', f'tolerable = "{span}"')
        found = edition(
            tmp_path, {"edition.toml": settings, "01-hajime.md": "# BCP\n\n" + step(fields=fields)}
        )
        assert found.functions[1].tolerable_minutes == minutes


class TestCheck:
    """`manual check` as scripts rely on it."""

    def test_a_good_edition(self, tmp_path: Path) -> None:
        folder = write(tmp_path)
        answer = check(folder, SECTIONS)
        assert answer == {
            "ok": True,
            "problems": [],
            "name": "mihon",
            "edition": "2026-1",
            "digest": read(folder, SECTIONS).digest,
            "status": "ok",
            "steps": 2,
            "unconfirmed": 0,
            "step_ids": ["sanshu", "tsukue"],
            "unconfirmed_places": [],
        }

    def test_problems_have_words_file_and_line(self, tmp_path: Path) -> None:
        answer = check(write(tmp_path, {"01-hajime.md": CHAPTER.replace("開設-2h", "すぐ")}), SECTIONS)
        assert (answer["ok"], answer["status"]) == (False, "problems")
        assert answer["step_ids"] == ["sanshu", "tsukue"]
        (problem,) = answer["problems"]
        assert (problem["code"], problem["file"], problem["line"]) == ("manual-deadline", "01-hajime.md", 15)
        assert "すぐ" in problem["message"]
        assert "開設-2時間" in problem["hint"]

    def test_another_digest_than_the_approved_one_is_altered(self, tmp_path: Path) -> None:
        folder = write(tmp_path)
        approved = check(folder, SECTIONS)["digest"]
        assert check(folder, SECTIONS, approved=approved)["status"] == "ok"
        write(tmp_path, {"01-hajime.md": CHAPTER + "一文を足した。\n"})
        answer = check(folder, SECTIONS, approved=approved)
        assert (answer["ok"], answer["status"]) == (False, "altered")

    def test_notes_do_not_hinder(self, tmp_path: Path) -> None:
        answer = check(write(tmp_path, {"memo.txt": "買い物"}), SECTIONS)
        assert (answer["ok"], answer["status"]) == (True, "ok")
        assert [problem["level"] for problem in answer["problems"]] == ["note"]

    def test_a_copy_in_another_folder_can_be_checked(self, tmp_path: Path) -> None:
        answer = check(write(tmp_path, folder="shitagaki/an"), SECTIONS)
        assert (answer["status"], answer["name"], answer["edition"]) == ("ok", "mihon", "2026-1")
        assert {problem["code"] for problem in answer["problems"]} == {"manual-folder-name"}


class TestLibrary:
    """All editions, broken ones beside good ones."""

    def test_broken_ones_do_not_hide_good_ones(self, tmp_path: Path) -> None:
        write(tmp_path)
        write(tmp_path, {"edition.toml": "name = \n"}, "mihon/2026-2")
        (tmp_path / "karappo" / "1").mkdir(parents=True)
        (tmp_path / ".git" / "x").mkdir(parents=True)
        (tmp_path / "README.md").write_text("読んでください")

        found = library(tmp_path, SECTIONS)

        assert [(item.folder, item.status()) for item in found] == [
            ("karappo/1", "problems"),
            ("mihon/2026-1", "ok"),
            ("mihon/2026-2", "problems"),
        ]
        # What the broken settings do not say, the folder does; its steps are still to be seen.
        assert (found[2].name, found[2].edition, len(found[2].steps)) == ("mihon", "2026-2", 2)

    def test_without_a_root_there_are_none(self, tmp_path: Path) -> None:
        assert library(tmp_path / "nai", SECTIONS) == ()


class TestSections:
    """The 班 of the council."""

    def test_those_that_ship_are_sound(self) -> None:
        found = read_sections()
        assert found.problems == ()
        names = {
            "統括",
            "総務",
            "受付",
            "ニーズ",
            "マッチング・送り出し",
            "資機材",
            "帰着・報告",
            "BCP事務局",
        }
        assert names <= {item.name for item in found.items if item.enabled}
        assert [item.order for item in found.items] == sorted(item.order for item in found.items)
        assert all(item.source for item in found.items)

    def test_their_roles_are_roles(self) -> None:
        roles = (FILE.parent / "roles.toml").read_text(encoding="utf-8")
        assert all(f'code = "{item.role}"' in roles for item in read_sections().items)

    def test_names_in_decomposed_form_are_found(self, tmp_path: Path) -> None:
        text = unicodedata.normalize("NFD", CHAPTER.replace("受付班", "マッチング・送り出し"))
        found = edition(tmp_path, {"01-hajime.md": text})
        assert only(found).section_code == "matching"
