"""What a certificate of ours looks like: the council's own CA, and the server certificate under it.

The CA is put on the council's tablets once, by hand, and then stays; the server certificate is short-lived
and follows the laptop's addresses. Elliptic curve P-256, because every tablet of the last ten years reads it.
"""

import ipaddress
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CA_DAYS = 3650
SERVER_DAYS = 397
"""The longest that browsers take from any CA (CA/Browser Forum ballot SC-031, 2020)."""

_CA_SINCE = datetime(2020, 1, 1, tzinfo=UTC)
_NAME_BYTES = 64  # X.520: ub-common-name and ub-organization-name, counted in UTF-8 by our library
_LOCAL_DOMAINS = ("localhost", "local", "lan", "internal", "home.arpa")


class Holder(msgspec.Struct, frozen=True):
    """A certificate together with its private key."""

    key: EllipticCurvePrivateKey
    certificate: x509.Certificate

    def __repr__(self) -> str:
        return f"Holder({self.certificate.subject.rfc4514_string()!r})"

    def pem(self, *chain: x509.Certificate) -> bytes:
        """Key, certificate and chain in one text, so that a power cut cannot part them."""
        key = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return key + b"".join(each.public_bytes(Encoding.PEM) for each in (self.certificate, *chain))

    @classmethod
    def parse(cls, pem: bytes) -> "Holder":
        """The first certificate of a text and its key.

        Raises:
            ValueError: if either is missing or broken, or they do not belong together.
        """
        certificate = x509.load_pem_x509_certificates(pem)[0]
        try:
            key = load_pem_private_key(pem, password=None)
        except TypeError as encrypted:
            raise ValueError("the private key has a password") from encrypted
        if not isinstance(key, EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
            raise ValueError("key and certificate do not belong together")
        return cls(key, certificate)


def make_ca(council: str, now: datetime, own_names: Iterable[str] = ()) -> Holder:
    """The council's CA. It can vouch for addresses and local names only.

    So a stolen CA key cannot pass for a bank on the council's tablets. The limit is not marked critical:
    Apple's systems once refused every certificate with a critical one, and a locked-out tablet helps nobody.
    It counts from 2020, so that a tablet or laptop with a dead clock battery takes it all the same.
    """
    key = generate_private_key(SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, _cut(council)),
            x509.NameAttribute(NameOID.COMMON_NAME, _cut(f"たすき {council}")),
        ]
    )
    permitted = [x509.DNSName(domain) for domain in dict.fromkeys((*_LOCAL_DOMAINS, *own_names))]
    usage = _usage(key_cert_sign=True, crl_sign=True)
    certificate = (
        _builder(name, name, key, min(_CA_SINCE, now), now + timedelta(days=CA_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.NameConstraints(permitted, None), critical=False)
        .sign(key, hashes.SHA256())
    )
    return Holder(key, certificate)


def make_server(ca: Holder, names: Iterable[str], now: datetime) -> Holder:
    """A server certificate for these names and addresses, at most 397 days and never longer than its CA.

    It counts from yesterday: tablets without internet go wrong by hours.
    """
    key = generate_private_key(SECP256R1())
    since = now - timedelta(days=1)
    until = min(since + timedelta(days=SERVER_DAYS, seconds=-1), ca.certificate.not_valid_after_utc)
    issuer = ca.certificate.subject
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "たすき")])
    alternatives = [_general(each) for each in names]
    ca_key_id = ca.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    certificate = (
        _builder(name, issuer, key, since, until)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(digital_signature=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(ca_key_id), critical=False
        )
        .sign(ca.key, hashes.SHA256())
    )
    return Holder(key, certificate)


def may_name(ca: x509.Certificate, name: str) -> bool:
    """Whether the CA may vouch for this name; addresses it always may."""
    if isinstance(_general(name), x509.IPAddress):
        return True
    limits = ca.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or []
    domains = [limit.value for limit in limits if isinstance(limit, x509.DNSName)]
    return any(name == domain or name.endswith(f".{domain}") for domain in domains)


def is_ca(certificate: x509.Certificate) -> bool:
    """Whether a certificate has what `make_ca` gives one."""
    try:
        found = [
            certificate.extensions.get_extension_for_class(kind).value
            for kind in (x509.BasicConstraints, x509.SubjectKeyIdentifier, x509.NameConstraints)
        ]
    except x509.ExtensionNotFound:
        return False
    return isinstance(found[0], x509.BasicConstraints) and found[0].ca


def names_of(certificate: x509.Certificate) -> list[str]:
    """The names and addresses a certificate is for."""
    try:
        alternatives = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    names = alternatives.get_values_for_type(x509.DNSName)
    return [*names, *(str(address) for address in alternatives.get_values_for_type(x509.IPAddress))]


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 in 16 groups of four hex digits; the digits are those that tablets show for it."""
    digits = certificate.fingerprint(hashes.SHA256()).hex().upper()
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def _builder(
    subject: x509.Name, issuer: x509.Name, key: EllipticCurvePrivateKey, since: datetime, until: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _cut(name: str) -> str:
    return name.encode()[:_NAME_BYTES].decode(errors="ignore")


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _usage(
    *, digital_signature: bool = False, key_cert_sign: bool = False, crl_sign: bool = False
) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
