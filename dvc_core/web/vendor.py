"""The map's files from our own address: Leaflet and its helpers, our map script, the base map.

Without the internet a folium map is blank and raises nothing, because its scripts come from other people's
servers. The package `folium-offline` carries those very files, keyed by their address; here they are served
under `/vendor/`, and folium is told to ask for them there. Public, like a style sheet: nothing in them is
about anyone.
"""

import gzip
import hashlib
from functools import cache
from importlib.resources import files
from threading import Lock

import folium
import folium.plugins  # so that every plugin is a known subclass below
import msgspec
from folium.elements import JSCSSMixin
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dvc_core.geo.basemap import shipped_base_map

ROOT = "/vendor"
_FOREVER = "public, max-age=31536000, immutable"
_TYPES = {
    "js": "text/javascript; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "json": "application/json",
}


class VendorFile(msgspec.Struct, frozen=True):
    """A file as it is served; its address holds its digest, so that it may be kept for ever."""

    address: str
    content_type: str
    body: bytes


def address_of(source: str) -> str:
    """Where a file is served: `source` is its address on the internet, or map.js, map.css, base.json.

    Raises:
        KeyError: for a file that neither the package nor the program holds.
    """
    return _by_source()[source].address


def localise() -> None:
    """Point every script and style of folium at our own addresses; once, before any map is made.

    Raises:
        KeyError: if folium asks for a file that the package `folium-offline` does not hold.
    """
    with _localising:
        for element in (folium.Map, *_descendants(JSCSSMixin)):
            for attribute in ("default_js", "default_css"):
                links = element.__dict__.get(attribute)
                if links is not None:
                    setattr(element, attribute, [(name, _local(link)) for name, link in links])


def routes() -> list[BaseRoute]:
    """The routes that serve the files; role `public`."""
    return [Route(f"{ROOT}/{{digest}}/{{name}}", _serve, methods=["GET", "HEAD"], name="vendor")]


_localising = Lock()


def _serve(request: Request) -> Response:
    found = _by_address().get(f"{ROOT}/{request.path_params['digest']}/{request.path_params['name']}")
    if found is None:
        return Response(status_code=404, headers={"Cache-Control": "no-store"})
    headers = {
        "Cache-Control": _FOREVER,
        "Content-Type": found.content_type,
        "Vary": "Accept-Encoding",
        "X-Content-Type-Options": "nosniff",
    }
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(_packed(found.address), headers=headers | {"Content-Encoding": "gzip"})
    return Response(found.body, headers=headers)


def _local(link: str) -> str:
    return link if link.startswith(ROOT) else address_of(link)


def _descendants(kind: type) -> list[type]:
    children: list[type] = kind.__subclasses__()
    return [found for child in children for found in (child, *_descendants(child))]


@cache
def _by_source() -> dict[str, VendorFile]:
    # Only the table of files is wanted: the map classes of the package put every file into every page.
    from offlinefolium.elements import _res as held  # noqa: PLC0415 - large, and only maps need it

    found = {source: _file(_name(source, text), text.encode("utf-8")) for source, text in held.items()}
    for name in ("map.js", "map.css"):
        found[name] = _file(name, files(__package__).joinpath("static", "map", name).read_bytes())
    found["base.json"] = _file("base.json", shipped_base_map())
    return found


@cache
def _by_address() -> dict[str, VendorFile]:
    return {found.address: found for found in _by_source().values()}


@cache
def _packed(address: str) -> bytes:
    return gzip.compress(_by_address()[address].body, compresslevel=6, mtime=0)


def _file(name: str, body: bytes) -> VendorFile:
    digest = hashlib.sha256(body).hexdigest()[:16]
    return VendorFile(
        address=f"{ROOT}/{digest}/{name}",
        content_type=_TYPES[name.rpartition(".")[2]],
        body=body,
    )


def _name(source: str, text: str) -> str:
    """The last part of an address, with an ending that tells its type."""
    name = source.rpartition("/")[2]
    if name.endswith((".js", ".css")):
        return name
    return f"{name}.css" if text.lstrip().startswith((".", "@", "html")) else f"{name}.js"
