"""The council's CA and server certificate: made once, kept up, and never lost trust without need."""

import datetime as dt
import socket
import ssl
import stat
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from dvc_core.i18n import describe
from dvc_core.tokens import authority
from dvc_core.tokens.authority import Holder, make_ca, make_server, may_name
from dvc_core.tokens.certificates import Certificates, ensure
from dvc_core.tokens.files import write_secret

COUNCIL = "小金井市社会福祉協議会"
LONG_COUNCIL = "とても長い名前の" * 12
NOW = datetime.now(UTC).replace(microsecond=0)  # OpenSSL's own clock judges the handshakes below
OFFICE = ["192.168.1.5", "koganei-vc.local"]
HALL = ["10.20.0.9", "koganei-vc.local"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "certificates"


@pytest.fixture
def made(folder: Path) -> Callable[..., Certificates]:
    def make(now: datetime = NOW, names: list[str] = OFFICE, **options: bool) -> Certificates:
        return ensure(folder, COUNCIL, now, names, **options)

    return make


def handshake(server_file: Path, ca_pem: bytes, name: str) -> str:
    """A real TLS handshake over a real socket of this machine; the protocol's version, or the refusal."""
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(server_file)
    trusting = ssl.create_default_context(cadata=ca_pem.decode())
    trusting.verify_flags |= ssl.VERIFY_X509_STRICT
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            here, _ = listener.accept()
            with here:
                try:
                    with serving.wrap_socket(here, server_side=True) as safe:
                        safe.recv(1)
                except (ssl.SSLError, ConnectionError):
                    return  # the client refused us; it says why

        server = threading.Thread(target=answer)
        server.start()
        try:
            with (
                socket.create_connection(listener.getsockname()) as raw,
                trusting.wrap_socket(raw, server_hostname=name) as safe,
            ):
                return safe.version() or ""
        except ssl.SSLCertVerificationError as refused:
            return refused.verify_message
        finally:
            server.join(timeout=10)


def codes(certificates: Certificates) -> list[tuple[str, str]]:
    for problem in certificates.problems:
        shown = describe(problem)
        assert "{" not in f"{shown['message']}{shown['hint']}"
    return [(problem.code, problem.level) for problem in certificates.problems]


def test_the_first_start_makes_a_ca_and_a_certificate_that_a_device_with_the_ca_trusts(made):
    certificates = made()
    assert certificates.changed
    assert codes(certificates) == []
    assert set(certificates.names) == {*OFFICE, "localhost", "127.0.0.1"}
    for name in certificates.names:
        assert handshake(certificates.server_file, certificates.ca_pem, name) == "TLSv1.3"


def test_a_device_without_the_ca_or_at_another_name_refuses(made, tmp_path):
    certificates = made()
    stranger = ensure(tmp_path / "other", COUNCIL, NOW, OFFICE)
    assert "self-signed" in handshake(certificates.server_file, stranger.ca_pem, "192.168.1.5")
    assert "mismatch" in handshake(certificates.server_file, certificates.ca_pem, "192.168.1.6")
    assert "mismatch" in handshake(certificates.server_file, certificates.ca_pem, "example.invalid")


def test_the_next_start_changes_nothing(made, folder):
    first = made()
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    again = made(NOW + timedelta(days=300))
    assert not again.changed
    assert (again.fingerprint, again.server_fingerprint) == (first.fingerprint, first.server_fingerprint)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before


def test_another_address_makes_another_certificate_under_the_same_ca(made):
    office = made()
    hall = made(names=HALL)
    assert hall.changed
    assert hall.fingerprint == office.fingerprint
    assert hall.server_fingerprint != office.server_fingerprint
    assert handshake(hall.server_file, office.ca_pem, "10.20.0.9") == "TLSv1.3"


def test_an_address_that_is_gone_needs_no_new_certificate(made):
    made(names=[*OFFICE, *HALL])
    assert not made(names=OFFICE).changed


def test_a_certificate_is_made_again_before_and_after_its_end(made):
    first = made()
    assert first.days_left(NOW) == 395
    assert not made(NOW + timedelta(days=365)).changed
    for later in (NOW + timedelta(days=366), NOW + timedelta(days=900)):
        renewed = made(later)
        assert renewed.changed
        assert renewed.fingerprint == first.fingerprint
        assert renewed.days_left(later) == 395


def test_an_ended_certificate_is_refused_by_a_device(made):
    certificates = made(NOW - timedelta(days=500))
    assert "expired" in handshake(certificates.server_file, certificates.ca_pem, "192.168.1.5")


def test_a_clock_that_was_ahead_is_mended_at_the_next_look(made):
    """A laptop that believed to be in the year after next; its clock is then put right."""
    ahead = made(NOW + timedelta(days=700))
    right = made(NOW)
    assert right.changed
    assert right.fingerprint == ahead.fingerprint
    assert handshake(right.server_file, right.ca_pem, "192.168.1.5") == "TLSv1.3"


def test_a_person_can_renew_in_any_case_and_the_ca_stays(made):
    first = made()
    renewed = made(renew=True)
    assert renewed.changed
    assert renewed.fingerprint == first.fingerprint
    assert renewed.server_fingerprint != first.server_fingerprint


@pytest.mark.parametrize("damage", ["empty", "cut", "garbage", "key of another"])
def test_a_broken_server_file_is_set_aside_and_made_anew_under_the_same_ca(made, folder, tmp_path, damage):
    first = made()
    broken = damaged(first.server_file, damage, tmp_path)
    again = made()
    assert codes(again) == [("certificate-server-broken", "note")]
    assert again.fingerprint == first.fingerprint
    assert (folder / "server.pem.broken-1").read_bytes() == broken
    assert handshake(again.server_file, first.ca_pem, "192.168.1.5") == "TLSv1.3"


@pytest.mark.parametrize("damage", ["empty", "cut", "garbage", "key of another", "missing", "no ca"])
def test_a_broken_ca_does_not_cost_the_tablets_trust_while_the_certificate_serves(
    made, folder, tmp_path, damage
):
    first = made()
    damaged(folder / "ca.pem", damage, tmp_path)
    again = made()
    assert codes(again) == [("certificate-ca-broken", "error")]
    assert not again.changed
    assert again.ca_pem == first.ca_pem
    assert handshake(again.server_file, first.ca_pem, "192.168.1.5") == "TLSv1.3"


def test_a_broken_ca_with_a_certificate_that_serves_no_more_is_replaced_and_told(made, folder):
    first = made()
    whole = (folder / "ca.pem").read_bytes()
    (folder / "ca.pem").write_bytes(whole[:200])
    moved = made(names=HALL)
    assert codes(moved) == [("certificate-ca-replaced", "error")]
    assert moved.fingerprint != first.fingerprint
    assert (folder / "ca.pem.broken-1").read_bytes() == whole[:200]
    write_secret(folder / "ca.pem", whole, replace=True)
    restored = made(names=HALL)
    assert codes(restored) == []
    assert restored.fingerprint == first.fingerprint
    assert handshake(restored.server_file, first.ca_pem, "10.20.0.9") == "TLSv1.3"


def test_a_person_may_give_up_a_broken_ca(made, folder):
    first = made()
    (folder / "ca.pem").unlink()
    renewed = made(renew=True)
    assert codes(renewed) == [("certificate-ca-replaced", "error")]
    assert renewed.fingerprint != first.fingerprint
    assert codes(made()) == []


def test_a_first_start_cut_off_between_the_two_files_goes_on(made, folder):
    first = made()
    (folder / "server.pem").unlink()
    again = made()
    assert again.fingerprint == first.fingerprint
    assert codes(again) == []


def test_a_ca_near_its_end_is_told_and_an_ended_one_kept_until_a_person_renews_it(made):
    first = made()
    near = NOW + timedelta(days=3600)
    assert codes(made(near)) == [("certificate-ca-ending", "note")]
    ended = NOW + timedelta(days=3651)
    assert codes(made(ended)) == [("certificate-ca-ended", "error")]
    assert made(ended).fingerprint == first.fingerprint
    assert codes(made(NOW)) == []  # the clock was wrong, and nothing was given up for it
    assert made(NOW).fingerprint == first.fingerprint
    renewed = made(ended, renew=True)
    assert codes(renewed) == [("certificate-ca-replaced", "error")]
    assert renewed.fingerprint != first.fingerprint


def test_in_the_last_days_of_the_ca_no_certificate_is_made_again_and_again(made):
    made()
    made(NOW + timedelta(days=3640))
    assert not made(NOW + timedelta(days=3645)).changed


def test_secret_files_are_for_their_owner_only(made, folder):
    made()
    for file in folder.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    (folder / "ca.pem").chmod(0o644)
    assert codes(made()) == [("certificate-readable-by-others", "note")]
    assert stat.S_IMODE((folder / "ca.pem").stat().st_mode) == 0o600


def test_what_is_handed_out_holds_no_secret(made):
    certificates = made()
    assert b"PRIVATE" not in certificates.ca_pem
    assert x509.load_der_x509_certificate(certificates.ca_der) == x509.load_pem_x509_certificate(
        certificates.ca_pem
    )
    assert certificates.fingerprint.count(" ") == 15
    assert "PRIVATE" not in repr(certificates)


def test_a_stolen_ca_cannot_pass_for_a_public_site(tmp_path):
    ca = make_ca(COUNCIL, NOW, ["koganei-vc"])
    forged = make_server(ca, ["bank.example", "localhost"], NOW)
    write_secret(tmp_path / "forged.pem", forged.pem(ca.certificate))
    ca_pem = ca.certificate.public_bytes(authority.Encoding.PEM)
    assert "permitted subtree" in handshake(tmp_path / "forged.pem", ca_pem, "bank.example")


def test_a_name_that_the_ca_may_not_vouch_for_is_left_out(made):
    certificates = made(names=["203.0.113.7", "pc1.example.invalid", "tasuki.lan"])
    assert "pc1.example.invalid" not in certificates.names
    assert not made(names=["203.0.113.7", "pc1.example.invalid", "tasuki.lan"]).changed
    assert handshake(certificates.server_file, certificates.ca_pem, "tasuki.lan") == "TLSv1.3"
    assert handshake(certificates.server_file, certificates.ca_pem, "203.0.113.7") == "TLSv1.3"


@pytest.mark.parametrize(
    ("name", "allowed"), [("a.local", True), ("vc", True), ("xlocal", False), ("x.org", False)]
)
def test_the_limits_of_the_ca(name, allowed):
    assert may_name(make_ca(COUNCIL, NOW, ["vc"]).certificate, name) == allowed


def test_a_certificate_has_what_tablets_ask_for():
    ca = make_ca(COUNCIL, NOW)
    server = make_server(ca, OFFICE, NOW).certificate
    assert server.not_valid_after_utc - server.not_valid_before_utc <= dt.timedelta(days=397)
    assert ca.certificate.not_valid_before_utc < NOW - timedelta(days=1000)
    found = {extension.oid._name: extension for extension in server.extensions}
    assert {"authorityKeyIdentifier", "subjectKeyIdentifier", "subjectAltName"} <= set(found)
    usage = server.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [x509.ExtendedKeyUsageOID.SERVER_AUTH]
    limits = ca.certificate.extensions.get_extension_for_class(x509.NameConstraints)
    assert not limits.critical


def test_a_very_long_name_of_a_council_fits(folder):
    assert ensure(folder, LONG_COUNCIL, NOW, OFFICE).names


def test_a_laptop_with_a_dead_clock_still_gets_a_ca(folder):
    certificates = ensure(folder, COUNCIL, datetime(1970, 1, 2, tzinfo=UTC), OFFICE)
    assert certificates.changed


def damaged(file: Path, how: str, tmp_path: Path) -> bytes:
    whole = file.read_bytes()
    if how == "missing":
        file.unlink()
        return b""
    if how == "no ca":
        other = make_ca(COUNCIL, NOW)
        content = make_server(other, OFFICE, NOW).pem()
    elif how == "key of another":
        stranger = ensure(tmp_path / "stranger", COUNCIL, NOW, OFFICE).server_file.read_bytes()
        content = stranger.partition(b"-----BEGIN CERTIFICATE")[0] + b"".join(
            whole.partition(b"-----BEGIN CERTIFICATE")[1:]
        )
    else:
        content = {"empty": b"", "cut": whole[: len(whole) // 2], "garbage": bytes(range(256))}[how]
    file.write_bytes(content)
    return content


def test_a_certificate_from_elsewhere_is_not_handed_out_as_a_ca(made, folder):
    key = authority.generate_private_key(authority.SECP256R1())
    name = x509.Name([x509.NameAttribute(authority.NameOID.COMMON_NAME, "router.local")])
    builder = authority._builder(name, name, key, NOW - timedelta(days=1), NOW + timedelta(days=99))
    folder.mkdir()
    (folder / "server.pem").write_bytes(Holder(key, builder.sign(key, authority.hashes.SHA256())).pem())
    certificates = made()
    assert ("certificate-ca-replaced", "error") in codes(certificates)
    assert handshake(certificates.server_file, certificates.ca_pem, "192.168.1.5") == "TLSv1.3"


def test_a_key_with_a_password_or_of_another_kind_is_broken():
    from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, PrivateFormat

    ca = make_ca(COUNCIL, NOW)
    certificate = ca.certificate.public_bytes(authority.Encoding.PEM)
    locked = ca.key.private_bytes(authority.Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x"))
    with pytest.raises(ValueError, match="password"):
        Holder.parse(locked + certificate)
    assert COUNCIL in repr(ca)
    assert str(ca.key.private_numbers().private_value) not in repr(ca)
