"""A browser without a screen: asks the program's own routes in this process, and keeps its cookies."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from dvc_core import bootstrap
from dvc_core.web import kiosk_api, login
from tests.support.center import Center

ROUTES: list[BaseRoute] = [*login.routes, *kiosk_api.routes]


class Client:
    """One device; `cookies` may be copied to another one."""

    def __init__(self, base: str = "http://127.0.0.1") -> None:
        self.cookies = httpx.Cookies()
        self._base = base

    def ask(self, method: str, path: str, **options: object) -> httpx.Response:
        async def request() -> httpx.Response:
            transport = httpx.ASGITransport(Starlette(routes=ROUTES))
            async with httpx.AsyncClient(
                transport=transport, base_url=self._base, cookies=self.cookies
            ) as client:
                answer = await client.request(method, path, **options)  # type: ignore[arg-type]
                self.cookies = client.cookies
                return answer

        return asyncio.run(request())

    def get(self, path: str, **options: object) -> httpx.Response:
        return self.ask("GET", path, **options)

    def post(self, path: str, **form: str) -> httpx.Response:
        return self.ask("POST", path, data=form)

    def log_in(self, login: str, password: str) -> httpx.Response:
        return self.post("/login", login=login, password=password)


@contextmanager
def installed(center: Center) -> Iterator[None]:
    """The center's services in the one slot, as the program's own lifespan puts them there."""
    bootstrap.install(center.services)
    try:
        yield
    finally:
        bootstrap.uninstall()
