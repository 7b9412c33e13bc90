"""`python -m dvc_core.cli`."""

import sys

from dvc_core.cli import main

if __name__ == "__main__":
    sys.exit(main())
