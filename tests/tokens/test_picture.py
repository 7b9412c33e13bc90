"""Codes as pictures: what is drawn is read again, and a broken picture is no error."""

import io
import random
from datetime import UTC, datetime

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from dvc_core.tokens.keys import generate
from dvc_core.tokens.picture import QUIET_ZONE, Matrix, decode_image, matrix, path, read_image, svg
from dvc_core.tokens.qr import issue

NOW = datetime(2026, 7, 30, 1, 0, tzinfo=UTC)
KOGANEI = generate("13210", NOW)
CHOFU = generate("13208", NOW)
TOKEN = bytes(range(16))
CARD = issue(KOGANEI, TOKEN)


def drawn(modules: Matrix, scale: int = 6) -> Image.Image:
    grid = np.where(np.array(modules), 0, 255).astype("uint8")
    return Image.fromarray(np.kron(grid, np.ones((scale, scale), dtype="uint8")))


def file(picture: Image.Image, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    picture.save(out, kind)
    return out.getvalue()


def frame(picture: Image.Image, height: int, share: float, angle: float) -> Image.Image:
    """A camera's picture: the code turned, on grey, `share` of the frame's height."""
    side = int(height * share)
    ground = Image.new("L", (height * 4 // 3, height), 150)
    code = picture.resize((side, side)).rotate(angle, expand=True, fillcolor=150)
    ground.paste(code, ((ground.width - code.width) // 2, (ground.height - code.height) // 2))
    return ground


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF"])
def test_a_drawn_code_is_read_from_the_files_people_have(kind):
    assert decode_image(file(drawn(matrix(CARD)), kind)) == [CARD]


def test_a_volunteers_code_is_version_6_for_real_and_drill_keys():
    for key in (KOGANEI, generate("13210", NOW, drill=True)):
        assert len(matrix(issue(key, TOKEN), quiet_zone=0)) == 17 + 4 * 6


def test_a_border_of_four_light_modules_is_part_of_the_matrix():
    modules = matrix(CARD)
    assert len(modules) == 41 + 2 * QUIET_ZONE
    edge = modules[:4] + modules[-4:] + [row[:4] + row[-4:] for row in modules]
    assert not any(any(row) for row in edge)


def test_short_texts_are_drawn_with_more_correction():
    assert matrix("https://192.168.1.5:8443/") == matrix("https://192.168.1.5:8443/", "Q")
    assert matrix(CARD) == matrix(CARD, "M") != matrix(CARD, "Q")


def test_the_path_covers_just_the_dark_modules():
    modules = matrix(CARD)
    covered = [[False] * len(modules) for _ in modules]
    for part in path(modules).split("z")[:-1]:
        place, _, rest = part.removeprefix("M").partition("h")
        x, y = map(int, place.split(" "))
        for step in range(int(rest.partition("v")[0])):
            assert not covered[y][x + step]
            covered[y][x + step] = True
    assert covered == modules


def test_a_title_is_text_in_the_svg():
    assert "<script>" not in svg(CARD, '"><script>')


@pytest.mark.parametrize("seed", range(8))
def test_a_code_is_read_from_a_camera_frame_at_any_angle(seed):
    chance = random.Random(seed)
    seen = frame(drawn(matrix(CARD)), 480, 0.4, chance.uniform(0, 360)).filter(ImageFilter.GaussianBlur(1))
    assert decode_image(file(seen, "JPEG")) == [CARD]


@pytest.mark.parametrize("seed", range(8))
def test_a_thumb_over_the_code_is_borne(seed):
    """4 % of the area, away from the three finder patterns: level M bears it, level L does not."""
    chance = random.Random(seed)
    code = drawn(matrix(CARD))
    side = int(0.2 * code.width)
    x, y = (chance.randint(int(code.width * 0.35), code.width - side) for _ in range(2))
    ImageDraw.Draw(code).rectangle([x, y, x + side, y + side], fill=90)
    assert decode_image(file(frame(code, 480, 0.6, chance.uniform(0, 360)), "JPEG")) == [CARD]


def test_a_mirrored_and_an_inverted_picture_are_read():
    code = drawn(matrix(CARD))
    assert decode_image(file(code.transpose(Image.Transpose.FLIP_LEFT_RIGHT))) == [CARD]
    assert decode_image(file(Image.eval(code, lambda value: 255 - value))) == [CARD]


def test_a_transparent_ground_is_white():
    code = drawn(matrix(CARD))
    clear = Image.new("RGBA", code.size, (0, 0, 0, 0))
    clear.paste((0, 0, 0, 255), mask=Image.eval(code, lambda value: 255 - value))
    assert decode_image(file(clear)) == [CARD]


@pytest.mark.parametrize(
    "data", [b"", b"GIF89a", b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n" + bytes(40), bytes(10_000)]
)
def test_what_is_no_picture_holds_no_code(data):
    assert decode_image(data) == []
    assert [verdict.reading for _, verdict in read_image(data, [KOGANEI.public])] == ["unreadable"]


def test_a_picture_cut_off_or_damaged_anywhere_is_no_error():
    whole = file(drawn(matrix(CARD)), "JPEG")
    chance = random.Random(7)
    for _ in range(60):
        damaged = bytearray(whole[: chance.randint(0, len(whole))])
        for _ in range(chance.randint(0, 8)):
            if damaged:
                damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        assert set(decode_image(bytes(damaged))) <= {CARD}


def poster(side: int) -> bytes:
    ground = Image.new("1", (side, side), 1)
    ground.paste(drawn(matrix(CARD), scale=160).convert("1"), (0, 0))
    return file(ground)


def test_a_picture_of_unreasonable_size_is_not_opened():
    assert decode_image(poster(12_000)) == []
    assert decode_image(poster(10_000)) == [CARD]


def test_several_codes_in_one_picture_come_ours_first():
    codes = [drawn(matrix(text)) for text in ("https://example.invalid/", issue(CHOFU, TOKEN), CARD)]
    ground = Image.new("L", (sum(code.width for code in codes), max(code.height for code in codes)), 255)
    left = 0
    for code in codes:
        ground.paste(code, (left, 0))
        left += code.width
    found = read_image(file(ground), [KOGANEI.public])
    assert [verdict.reading for _, verdict in found] == ["ours", "foreign", "not_ours"]
    assert found[0][0] == CARD


def test_a_picture_without_a_code_is_unreadable():
    assert read_image(file(Image.new("L", (640, 480), 128)), [KOGANEI.public])[0][1].reading == "unreadable"
