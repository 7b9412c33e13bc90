"""The routes of the static pages: headers, addresses that hold a digest, words, the decoder."""

import inspect
import json
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dvc_core import bootstrap
from dvc_core.domain.attendance import Flag, admit
from dvc_core.i18n import catalogue
from dvc_core.tokens.keys import generate
from dvc_core.tokens.picture import decode_image
from dvc_core.tokens.qr import issue
from dvc_core.web import kiosk_files
from dvc_core.web.kiosk_files import ADMISSION, STATIC, PageSet, decoder, routes_of

CARD = issue(generate("13210", datetime(2026, 7, 30, tzinfo=UTC)), bytes(16))
OURS = [STATIC / "kiosk", STATIC / "register", STATIC / "common"]
SCRIPTS = sorted(path for folder in OURS for path in folder.glob("*.js"))


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(Starlette(routes=routes_of())) as client:
        yield client


@pytest.mark.parametrize("name", ["kiosk", "register"])
def test_a_page_may_run_only_our_own_scripts(client: TestClient, name: str):
    answer = client.get(f"/{name}/")
    policy = answer.headers["Content-Security-Policy"]
    for part in ("default-src 'self'", "script-src 'self'", "object-src 'none'", "frame-ancestors 'none'"):
        assert part in policy
    assert "unsafe" not in policy
    assert "require-trusted-types-for 'script'" in policy
    assert answer.headers["Permissions-Policy"].startswith("camera=(self)")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "<script>" not in answer.text
    assert "style=" not in answer.text
    assert not re.search(r"\son\w+=", answer.text)


def test_a_page_names_only_files_that_are_there_and_kept_for_ever(client: TestClient):
    for name in ("kiosk", "register"):
        page = client.get(f"/{name}/").text
        addresses = re.findall(r'(?:src|href)="(/[^"]+)"', page)
        assert len(addresses) >= 4
        for address in addresses:
            answer = client.get(address)
            assert answer.status_code == 200, address
            assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_every_import_of_a_module_is_served():
    for name in ("kiosk", "register"):
        pages = PageSet(name)
        for path, file in pages.files.items():
            for wanted in re.findall(r'^import [^"]*"([^"]+)";', file.body.decode(), re.MULTILINE):
                target = (Path("/x") / Path(path).parent / wanted).as_posix()
                parts: list[str] = []
                for part in target.split("/"):
                    if part == "..":
                        parts.pop()
                    else:
                        parts.append(part)
                assert "/".join(parts).removeprefix("/x/") in pages.files, (path, wanted)


