"""The folder of the council's CA and server certificate: filled at first start, kept up while it runs.

`ca.pem` and `server.pem` hold key and certificate together, readable by their owner only. The CA is made once
and stays, so that tablets go on trusting it; the server certificate is made again when the laptop's addresses
change or its end is near. Broken files are set aside, never deleted.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding

from dvc_core.domain.problem import Fact, Level, Problem
from dvc_core.tokens.addresses import host_names, local_addresses
from dvc_core.tokens.authority import Holder, fingerprint, is_ca, make_ca, make_server, may_name, names_of
from dvc_core.tokens.files import restrict, set_aside, write_secret

CA_FILE = "ca.pem"
SERVER_FILE = "server.pem"
RENEW_DAYS = 30
CA_WARN_DAYS = 90
ALWAYS = ("localhost", "127.0.0.1")


class Certificates(msgspec.Struct, frozen=True):
    """What the listeners serve with and what `tasuki certificate show` tells.

    `server_file` is the one file for `ssl.SSLContext.load_cert_chain`; `fingerprint` is the CA's, which
    people compare on a tablet; `changed` says that this call made a new server certificate.
    """

    server_file: Path
    ca_pem: bytes
    ca_der: bytes
    names: tuple[str, ...]
    ends_at: datetime
    ca_ends_at: datetime
    fingerprint: str
    server_fingerprint: str
    changed: bool = False
    problems: tuple[Problem, ...] = ()

    def days_left(self, now: datetime) -> int:
        """Whole days until the server certificate ends; negative when it has."""
        return (self.ends_at - now).days


class _Folder(msgspec.Struct):
    """One look into the folder: what is wanted of it now, and what was found wrong with it."""

    path: Path
    now: datetime
    wanted: list[str]
    problems: list[Problem] = []

    def report(self, code: str, file: str, level: Level = "error", **facts: Fact) -> None:
        self.problems.append(Problem(code=code, level=level, file=file, facts=facts))

    def read(self, name: str) -> tuple[Holder | None, x509.Certificate | None]:
        """A file's holder and the certificate after it (a server's CA); a broken file gives neither."""
        file = self.path / name
        if not file.exists():
            return None, None
        if restrict(file):
            self.report("certificate-readable-by-others", name, "note")
        try:
            content = file.read_bytes()
            return Holder.parse(content), x509.load_pem_x509_certificates(content)[-1]
        except ValueError:
            return None, None


def wanted_names() -> list[str]:
    """All names and addresses by which this machine is reached now, the best address first."""
    return [*map(str, local_addresses()), *host_names(), *ALWAYS]


def ensure(
    folder: Path, council: str, now: datetime, names: Iterable[str] | None = None, *, renew: bool = False
) -> Certificates:
    """The certificates as they must be now; makes what is missing, ended, or names the wrong addresses.

    `council` is the council's name as tablets show it. `names`: by default `wanted_names()`. `renew` (a
    person asks for it) makes a new server certificate in any case, and a new CA when the old one is of no
    use or ends within 90 days.

    Unasked, a new CA is made only when there was none, or when the old one's file is broken and the server
    certificate does not serve either, so that tablets would refuse us anyway; that is a problem of level
    `error`. An ended CA is kept until a person renews it: the laptop's clock may be what is wrong.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    wanted = list(dict.fromkeys([*(wanted_names() if names is None else names), *ALWAYS]))
    found = _Folder(folder, now, wanted)
    server, issuer = found.read(SERVER_FILE)
    ca, _ = found.read(CA_FILE)
    if ca is not None and not is_ca(ca.certificate):
        ca = None
    if server is not None and issuer is not None and not renew:
        kept = _kept(found, server, issuer, ca)
        if kept is not None:
            return kept
    ca = _usable_ca(found, ca, council, CA_WARN_DAYS if renew else 0)
    if server is None and (folder / SERVER_FILE).exists():
        found.report("certificate-server-broken", set_aside(folder / SERVER_FILE).name, "note")
    server = make_server(ca, _allowed(ca.certificate, wanted), now)
    write_secret(folder / SERVER_FILE, server.pem(ca.certificate), replace=True)
    return _described(found, server, ca.certificate, changed=True)


def _kept(found: _Folder, server: Holder, issuer: x509.Certificate, ca: Holder | None) -> Certificates | None:
    """What is there, when it goes on serving; None when a new server certificate must be made."""
    if ca is None:
        if not is_ca(issuer) or not _serves(found, server, issuer):
            return None
        # Without the CA's key nothing new can be signed, but every tablet still trusts what is there.
        found.report("certificate-ca-broken", CA_FILE)
        return _described(found, server, issuer)
    ends = ca.certificate.not_valid_after_utc
    if ends <= found.now:
        found.report("certificate-ca-ended", CA_FILE, day=f"{ends:%Y-%m-%d}")
        return _described(found, server, ca.certificate)
    if (ends - found.now).days < CA_WARN_DAYS:
        found.report("certificate-ca-ending", CA_FILE, "note", days=(ends - found.now).days)
    if _serves(found, server, ca.certificate) and not _worth_renewing(server, ends, found.now):
        return _described(found, server, ca.certificate)
    return None


def _usable_ca(found: _Folder, ca: Holder | None, council: str, days: int) -> Holder:
    """The CA there is, if it lasts these days, or a new one."""
    if ca is not None and ca.certificate.not_valid_after_utc > found.now + timedelta(days=days):
        return ca
    file = found.path / CA_FILE
    if file.exists():
        found.report("certificate-ca-replaced", set_aside(file).name)
    elif (found.path / SERVER_FILE).exists():
        found.report("certificate-ca-replaced", CA_FILE)
    fresh = make_ca(council, found.now, host_names())
    write_secret(file, fresh.pem())
    return fresh


def _serves(found: _Folder, server: Holder, issuer: x509.Certificate) -> bool:
    """Whether a tablet that trusts the issuer takes this certificate now, under each name it may have."""
    certificate = server.certificate
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    current = certificate.not_valid_before_utc <= found.now < certificate.not_valid_after_utc
    return current and set(_allowed(issuer, found.wanted)) <= set(names_of(certificate))


def _worth_renewing(server: Holder, ca_ends: datetime, now: datetime) -> bool:
    """Near its end, unless the CA's own end stands in the way: a new one would end at the same moment."""
    ends = server.certificate.not_valid_after_utc
    return (ends - now).days < RENEW_DAYS and ends < ca_ends


def _allowed(ca: x509.Certificate, names: Iterable[str]) -> list[str]:
    return [name for name in names if may_name(ca, name)]


def _described(
    found: _Folder, server: Holder, ca: x509.Certificate, *, changed: bool = False
) -> Certificates:
    return Certificates(
        server_file=found.path / SERVER_FILE,
        ca_pem=ca.public_bytes(Encoding.PEM),
        ca_der=ca.public_bytes(Encoding.DER),
        names=tuple(names_of(server.certificate)),
        ends_at=server.certificate.not_valid_after_utc,
        ca_ends_at=ca.not_valid_after_utc,
        fingerprint=fingerprint(ca),
        server_fingerprint=fingerprint(server.certificate),
        changed=changed,
        problems=tuple(found.problems),
    )
