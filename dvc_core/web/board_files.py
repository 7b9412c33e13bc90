"""Status files with their signatures, for the board's page and the command line (情報共有).

The act that takes a file reads it again, inside its own transaction (`board.take_file`).
"""

import msgspec

from dvc_core.bootstrap import Services
from dvc_core.domain.board import CouncilBoard, CouncilKey, FileReading, board_id, told_by
from dvc_core.exchange import status_file
from dvc_core.tokens import signing
from dvc_core.tokens.keys import PublicKey


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
    """What a file says and whether its signature holds, for who looks at it; nothing is stored."""
    with services.reader() as reader:
        return services.read_file(raw, reader.find(CouncilKey))


def fingerprint(key_id: str, public_key: str) -> str:
    """Twelve groups of four digits of a key in hex."""
    return PublicKey(key_id, bytes.fromhex(public_key)).fingerprint()