def test_the_form_is_never_kept_by_the_browser_and_the_kiosk_is_asked_for_again(client: TestClient):
    assert client.get("/register/").headers["Cache-Control"] == "no-store"
    page = client.get("/kiosk/")
    assert page.headers["Cache-Control"] == "no-cache"
    again = client.get("/kiosk/", headers={"If-None-Match": page.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_service_worker_is_fresh_and_keeps_all_that_the_page_needs(client: TestClient):
    answer = client.get("/kiosk/sw.js")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Service-Worker-Allowed"] == "/kiosk/"
    found = re.search(r"const KEPT = (\[.*\]);", answer.text)
    assert found is not None
    kept = json.loads(found[1])
    assert kept[0] == "/kiosk/"
    assert all(client.get(address).status_code == 200 for address in kept)
    assert f'"tasuki-kiosk-{PageSet("kiosk").digest}"' in answer.text
    assert "$" not in answer.text


@pytest.mark.parametrize("name", ["kiosk", "register"])
def test_a_drills_page_says_so_before_any_script_has_run(client: TestClient, name: str):
    real, drill = client.get(f"/{name}/").text, PageSet(name).page("秋の<訓練>").decode()
    banner = r'<p id="drill-banner" class="drill-banner" ([^>]*)>([^<]*)</p>'
    mark = r'<div id="drill-mark" class="drill-mark" aria-hidden="true" (\w*) [^>]*>([^<]*)</div>'
    assert [re.findall(each, drill) for each in (banner, mark)] == [
        [("", "訓練：秋の&lt;訓練&gt;")],
        [("", "訓練")],
    ]
    assert [re.findall(each, real) for each in (banner, mark)] == [[("hidden", "")], [("hidden", "")]]
    assert 'data-drill="true"' in drill
    assert 'data-drill="false"' in real


def test_a_tablet_does_not_keep_the_real_page_for_a_drill():
    pages = PageSet("kiosk")
    assert len({pages.worker(), pages.worker("秋"), pages.worker("冬")}) == 3


def test_the_program_serves_its_own_drills_page(tmp_path: Path):
    bootstrap.install(bootstrap.build(bootstrap.Config(data=tmp_path, drill="秋の訓練")))
    try:
        with TestClient(Starlette(routes=routes_of())) as client:
            assert all("訓練：秋の訓練" in client.get(f"/{name}/").text for name in ("kiosk", "register"))
    finally:
        bootstrap.installed().close()
        bootstrap.uninstall()


@pytest.mark.parametrize("path", ["kiosk/main.js", "common/base.css", "kiosk/index.html", "kiosk/sw.js"])
def test_any_changed_byte_is_a_new_version(tmp_path: Path, path: str):
    for folder in OURS:
        shutil.copytree(folder, tmp_path / folder.name)
    before = PageSet("kiosk", tmp_path).digest
    assert before == PageSet("kiosk").digest
    changed = tmp_path / path
    changed.write_bytes(changed.read_bytes() + b"\n")
    assert PageSet("kiosk", tmp_path).digest != before


def test_another_version_and_other_files_are_not_there(client: TestClient):
    digest = PageSet("kiosk").digest
    for address in (
        "/kiosk/files/0000000000000000/kiosk/main.js",
        f"/kiosk/files/{digest}/kiosk/sw.js",
        f"/kiosk/files/{digest}/kiosk/index.html",
        f"/kiosk/files/{digest}/../kiosk_files.py",
        f"/kiosk/files/{digest}/%2e%2e/login/shell.html",
        f"/kiosk/files/{digest}/register/main.js",
    ):
        answer = client.get(address)
        assert answer.status_code == 404, address
        assert answer.headers["Cache-Control"] == "no-store"


def test_the_decoder_comes_from_the_installed_package(client: TestClient):
    body = decoder().body
    assert b"QRCodeReader" in body
    for query, caching in ((f"?v={decoder().digest}", "immutable"), ("", "no-cache"), ("?v=old", "no-cache")):
        answer = client.get(f"/kiosk/vendor/zxing.min.js{query}")
        assert answer.content == body
        assert caching in answer.headers["Cache-Control"]
        assert answer.headers["Content-Encoding"] == "gzip"


def test_without_the_package_the_page_is_served_and_the_decoder_is_not(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
):
    def missing(name: str) -> None:
        raise kiosk_files.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(kiosk_files.metadata, "files", missing)
    decoder.cache_clear()
    try:
        assert client.get("/kiosk/vendor/zxing.min.js").status_code == 404
        assert client.get("/kiosk/").status_code == 200
        assert client.get("/kiosk/sw.js").status_code == 200
    finally:
        decoder.cache_clear()


def test_the_pages_have_one_address_each(client: TestClient):
    for name in ("kiosk", "register"):
        answer = client.get(f"/{name}", follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (308, f"/{name}/")


def test_a_code_is_drawn_only_for_what_has_the_shape_of_one(client: TestClient):
    answer = client.post("/register/code", json={"payload": CARD})
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "<path" in answer.text
    for wrong in ("", "https://example.invalid/", CARD[:-1], CARD.replace("TSK1", "TSK2")):
        assert client.post("/register/code", json={"payload": wrong}).status_code == 400
    assert client.post("/register/code", content=b"{").status_code == 400
    assert client.post("/register/code", json=["x"]).status_code == 400
    assert client.post("/register/code", json={"payload": "T" * 3000}).status_code == 413
    assert decode_image(answer.content) == [], "it is drawn as vectors"


def keys_in(source: str) -> set[str]:
    named = set(re.findall(r'data-(?:word|easy|en|label|alt)="([\w.]+)"', source))
    return named | set(re.findall(r'"((?:kiosk_page|register_page)\.[\w.]*\w)"', source))


@pytest.mark.parametrize("name", ["kiosk", "register"])
def test_every_word_of_a_page_is_in_the_catalogue(name: str):
    sources = [path.read_text(encoding="utf-8") for path in (STATIC / name).iterdir()]
    wanted = set().union(*(keys_in(source) for source in sources))
    assert len(wanted) > 20
    known = catalogue("ja")
    # A key to which something is added at run time names a table.
    missing = {key for key in wanted if key not in known and not any(k.startswith(f"{key}.") for k in known)}
    assert missing == set()


def test_every_word_of_the_catalogue_is_used():
    source = "".join(path.read_text(encoding="utf-8") for folder in OURS for path in folder.iterdir())
    beginnings = re.findall(r"`((?:kiosk_page|register_page)[\w.]*)\.?\$\{", source)
    beginnings += re.findall(r'"(register_page\.(?:era|licence|vehicle))"', source)
    words = {key for key in catalogue("ja") if key.startswith(("kiosk_page.", "register_page."))}
    unused = {key for key in words if f'"{key}"' not in source and not key.startswith(tuple(beginnings))}
    assert {key for key in unused if not key.endswith("_next")} == set()


def test_what_volunteers_read_stands_in_all_three_languages():
    form = {key for key in catalogue("ja") if key.startswith("register_page.")}
    read = {
        key
        for key in catalogue("ja")
        if key.startswith(("kiosk_page.verdict.", "kiosk_page.kept.")) and not key.endswith("_next")
    } | {"kiosk_page.same_code", "kiosk_page.not_kept", "kiosk_page.cut.title"}
    answers = {key for key in catalogue("ja") if key.startswith(("scan.flag.", "scan.review."))}
    assert answers >= {f"scan.flag.{flag}" for flag in Flag}
    read |= answers | set(ADMISSION)
    for language in ("easy", "en"):
        assert (form | read) - catalogue(language).keys() == set()
        assert {k for k in catalogue(language) if k.startswith(("kiosk_page.", "register_page."))} <= set(
            catalogue("ja")
        )


def test_every_reason_not_to_be_taken_in_today_is_said_by_the_kiosk():
    rule = inspect.getsource(admit)
    assert {f"refusal.{code}" for code in re.findall(r'Refusal\("([a-z-]+)"', rule)} - set(ADMISSION) == {
        "refusal.already-admitted"  # no news to the person: the scan is recorded, and the server says so
    }
    source = PageSet("kiosk").files["words.js"].body.decode()
    words = json.loads(source.removeprefix("export default ").rstrip(";\n"))
    for language in ("easy", "en"):
        assert set(ADMISSION) <= words[language].keys()


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_script_makes_html_of_data_or_leaves_this_machine(script: Path):
    source = script.read_text(encoding="utf-8")
    for never in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "http://",
        "https://",
    ):
        assert never not in source, never
    assert len(source.splitlines()) <= 400


@pytest.mark.parametrize("sheet", sorted(p for f in OURS for p in f.glob("*.css")), ids=lambda p: p.name)
def test_type_is_large_and_nothing_is_loaded_by_a_style(sheet: Path):
    source = sheet.read_text(encoding="utf-8")
    assert "url(" not in source
    assert "@import" not in source
    sizes = [float(size) for size in re.findall(r"font-size:\s*([\d.]+)px", source)]
    sizes += [20 * float(size) for size in re.findall(r"font-size:\s*([\d.]+)rem", source)]
    assert all(size >= 18 for size in sizes), sizes
