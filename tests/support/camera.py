"""A film for Chromium's fake camera, made of pictures: a code as someone holds it there, for one."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from PIL import Image

from dvc_core.tokens.picture import matrix


def held(payload: str, *, size: int = 300, angle: float = 0) -> Image.Image:
    """A code as the camera sees it: on a screen, before a grey room."""
    modules = np.where(np.array(matrix(payload)), 0, 255).astype(np.uint8)
    code = Image.fromarray(modules).resize((size, size), Image.Resampling.NEAREST)
    code = code.rotate(angle, expand=True, fillcolor=255)
    room = Image.new("L", (640, 480), 140)
    room.paste(code, ((640 - code.width) // 2, (480 - code.height) // 2))
    return room.convert("RGB")


def write_film(
    path: Path, pictures: Iterable[Image.Image], *, size: tuple[int, int] = (640, 480), rate: int = 10
) -> Path:
    """Write a y4m film that Chromium shows in a loop, each picture one frame, fitted into `size` on white.

    YUV 4:2:0 in BT.601 as y4m has it; Chromium decodes other formats to noise without an error.
    """
    width, height = size
    with path.open("wb") as film:
        film.write(f"YUV4MPEG2 W{width} H{height} F{rate}:1 Ip A1:1 C420jpeg\n".encode())
        for picture in pictures:
            film.write(b"FRAME\n" + _planes(_fitted(picture, size)))
    return path


def _fitted(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    inside = picture.convert("RGB")
    inside.thumbnail(size)
    frame = Image.new("RGB", size, "white")
    frame.paste(inside, ((size[0] - inside.width) // 2, (size[1] - inside.height) // 2))
    return frame


def _planes(frame: Image.Image) -> bytes:
    yuv = np.asarray(frame.convert("YCbCr"))
    half = (
        yuv.reshape(frame.height // 2, 2, frame.width // 2, 2, 3).mean(axis=(1, 3)).round().astype(np.uint8)
    )
    return b"".join(plane.tobytes() for plane in (yuv[..., 0], half[..., 1], half[..., 2]))
