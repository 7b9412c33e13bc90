"""Status files with their signatures, for the board's page and the command line (情報共有).

Floor 4 puts together what the floors below keep apart: the format, the council's keys, and the rules.
"""

import msgspec

from dvc_core.bootstrap import Services
from dvc_core.domain.board import CouncilBoard, CouncilKey, FileReading, Signed, board_id, told_by
from dvc_core.exchange import status_file
from dvc_core.tokens import signing
from dvc_core.tokens.keys import PublicKey, decode, encode, is_drill, short_name


class Written(msgspec.Struct, frozen=True):
    """The own published state as a file."""

    content: bytes
    number: int


def write(services: Services) -> Written | None:
    """The last published state, signed; None when nothing was published yet."""
    with services.reader() as reader:
        row = reader.get(CouncilBoard, board_id(services.council_id, services.council_id))
    if row is None or row.published_at is None:
        return None
    key = services.keys.current
    plain = status_file.document(
        services.council_id, row.number, row.published_at, told_by(row), key.public.base64url
    )
    return Written(status_file.written(signing.sign(plain, key)), row.number)


def read(services: Services, raw: bytes) -> FileReading:
    """What a file says and whether its signature holds; nothing is stored.

    With an unknown key the file must at least agree with the key that it carries, and that key with its id.
    """
    found = status_file.opened(raw)
    if found is None:
        return status_file.reading(raw, None, signed=Signed.FORGED, content=b"", public_key=None)
    try:
        content = signing.canonical(found)
    except signing.NotCanonicalError:
        return status_file.reading(raw, None, signed=Signed.FORGED, content=b"", public_key=None)
    with services.reader() as reader:
        trusted = [PublicKey(k.key_id, bytes.fromhex(k.public_key)) for k in reader.find(CouncilKey)]
    known = {key.key_id: key for key in (*services.keys.known, *trusted)}
    key = known.get(str(found.get("key_id")))
    signed = Signed.VALID if key else Signed.UNKNOWN_KEY
    key = key or _carried(found)
    genuine = (
        key is not None
        and is_drill(key.key_id) == (services.drill is not None)
        and _plain_signature(found)
        and signing.verify(found, [key]) == "valid"
    )
    return status_file.reading(
        raw,
        found,
        signed=signed if genuine else Signed.FORGED,
        content=content,
        public_key=key.raw.hex() if key else None,
    )


def fingerprint(key_id: str, public_key: str) -> str:
    """Twelve groups of four digits of a key in hex."""
    return PublicKey(key_id, bytes.fromhex(public_key)).fingerprint()


def _carried(found: dict[str, object]) -> PublicKey | None:
    """The key that the file brings along, when it fits its own id."""
    try:
        key = PublicKey.parse(str(found.get("key_id")), str(found.get("public_key")))
    except ValueError:
        return None
    return key if key.key_id.endswith(f"-{short_name(key.raw)}") else None


def _plain_signature(found: dict[str, object]) -> bool:
    """Base64 leaves bits over at its end; only the spelling without them passes: no other character."""
    said = str(found.get(signing.SIGNATURE, ""))
    try:
        return encode(decode(said)) == said.strip().rstrip("=").replace("+", "-").replace("/", "_")
    except ValueError:
        return False
