"""Role by role through every command, query and page: what a role may not do, it does not get (DESIGN 9).

Everything is found by itself, so whatever is added later is walked too. What is open to everyone is named
here, with its reason: a new one needs a line.
"""

import ast
import inspect
import typing
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from streamlit.testing.v1 import AppTest

from dvc_core import bootstrap
from dvc_core.access.roles import Roles, load_roles
from dvc_core.bootstrap import REFERENCE, Config, NotAllowedError, Services, build
from dvc_core.commands.base import Actor, Envelope, commands
from dvc_core.queries.base import Query, queries
from pages import _shell
from pages._menu import MENU, Entry
from tests.access.test_accounts import add, log_in
from tests.support.center import Center, FrozenClock
from tests.support.server import NewProgram
from tests.tooling.minimal import minimal

PAGES = Path(__file__).parents[2] / "pages"
ROLES: Roles = load_roles(REFERENCE / "roles.toml")
WORKS = frozenset(work for role in ROLES.by_code.values() for work in role.acts_as) | {"public"}

OPEN_COMMANDS = {
    "account.change_own_password": "a holder with a one-time password has no role yet; own account only",
    "account.set_own_pin": "its holder proved the password a moment before; own account only",
    "station.enrol": "a tablet has nothing but the chief's code; the code works once",
    "kiosk.enrol": "a tablet has nothing but the chief's code; the code works once",
    "volunteer.register_self": "the registration form: it writes and reads nothing",
}

Walker = tuple[str, frozenset[str]]
WALKERS: list[Walker] = [("nobody", frozenset()), *((code, frozenset({code})) for code in ROLES.by_code)]


@pytest.fixture(scope="module")
def cookies(center: Center) -> dict[str, str]:
    """A running session of each role."""
    return {code: log_in(center, code).cookie for code in ROLES.by_code if code != "kiosk"}


@pytest.fixture(scope="module")
def center(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Center]:
    """One center for the whole walk, with an account for each role."""
    clock = FrozenClock()
    services = build(Config(data=tmp_path_factory.mktemp("walk")), clock=clock, wall=clock)
    found = Center(services, clock)
    for code in ROLES.by_code:
        if code != "kiosk":
            add(found, code, code)
    yield found
    services.close()


def may(walker: Walker, work: str) -> bool:
    """What the table says; written out here once more, so that it is not the program that judges itself."""
    held = {work for code in walker[1] for work in ROLES.by_code[code].acts_as}
    return work == "public" or work in held


@pytest.mark.parametrize("kind", sorted(commands()))
def test_every_command_declares_a_kind_of_work_that_a_role_may_do(kind: str) -> None:
    command = commands()[kind]
    assert command.role in WORKS
    assert command.sort in ("fact", "act")
    assert (command.role == "public") == (kind in OPEN_COMMANDS)


@pytest.mark.parametrize("name", sorted(queries()))
def test_every_query_declares_a_kind_of_work_and_none_is_open(name: str) -> None:
    assert queries()[name].role in WORKS - {"public"}


def test_every_role_of_the_table_has_work_that_something_is_declared_for() -> None:
    used = (
        {c.role for c in commands().values()} | {q.role for q in queries().values()} | {e.role for e in MENU}
    )
    for role in ROLES.by_code.values():
        assert set(role.acts_as) & used, role.code


def test_a_kiosk_may_scan_and_nothing_else() -> None:
    kiosk = next(walker for walker in WALKERS if walker[0] == "kiosk")
    allowed = {kind for kind, command in commands().items() if may(kiosk, command.role)}
    assert {commands()[kind].role for kind in allowed} == {"scan", "public"}
    assert not any(may(kiosk, entry.role) for entry in MENU)


@pytest.mark.parametrize("walker", WALKERS, ids=lambda walker: walker[0])
def test_a_command_of_the_wrong_role_is_refused_and_changes_nothing(center: Center, walker: Walker) -> None:
    services = center.services
    before = services.database.head()[0]
    actor = Actor(id=walker[0], roles=walker[1])
    wrong = [command for command in commands().values() if not may(walker, command.role)]
    right = [command for command in commands().values() if may(walker, command.role)]
    envelopes = [
        Envelope(command_id=uuid.uuid4(), command=minimal(command), actor=actor) for command in wrong
    ]
    answers = services.run_all(envelopes) if envelopes else []
    for command, answer in zip(wrong, answers, strict=True):
        assert answer.result == "refused", command.kind
        assert answer.refusal is not None
        assert (answer.refusal.code, answer.refusal.facts) == ("not-allowed", {"role": command.role})
    with services.reader() as reader:
        kinds = reader.rows(
            "SELECT DISTINCT kind FROM journal WHERE council_id = $council AND seq > $before", before=before
        )
    assert {kind for (kind,) in kinds} <= {"command.refused"}
    for command in right:
        assert services.allowed(actor, command.role), command.kind


