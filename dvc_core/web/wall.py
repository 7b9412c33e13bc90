"""What the wall's page is fed with: the day's numbers, anew within a moment of every commit.

    GET /api/wall -> server-sent events, each the JSON of `queries.wall.Wall`; 401 without a login

A commit of any process on the same database is told by the hub; without one the numbers come every
`BEAT_SECONDS`, because a team may be late by the clock alone. The login is looked up each time: when it has
ended, `event: end` is the last word.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from dvc_core.bootstrap import NotAllowedError, Services, installed
from dvc_core.commands.base import Actor
from dvc_core.domain.kernel import Refusal
from dvc_core.ports import StoreError
from dvc_core.web.kiosk_api import refused
from dvc_core.web.session import who_asks

BEAT_SECONDS = 15.0
GATHER_SECONDS = 0.2
"""A batch of scans makes one new picture, not sixty."""

_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no", "X-Content-Type-Options": "nosniff"}


def _numbers(request: Request, services: Services) -> bytes | None:
    """The present numbers as JSON; None for someone who may not see them (any more)."""
    who = who_asks(request, services)
    if who is None:
        return None
    actor = Actor(id=str(who.account_id), roles=who.roles)
    try:
        return msgspec.json.encode(services.ask("wall.now", actor, now=services.clock.now()))
    except NotAllowedError:
        return None


async def _events(request: Request, services: Services, first: bytes) -> AsyncIterator[bytes]:
    loop, moved = asyncio.get_running_loop(), asyncio.Event()

    def told(_seq: int | None) -> None:
        with suppress(RuntimeError):  # the loop has ended with the program; whoever commits is not told so
            loop.call_soon_threadsafe(moved.set)

    found: bytes | None = first
    with services.hub.listening(told):
        while found is not None:
            yield b"data: " + found + b"\n\n"
            try:
                await asyncio.wait_for(moved.wait(), BEAT_SECONDS)
                await asyncio.sleep(GATHER_SECONDS)
            except TimeoutError:
                pass
            moved.clear()
            try:
                found = await run_in_threadpool(_numbers, request, services)
            except StoreError:
                return
    yield b"event: end\ndata: \n\n"


async def _again() -> AsyncIterator[bytes]:
    """Nothing but when to ask again: the database's server is away."""
    yield b"retry: 2000\n\n"


async def wall(request: Request) -> Response:
    """GET: the stream."""
    services = installed()
    try:
        first = await run_in_threadpool(_numbers, request, services)
    except StoreError:
        return _stream(_again())
    if first is None:
        return refused(Refusal("login-needed"), 401)
    return _stream(_events(request, services, first))


def _stream(events: AsyncIterator[bytes]) -> Response:
    return StreamingResponse(events, media_type="text/event-stream", headers=_HEADERS)


routes: list[BaseRoute] = [Route("/api/wall", wall, methods=["GET"])]
