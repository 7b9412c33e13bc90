"""What a page may load: things of this program's own address and nothing else (DESIGN 1, promise 3).

The pages of the framework come without such a rule. With it, the browser itself stops a page that asks
another host, whatever made it ask: a library's next version, or a name with a script in it.
"""

import base64
import hashlib
import re
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COMPONENTS = "/component/"
"""Where the framework serves the frames of components."""

_HEADER = "Content-Security-Policy"
_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_REST = (
    # The framework and the map write styles into their elements.
    "style-src 'self' 'unsafe-inline'",
    # Codes and symbols are pictures within the page; tables draw theirs in the browser.
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "media-src 'self' data: blob:",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'self'",
)


class ContentPolicy:
    """Pure ASGI middleware: pages that bring no rule of their own get one.

    It stands inside the `OriginGuard`, which has looked at the host. `shell` is the framework's own page:
    scripts within it are let through by their digest.
    """

    def __init__(self, app: ASGIApp, shell: Path) -> None:
        self._app = app
        self._inline = " ".join(map(_digest, _INLINE.findall(shell.read_text(encoding="utf-8"))))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and give its page the rule."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_rule(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    headers.setdefault(_HEADER, self._rule(scope))
            await send(message)

        await self._app(scope, receive, with_rule)

    def _rule(self, scope: Scope) -> str:
        # The map's component builds its map by running text that it was sent.
        framed = scope["path"].startswith(COMPONENTS)
        scripts = "'unsafe-inline' 'unsafe-eval'" if framed else self._inline
        host = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), "")
        # Safari before 15.4 does not count the page's own websocket as 'self'.
        own = f"connect-src 'self' ws://{host} wss://{host}"
        return "; ".join(("default-src 'self'", f"script-src 'self' {scripts}", own, *_REST))


def _digest(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
