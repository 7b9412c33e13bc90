"""What the tests look at in a PDF: its words, their sizes, places and colours, and its codes."""

import html
import io
import re
import subprocess
import unicodedata
from pathlib import Path

import pypdf
import zxingcpp
from PIL import Image
from pypdf.generic import ContentStream

Words = tuple[str, float, float, float, float]
"""A word with its box in points from the upper left corner: left, top, right, bottom."""


def reader(pdf: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf))


def pages(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in reader(pdf).pages]


def text(pdf: bytes) -> str:
    return "\n".join(pages(pdf))


def squeezed(words: str) -> str:
    """Without white space, which line breaks and columns change."""
    return re.sub(r"[\s\u200b]+", "", unicodedata.normalize("NFKC", words))


def sizes(page: pypdf.PageObject) -> set[float]:
    """The sizes in points of all letters on the page, drawings and rotations included."""
    found: set[float] = set()

    def visit(words: str, cm: list[float], tm: list[float], _font: object, size: float) -> None:
        if words.strip():
            a, b = tm[0] * cm[0] + tm[1] * cm[2], tm[0] * cm[1] + tm[1] * cm[3]
            found.add(round((a * a + b * b) ** 0.5 * size, 1))

    page.extract_text(visitor_text=visit)
    return found


def colours(page: pypdf.PageObject, document: pypdf.PdfReader) -> set[tuple[float, ...]]:
    """Every colour that the page or a drawing in it sets."""
    return _colours(page, page.get("/Resources", {}), document)


def _colours(holder: object, resources: object, document: pypdf.PdfReader) -> set[tuple[float, ...]]:
    stream = (
        holder.get_contents() if isinstance(holder, pypdf.PageObject) else ContentStream(holder, document)
    )
    found = {
        tuple(round(float(value), 3) for value in operands)
        for operands, operator in stream.operations
        if operator in {b"g", b"G", b"rg", b"RG", b"k", b"K", b"sc", b"SC", b"scn", b"SCN"}
    }
    for inner in resources.get("/XObject", {}).values():
        drawing = inner.get_object()
        if drawing["/Subtype"] == "/Form":
            found |= _colours(drawing, drawing.get("/Resources", {}), document)
    return found


def pictures(pdf: bytes) -> int:
    """How many raster images the PDF holds, in pages and in drawings."""
    return sum(
        obj["/Subtype"] == "/Image"
        for obj in (
            found.get_object()
            for found in map(reader(pdf).get_object, range(1, len(reader(pdf).xref[0]) + 1))
        )
        if isinstance(obj, pypdf.generic.StreamObject) and "/Subtype" in obj
    )


def words(pdf: bytes, folder: Path) -> list[list[Words]]:
    """The words of every page with their boxes, as poppler sees them."""
    path = folder / "words.pdf"
    path.write_bytes(pdf)
    out = subprocess.run(
        ["pdftotext", "-bbox", str(path), "-"], check=True, capture_output=True, timeout=60
    ).stdout
    found = []
    for page in out.decode().split("<page ")[1:]:
        boxes = re.findall(
            r'<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)</word>',
            page,
            re.DOTALL,
        )
        found.append([(html.unescape(word), *(float(value) for value in box)) for *box, word in boxes])
    return found


def rendered(pdf: bytes, folder: Path, dpi: int = 150, *, mono: bool = False) -> list[Image.Image]:
    """The pages as grey pictures; `mono` as a FAX sends them, in two tones."""
    (folder / "pages.pdf").write_bytes(pdf)
    subprocess.run(
        ["pdftoppm", "-r", str(dpi), "-mono" if mono else "-gray", "pages.pdf", "page"],
        cwd=folder,
        check=True,
        capture_output=True,
        timeout=120,
    )
    return [Image.open(path).convert("L") for path in sorted(folder.glob("page-*.p?m"))]


def codes(picture: Image.Image) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)]
