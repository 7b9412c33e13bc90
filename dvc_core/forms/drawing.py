"""Drawings on paper as vectors: a QR code from its module matrix, a small map from plain coordinates."""

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from dvc_core.domain.distance import straight_m
from dvc_core.domain.problem import Problem
from dvc_core.forms.problems import PrintError
from dvc_core.forms.sheet import Modules
from dvc_core.forms.work_order import MapLine, MapSketch, Point

SMALLEST = 21
"""Modules of a side of version 1."""

QUIET = 4
"""Width of the white border in modules, which the QR standard (ISO/IEC 18004) asks for."""

MAP_WIDTH, MAP_HEIGHT = 104.0, 52.0
"""The map's frame on the work order in millimetres."""

NORTH = (MAP_WIDTH - 7.0, 0.0, MAP_WIDTH, 11.0)
"""Where the arrow stands."""

MARGIN = 9.0
NARROWEST = 1800.0
"""Metres that the frame shows at least: the 町丁目 around the house, and what lies on the way."""
STATION_WITHIN = 2000.0
"""A station this near to the place (metres, straight) is on the map: people come from there."""
METRES_PER_DEGREE = 111_320.0
KILO = 1000
TRIANGLE = 3
NO_AREA = 1e-9
BESIDE = 4.2
"""From the middle of a mark to the middle of its name."""
LETTER = 4.3
"""Width and height of a 12 pt Japanese letter in millimetres."""

XY = tuple[float, float]
Box = tuple[float, float, float, float]


def qr_svg(modules: Modules) -> str:
    """The code as one path with its quiet zone, so that no renderer leaves hair lines between modules.

    Raises:
        PrintError: if the matrix is not square or holds anything but 0 and 1.
    """
    rows = _trimmed(modules)
    side = len(rows)
    if side < SMALLEST or any(len(row) != side or row.strip("01") for row in rows):
        raise PrintError(Problem(code="print-code-broken"))
    runs: list[str] = []
    for y, row in enumerate(rows):
        x = 0
        for dark, group in groupby(row):
            width = len(list(group))
            if dark == "1":
                runs.append(f"M{x + QUIET} {y + QUIET}h{width}v1.02h-{width}z")
            x += width
    full = side + 2 * QUIET
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {full} {full}" width="{full}" height="{full}">'
        f'<path d="{"".join(runs)}"/></svg>'
    )


def _trimmed(modules: Modules) -> Sequence[str]:
    """The matrix without the white border that `qrcode` may have put around it."""
    dark = [(row.index("1"), row.rindex("1")) for row in modules if "1" in row]
    if not dark:
        return ()
    left, right = min(first for first, _ in dark), max(last for _, last in dark)
    top = next(index for index, row in enumerate(modules) if "1" in row)
    bottom = next(index for index, row in enumerate(reversed(modules)) if "1" in row)
    return [row[left : right + 1] for row in modules[top : len(modules) - bottom]]


def draw_map(sketch: MapSketch) -> dict[str, object]:
    """The map as shapes in millimetres from the frame's upper left corner, north up.

    The view holds the place, the center and the nearest station, so that a person finds the way between them.
    """
    view = _View(sketch)
    taken: list[Box] = [_around(view.xy(at), 5.0) for at in _goals(sketch)] + [NORTH]
    if sketch.center:
        taken.append(_around(view.xy(sketch.center), 4.0))
    taken += [_around(view.xy(spot.at), 1.8) for spot in sketch.spots if spot.kind != "town"]
    labels = _labels(sketch, view, taken)
    return {
        "width": MAP_WIDTH,
        "height": MAP_HEIGHT,
        "place": view.xy(sketch.place) if sketch.place else None,
        "marks": [{"at": view.xy(mark.at), "label": mark.label} for mark in sketch.marks],
        "center": view.xy(sketch.center) if sketch.center else None,
        "outlines": _lines(sketch.outlines, view),
        "roads": _lines(sketch.roads, view),
        "rails": _lines(sketch.rails, view),
        "spots": [
            {"at": view.xy(spot.at), "kind": spot.kind}
            for spot in sketch.spots
            if spot.kind != "town" and _inside(view.xy(spot.at))
        ],
        "labels": labels,
        "scale": view.scale_bar(),
        "note": sketch.note,
        "attribution": sketch.attribution,
    }


class _View:
    """Local equirectangular projection into the frame; over a city its error is below a line's width."""

    def __init__(self, sketch: MapSketch) -> None:
        ends = [*_goals(sketch), *([sketch.center] if sketch.center else []), *_stations(sketch)]
        lngs, lats = [lng for lng, _ in ends], [lat for _, lat in ends]
        self.lng, self.lat = (min(lngs) + max(lngs)) / 2, (min(lats) + max(lats)) / 2
        self.narrowing = math.cos(math.radians(self.lat))
        wide = (max(lngs) - min(lngs)) * METRES_PER_DEGREE * self.narrowing
        high = (max(lats) - min(lats)) * METRES_PER_DEGREE
        self.metres_per_mm = max(
            wide / (MAP_WIDTH - 2 * MARGIN), high / (MAP_HEIGHT - 2 * MARGIN), NARROWEST / MAP_WIDTH
        )

    def xy(self, point: Point) -> XY:
        east = (point[0] - self.lng) * METRES_PER_DEGREE * self.narrowing
        north = (point[1] - self.lat) * METRES_PER_DEGREE
        x, y = MAP_WIDTH / 2 + east / self.metres_per_mm, MAP_HEIGHT / 2 - north / self.metres_per_mm
        return round(x, 2), round(y, 2)

    def scale_bar(self) -> dict[str, object]:
        """The longest round distance that takes at most a third of the frame."""
        room = MAP_WIDTH / 3 * self.metres_per_mm
        power = 10 ** math.floor(math.log10(room))
        metres = max(step * power for step in (1, 2, 5) if step * power <= room)
        words = f"{metres / KILO:g} km" if metres >= KILO else f"{metres:g} m"
        return {"mm": round(metres / self.metres_per_mm, 2), "text": words}