@pytest.mark.parametrize("kind", sorted(commands()))
def test_no_command_of_minimal_content_breaks_the_program(center: Center, kind: str) -> None:
    """Whoever may send it gets an answer: accepted, kept for review, or refused in words."""
    command = commands()[kind]
    roles = frozenset(code for code in ROLES.by_code if command.role in ROLES.by_code[code].acts_as)
    answer = center.services.check(minimal(command), Actor(id="walker", roles=roles))
    assert answer is None or answer.code != "not-allowed"


def _ask(services: Services, query: Query, actor: Actor) -> object:
    hints = typing.get_type_hints(query.ask)
    needed = {
        name: minimal(hints[name])
        for name, parameter in list(inspect.signature(query.ask).parameters.items())[1:]
        if parameter.default is inspect.Parameter.empty
    }
    return services.ask(query.name, actor, **needed)


@pytest.mark.parametrize("walker", WALKERS, ids=lambda walker: walker[0])
def test_a_query_answers_only_whom_it_is_for(center: Center, walker: Walker) -> None:
    actor = Actor(id=walker[0], roles=walker[1])
    for query in queries().values():
        if may(walker, query.role):
            _ask(center.services, query, actor)
        else:
            with pytest.raises(NotAllowedError):
                _ask(center.services, query, actor)


def test_the_menu_and_the_folder_of_pages_agree() -> None:
    files = {path.name for path in PAGES.glob("*.py") if not path.name.startswith("_")}
    assert files == {entry.file for entry in MENU}
    assert len({entry.url for entry in MENU}) == len(MENU)
    assert all(entry.role in WORKS - {"public", "scan"} for entry in MENU)


def first_statement(source: str) -> ast.stmt:
    """What a page does first, after its docstring, its imports and constants that call nothing."""

    def does_nothing(statement: ast.stmt) -> bool:
        if isinstance(statement, ast.Assign):
            named = all(isinstance(t, ast.Name) and t.id.isupper() for t in statement.targets)
            return named and not any(isinstance(node, ast.Call) for node in ast.walk(statement))
        docstring = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        return docstring or isinstance(statement, ast.Import | ast.ImportFrom)

    return next(statement for statement in ast.parse(source).body if not does_nothing(statement))


@pytest.mark.parametrize("entry", MENU, ids=lambda entry: entry.file)
def test_the_first_statement_of_a_page_requires_the_work_of_its_line_in_the_menu(entry: Entry) -> None:
    first = first_statement((PAGES / entry.file).read_text(encoding="utf-8"))
    assert ast.unparse(first) in (f"me = require('{entry.role}')", f"require('{entry.role}')")


def kinds(app: AppTest) -> list[str]:
    """The kinds of all elements on the page and beside it."""
    found = [element.type for element in [*app.main, *app.sidebar]]
    return [kind for kind in found if kind not in ("main", "sidebar")]


@pytest.mark.parametrize("entry", MENU, ids=lambda entry: entry.file)
def test_a_page_shows_nothing_but_the_word_to_the_wrong_person(
    center: Center, cookies: dict[str, str], monkeypatch: pytest.MonkeyPatch, entry: Entry
) -> None:
    cookie: list[str | None] = [None]
    monkeypatch.setattr(_shell, "_cookie", lambda: cookie[0])
    bootstrap.install(center.services)
    try:
        app = AppTest.from_file(PAGES / entry.file, default_timeout=60).run()
        assert kinds(app) == ["info", "html"]
        assert app.info[0].value == "ログインしてください。"
        for walker in (each for each in WALKERS if each[0] in cookies):
            cookie[0] = cookies[walker[0]]
            app = AppTest.from_file(PAGES / entry.file, default_timeout=60).run()
            assert not app.exception, (walker[0], app.exception)
            if may(walker, entry.role):
                assert app.title, walker[0]
            else:
                assert kinds(app) == ["warning", "caption"], walker[0]
                assert "あなたの役割ではできません" in app.warning[0].value
    finally:
        bootstrap.uninstall()


@pytest.mark.parametrize("entry", MENU, ids=lambda entry: entry.file)
def test_the_address_of_a_page_as_the_first_request_of_a_fresh_server_shows_nothing_of_it(
    new_program: NewProgram, desk: Page, entry: Entry
) -> None:
    """The folder `pages/` could make each file a page of its own until the navigation is known."""
    program = new_program().start()
    desk.goto(f"{program.ready['url']}/{Path(entry.file).stem}")
    expect(desk.get_by_text("ログインしてください。")).to_be_visible(timeout=60_000)
    shown = desk.locator("body").inner_text()
    assert entry.title not in shown
    assert desk.get_by_test_id("stSidebarNavLink").count() == 0
    assert desk.get_by_role("heading").count() == 0
    assert desk.get_by_role("dialog").count() == 0
    answer = desk.request.get(f"{program.ready['url']}/{entry.url}")
    assert entry.title not in answer.text()
