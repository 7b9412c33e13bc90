"""QR codes as pictures: drawn as vectors for cards and screens, read from camera frames and image files."""

import io
import warnings
from collections.abc import Iterable
from html import escape
from typing import Any, Literal

import numpy as np
import qrcode  # type: ignore[import-untyped]
import zxingcpp
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M, ERROR_CORRECT_Q  # type: ignore[import-untyped]

from dvc_core.tokens.keys import PublicKey
from dvc_core.tokens.qr import Reading, Verdict, read

Level = Literal["M", "Q"]
Matrix = list[list[bool]]

QUIET_ZONE = 4
"""Light modules around a code, as ISO/IEC 18004 asks for."""

_LONG_TEXT = 80
_MOST_PIXELS = 120_000_000
_LONGEST_SIDE = 4096
_LEVELS = {"M": ERROR_CORRECT_M, "Q": ERROR_CORRECT_Q}
_TELLING: tuple[Reading, ...] = ("ours", "forged", "foreign", "unreadable", "not_ours")


def matrix(payload: str, level: Level | None = None, *, quiet_zone: int = QUIET_ZONE) -> Matrix:
    """The modules of a code, row by row, True is dark, with the light border.

    Without a level a volunteer's code gets M (version 6, 41 modules): of L, M, Q and H it bears blur and
    distance nearly as L does and glare or a thumb nearly as Q does. Short texts get Q, because version 1 at M
    fails on glare.
    """
    chosen = level or ("M" if len(payload) >= _LONG_TEXT else "Q")
    code: Any = qrcode.QRCode(error_correction=_LEVELS[chosen], border=quiet_zone)
    code.add_data(payload, optimize=0)  # one segment: all of a volunteer's code is alphanumeric
    code.make(fit=True)
    return [[bool(module) for module in row] for row in code.get_matrix()]


def path(modules: Matrix) -> str:
    """The dark modules as one SVG path, a module being 1 x 1; runs in a row are one rectangle."""
    parts: list[str] = []
    for y, row in enumerate(modules):
        x = 0
        while x < len(row):
            run = x
            while run < len(row) and row[run]:
                run += 1
            if run > x:
                parts.append(f"M{x} {y}h{run - x}v1h-{run - x}z")
            x = run + 1
    return "".join(parts)


def svg(payload: str, title: str, level: Level | None = None) -> str:
    """A code as an inline SVG that scales with its box; `title` is what a screen reader says."""
    modules = matrix(payload, level)
    side = len(modules)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" role="img"'
        f' shape-rendering="crispEdges" aria-label="{escape(title)}">'
        f'<rect width="{side}" height="{side}" fill="#fff"/><path d="{path(modules)}" fill="#000"/></svg>'
    )


def decode_image(data: bytes) -> list[str]:
    """The texts of all QR codes in an image file or camera frame; none when it is no picture or broken."""
    frame = _grey(data)
    if frame is None:
        return []
    only_qr = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
    found = zxingcpp.read_barcodes(frame, formats=only_qr, text_mode=zxingcpp.TextMode.Plain)
    return [code.text for code in found if code.text]


def read_image(data: bytes, known: Iterable[PublicKey]) -> list[tuple[str, Verdict]]:
    """Each code of an image with its verdict, ours first; an image without a code is one `unreadable`."""
    keys = list(known)
    found = [(text, read(text, keys)) for text in decode_image(data)]
    found.sort(key=lambda pair: _TELLING.index(pair[1].reading))
    return found or [("", Verdict("unreadable"))]


def _grey(data: bytes) -> np.ndarray[Any, np.dtype[np.uint8]] | None:
    """The picture as rows of brightness; None when it cannot be opened or is unreasonably large."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the limit below decides
            with Image.open(io.BytesIO(data)) as picture:
                if picture.width * picture.height > _MOST_PIXELS:
                    return None
                picture.draft("L", (_LONGEST_SIDE, _LONGEST_SIDE))
                return np.asarray(_on_white(picture))
    except Exception:  # noqa: BLE001 - a decoder raises whatever a broken file makes it stumble over
        return None


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.has_transparency_data:
        clear = picture.convert("RGBA")
        white = Image.new("RGBA", clear.size, "white")
        picture = Image.alpha_composite(white, clear)
    grey = picture.convert("L")
    grey.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    return grey
