"""Login, logout, own password, first administrator: plain pages, since Streamlit's cannot set a cookie."""

from html import escape
from importlib.resources import files
from string import Template

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from dvc_core.access import passwords, sessions
from dvc_core.access.sessions import Who
from dvc_core.bootstrap import TOKYO, Services, installed
from dvc_core.commands.account import Add, ChangeOwnPassword
from dvc_core.commands.base import Actor
from dvc_core.i18n import text
from dvc_core.web.session import cookie_name, set_cookie, who_asks

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
LONGEST = 200


def page(form: str, status: int, services: Services, **facts: str) -> HTMLResponse:
    """One of the plain pages, `form`.html in the common shell, with its facts as text."""
    shell = Template(files("dvc_core.web").joinpath("static/login/shell.html").read_text(encoding="utf-8"))
    body = Template(files("dvc_core.web").joinpath(f"static/login/{form}.html").read_text(encoding="utf-8"))
    safe = {key: escape(value) for key, value in facts.items()}
    drill = f'<p class="drill">訓練：{escape(services.drill)}</p>' if services.drill else ""
    problem = f'<p class="problem" role="alert">{safe["problem"]}</p>' if safe.get("problem") else ""
    inner = body.substitute({**safe, "problem": problem})
    return HTMLResponse(shell.substitute(body=inner, drill=drill), status_code=status, headers=HEADERS)


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a posted form, each cut to a length that no honest one has."""
    form = await request.form(max_files=0, max_fields=10)
    return {name: str(value)[:LONGEST] for name, value in form.items()}


def login_page(_request: Request) -> Response:
    """GET: the form. While there is no administrator it leads to the setup."""
    services = installed()
    with services.reader() as reader:
        if sessions.setup_open(reader):
            return RedirectResponse("/setup", status_code=303)
    return page("login", 200, services, login="", problem="")


def wait_words(answer: sessions.LoginAnswer) -> str:
    """Until when no further try counts."""
    assert answer.wait_until is not None
    return text("login.wait", time=answer.wait_until.astimezone(TOKYO).strftime("%H:%M:%S"))


async def login(request: Request) -> Response:
    """POST: a session's cookie, or words."""
    form = await form_of(request)
    return await run_in_threadpool(_login, request, form)


def _login(request: Request, form: dict[str, str]) -> Response:
    services = installed()
    name = form.get("login", "")
    answer = sessions.log_in(services.database, name, form.get("password", ""), now=services.wall.now())
    if answer.result == "in":
        response = RedirectResponse("/", status_code=303, headers={"Cache-Control": "no-store"})
        set_cookie(response, request, services, answer.cookie)
        return response
    problem = wait_words(answer) if answer.wait_until else text("login.wrong")
    return page("login", 429 if answer.result == "wait" else 401, services, login=name, problem=problem)


def logout(request: Request) -> Response:
    """POST: the session ends here and at the server."""
    services = installed()
    name = cookie_name(services, request.url.scheme)
    sessions.log_out(services.database, request.cookies.get(name), now=services.wall.now())
    response = RedirectResponse("/login", status_code=303, headers={"Cache-Control": "no-store"})
    response.delete_cookie(name, path="/")
    return response


def setup_page(_request: Request) -> Response:
    """GET: the first administrator's form, only while there is none."""
    services = installed()
    with services.reader() as reader:
        if not sessions.setup_open(reader):
            return RedirectResponse("/login", status_code=303)
    return page("setup", 200, services, login="", name="", problem="")


async def setup(request: Request) -> Response:
    """POST: make the first administrator with the one-time code that the program printed at its start."""
    form = await form_of(request)
    return await run_in_threadpool(_setup, request, form)


def _setup(request: Request, form: dict[str, str]) -> Response:
    services = installed()
    now = services.wall.now()
    login_name, name = form.get("login", "").strip(), form.get("name", "").strip()
    with services.reader() as reader:
        if not sessions.setup_open(reader):
            return RedirectResponse("/login", status_code=303)

    def again(status: int, problem: str) -> Response:
        return page("setup", status, services, login=login_name, name=name, problem=problem)

    problem = _setup_problem(form)
    if problem:
        return again(422, text(problem, least=passwords.MINIMUM_LENGTH))
    answer = sessions.setup_allowed(services.database, form.get("code", ""), now=now)
    if answer.result != "in":
        return again(403, wait_words(answer) if answer.wait_until else text("setup.wrong-code"))
    made = services.do(
        Add(
            login=login_name,
            name=name,
            roles=("admin",),
            password_hash=passwords.hash_password(form["password"]),
            one_time=False,
        ),
        Actor(id="setup", roles=frozenset({"admin"})),
        source="setup",
    )
    if made.refusal is not None:
        return again(422, text(f"refusal.{made.refusal.code}"))
    return _login(request, {"login": login_name, "password": form["password"]})


def _setup_problem(form: dict[str, str]) -> str | None:
    if not form.get("login", "").strip() or not form.get("name", "").strip():
        return "setup.name-missing"
    return _new_password_problem(form)


def _new_password_problem(form: dict[str, str]) -> str | None:
    password = form.get("password", "")
    if len(password) < passwords.MINIMUM_LENGTH:
        return "setup.password-short"
    return None if password == form.get("again", "") else "setup.password-differs"


def password_page(request: Request) -> Response:
    """GET: the form for a password of one's own; only for someone who is logged in."""
    services = installed()
    me = who_asks(request, services)
    return _to_login() if me is None else _password_form(services, me, 200)


def _to_login() -> Response:
    return RedirectResponse("/login", status_code=303, headers={"Cache-Control": "no-store"})


def _password_form(services: Services, me: Who, status: int, problem: str = "") -> Response:
    hint = text("password.one-time" if me.must_change_password else "password.own")
    return page("password", status, services, login=me.login, name=me.name, problem=problem, old_hint=hint)


async def password(request: Request) -> Response:
    """POST: the old password is proved once more, then the new one holds and other sessions end."""
    form = await form_of(request)
    return await run_in_threadpool(_password, request, form)


def _password(request: Request, form: dict[str, str]) -> Response:
    services = installed()
    me = who_asks(request, services)
    if me is None:
        return _to_login()
    problem = _new_password_problem(form)
    if problem is None and form["password"] == form.get("old", ""):
        problem = "password.same"
    if problem is not None:
        return _password_form(services, me, 422, text(problem, least=passwords.MINIMUM_LENGTH))
    answer = sessions.confirm(services.database, me, form.get("old", ""), now=services.wall.now())
    if answer.result != "in":
        words = wait_words(answer) if answer.wait_until else text("password.wrong")
        return _password_form(services, me, 429 if answer.result == "wait" else 403, words)
    done = services.do(
        ChangeOwnPassword(
            password_hash=passwords.hash_password(form["password"]), keep_session=me.session_id
        ),
        Actor(id=str(me.account_id), roles=me.roles),
    )
    if done.refusal is not None:
        return _password_form(services, me, 409, text(f"refusal.{done.refusal.code}"))
    return RedirectResponse("/", status_code=303, headers={"Cache-Control": "no-store"})


routes: list[BaseRoute] = [
    Route("/login", login_page, methods=["GET"]),
    Route("/login", login, methods=["POST"]),
    Route("/logout", logout, methods=["POST"]),
    Route("/setup", setup_page, methods=["GET"]),
    Route("/setup", setup, methods=["POST"]),
    Route("/password", password_page, methods=["GET"]),
    Route("/password", password, methods=["POST"]),
]
