"""Reading in a process of its own: `KIND TODAY` as arguments, the file on stdin, the result on stdout."""

import sys
from datetime import date

import msgspec

from dvc_core.importing.reading import read
from dvc_core.importing.reference import Kind


def main() -> int:
    """0 with a result; whatever is wrong with the file stands in it."""
    kind = msgspec.convert(sys.argv[1], Kind)
    result = read(kind, sys.stdin.buffer.read(), today=date.fromisoformat(sys.argv[2]))
    sys.stdout.buffer.write(msgspec.msgpack.encode(result))
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
