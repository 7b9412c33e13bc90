"""`python -m dvc_core.store.verifying FILE MOMENT`: open a backup for real, in a process of its own."""

import sys
from datetime import datetime
from pathlib import Path

from dvc_core.ports import StoreError
from dvc_core.store.restoring import verify

if __name__ == "__main__":
    try:
        verify(Path(sys.argv[1]), now=datetime.fromisoformat(sys.argv[2]))
    except StoreError as error:
        print(error.facts.get("part", error.code))
        sys.exit(1)
