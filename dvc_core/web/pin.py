"""暗証番号を決める: a person with a log-in chooses a PIN for stations, from any browser, by the password.

A plain page that needs no session: on a 班の端末 nobody is logged in.
"""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dvc_core.access import passwords, sessions
from dvc_core.bootstrap import Services, installed
from dvc_core.commands.account import SetOwnPin
from dvc_core.commands.base import Actor
from dvc_core.domain import pin
from dvc_core.i18n import text
from dvc_core.web.login import form_of, page, wait_words
from dvc_core.web.session import who_asks


def pin_page(request: Request) -> Response:
    """GET: the form; someone who is logged in finds the log-in name filled in."""
    services = installed()
    me = who_asks(request, services)
    return page("pin", 200, services, login=me.login if me else "", reading="", problem="")


async def set_pin(request: Request) -> Response:
    """POST: the password is proved as at the log-in, then the number holds."""
    return await run_in_threadpool(_set, await form_of(request))


def _set(form: dict[str, str]) -> Response:
    services = installed()
    login, reading = form.get("login", ""), form.get("reading", "")

    def again(status: int, problem: str) -> Response:
        return page("pin", status, services, login=login, reading=reading, problem=problem)

    first = form.get("pin", "")
    fault = pin.fault(first)
    if fault is not None:
        return again(422, text(f"pin.{fault.removeprefix('pin-')}"))
    if first != form.get("again", ""):
        return again(422, text("pin.differs"))
    answer, holder = sessions.prove(
        services.database, login, form.get("password", ""), now=services.wall.now()
    )
    if holder is None:
        problem = wait_words(answer) if answer.wait_until else text("login.wrong")
        return again(429 if answer.result == "wait" else 401, problem)
    if holder.one_time:
        return again(403, text("pin.one-time"))
    return _chosen(services, holder, first, reading) or again(422, text("refusal.account-unknown"))


def _chosen(services: Services, holder: sessions.Holder, number: str, reading: str) -> Response | None:
    done = services.do(
        SetOwnPin(pin_hash=passwords.hash_password(number), reading=reading),
        Actor(id=str(holder.account_id)),
    )
    return None if done.refusal is not None else page("pin_done", 200, services, said=text("pin.set"))


routes: list[BaseRoute] = [
    Route("/pin", pin_page, methods=["GET"]),
    Route("/pin", set_pin, methods=["POST"]),
]