def _goals(sketch: MapSketch) -> list[Point]:
    """Where one goes: the place, or every house of a round.

    Raises:
        ValueError: for a map of nothing.
    """
    goals = [*([sketch.place] if sketch.place else []), *(mark.at for mark in sketch.marks)]
    if not goals:
        raise ValueError("a map shows a place or marks")
    return goals


def _stations(sketch: MapSketch) -> list[Point]:
    """The station nearest to the first goal, if it is within reach."""
    goal = _goals(sketch)[0]
    stations = [spot.at for spot in sketch.spots if spot.kind == "station"]
    found = min(stations, key=lambda at: _metres(at, goal), default=None)
    return [found] if found is not None and _metres(found, goal) <= STATION_WITHIN else []


def _metres(one: Point, other: Point) -> float:
    return straight_m((one[1], one[0]), (other[1], other[0]))


def _lines(lines: Iterable[MapLine], view: _View) -> list[list[XY]]:
    drawn = [[view.xy(point) for point in line.points] for line in lines if len(line.points) > 1]
    return [points for points in drawn if _meets(points)]


def _meets(points: Sequence[XY]) -> bool:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs) < MAP_WIDTH and max(xs) > 0 and min(ys) < MAP_HEIGHT and max(ys) > 0


def _inside(at: XY) -> bool:
    return 0 <= at[0] <= MAP_WIDTH and 0 <= at[1] <= MAP_HEIGHT


def _around(at: XY, half: float) -> Box:
    return (at[0] - half, at[1] - half, at[0] + half, at[1] + half)


class _Name(NamedTuple):
    """A name that wants to be on the map: places it may take, the best first; `rank` 0 comes before 1."""

    text: str
    at: tuple[XY, ...]
    rank: int


def _labels(sketch: MapSketch, view: _View, taken: list[Box]) -> list[dict[str, object]]:
    """Names that fit: stations first, nearest to the place first, none over another or over a mark."""
    place = view.xy(_goals(sketch)[0])
    wanted = sorted(_names(sketch, view), key=lambda name: (name.rank, math.dist(name.at[0], place)))
    placed: list[dict[str, object]] = []
    for name in wanted:
        half = sum(LETTER / (1 + letter.isascii()) for letter in name.text) / 2
        for at in name.at:
            middle = (min(max(at[0], half + 1), MAP_WIDTH - half - 1), at[1])
            box = (middle[0] - half, middle[1] - LETTER / 2, middle[0] + half, middle[1] + LETTER / 2)
            fits = box[0] >= 0 and box[2] <= MAP_WIDTH and box[1] >= 1 and box[3] <= MAP_HEIGHT - 8
            if fits and not any(_overlap(box, other) for other in taken):
                taken.append(box)
                placed.append({"text": name.text, "at": middle, "width": 2 * half})
                break
    return placed


def _names(sketch: MapSketch, view: _View) -> Iterator[_Name]:
    """Spots below or above their mark, areas where one sees most of them, railways on their line."""
    for spot in sketch.spots:
        x, y = view.xy(spot.at)
        if spot.name and _inside((x, y)):
            around = ((x, y),) if spot.kind == "town" else ((x, y + BESIDE), (x, y - BESIDE))
            yield _Name(spot.name, around, int(spot.kind == "town"))
    for line in sketch.outlines:
        seen = _clipped([view.xy(point) for point in line.points])
        if line.name and len(seen) >= TRIANGLE:
            x, y = _middle(seen)
            yield _Name(line.name, ((x, y), (x, y + 2 * BESIDE), (x, y - 2 * BESIDE)), 1)
    for name in dict.fromkeys(line.name for line in sketch.rails if line.name):
        parts = [line.points for line in sketch.rails if line.name == name]
        seen = [at for points in parts for at in map(view.xy, points) if _inside(at)]
        if seen:
            yield _Name(name, tuple(seen[len(seen) * share // 8] for share in (4, 2, 6, 1, 7)), 2)


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _clipped(ring: list[XY]) -> list[XY]:
    """The ring's part inside the frame (Sutherland and Hodgman), only to place its name where one sees it."""
    for axis, limit, keep_below in (
        (0, 0.0, False),
        (0, MAP_WIDTH, True),
        (1, 0.0, False),
        (1, MAP_HEIGHT, True),
    ):
        kept: list[XY] = []
        for start, end in zip(ring, ring[1:] + ring[:1], strict=True):
            inside = (start[axis] <= limit) == keep_below
            if inside:
                kept.append(start)
            if inside != ((end[axis] <= limit) == keep_below):
                share = (limit - start[axis]) / (end[axis] - start[axis])
                kept.append((start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])))
        ring = kept
    return ring


def _middle(ring: list[XY]) -> XY:
    """The ring's centre of area; of its points when it has no area."""
    area = sum_x = sum_y = 0.0
    for (x0, y0), (x1, y1) in zip(ring, ring[1:] + ring[:1], strict=True):
        cross = x0 * y1 - x1 * y0
        area, sum_x, sum_y = area + cross, sum_x + (x0 + x1) * cross, sum_y + (y0 + y1) * cross
    if abs(area) < NO_AREA:
        return sum(x for x, _ in ring) / len(ring), sum(y for _, y in ring) / len(ring)
    return sum_x / (3 * area), sum_y / (3 * area)
