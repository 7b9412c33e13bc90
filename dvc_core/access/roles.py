"""Roles as data (`data/reference/roles.toml`): which kinds of work a role's holder may do."""

import tomllib
from pathlib import Path

import msgspec


class Role(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One role: its code, its name on the screen, and the kinds of work it may do.

    `supporter`: people who support for some days can get it. `own`: it stays with its holder at any station.
    """

    code: str
    name: str
    acts_as: tuple[str, ...]
    supporter: bool = False
    own: bool = False


class Roles(msgspec.Struct, frozen=True):
    """The council's table of roles."""

    by_code: dict[str, Role]

    def may(self, held: frozenset[str], work: str) -> bool:
        """Whether someone who holds these roles may do this kind of work. `public` is open to everyone."""
        return work == "public" or any(
            work in self.by_code[code].acts_as for code in held if code in self.by_code
        )

    def name(self, code: str) -> str:
        """The role's name on screens; the code of one that the table no longer has."""
        return self.by_code[code].name if code in self.by_code else code

    def code(self, said: str) -> str:
        """The role's code from its code or its name; what is neither stays as it was said."""
        return next((role.code for role in self.by_code.values() if said in (role.code, role.name)), said)

    def works(self, held: frozenset[str]) -> frozenset[str]:
        """All kinds of work that these roles allow."""
        return frozenset(work for code in held if code in self.by_code for work in self.by_code[code].acts_as)


KIOSK = Role("kiosk", "受付端末", ("scan",))
"""What an enrolled tablet may do, and nothing else; no account can hold it."""

REGISTRATION = Role("registration", "登録票", ("public",))


def load_roles(path: Path) -> Roles:
    """The table of roles; the kiosk's own role is added to it."""
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    roles = msgspec.convert(raw["role"], list[Role])
    return Roles({role.code: role for role in [*roles, KIOSK]})
