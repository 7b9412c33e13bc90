"""`python -m tests.faults.byte_flips [PLACES]`: one byte changed in a center's files, the program started.

A small center lives through a day; its files are kept as a power cut leaves them. Then, at each of PLACES
random places of one file, one bit is turned over and the program is started on the folder. Told is how often
all that was confirmed is there again, and how often a person is told that something was mended. A start that
meets the damage only while it runs is ended and made once more, as a person would.
"""

import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from dvc_core.bootstrap import Config, Services, build
from dvc_core.ports import StoreError
from dvc_core.store.doctor import examine
from tests.support.center import Center, FrozenClock
from tests.support.damage import DATABASE, LOG, WAL, held, lived

SEED = 20260728
FILES = (("DuckDB のログ", "cut", WAL), ("DuckDB のファイル", "closed", DATABASE), ("変更ログ", "cut", LOG))
"""Words, the state of the folder, the file."""


def _fresh(folder: Path) -> tuple[Center, Services]:
    clock = FrozenClock()
    services = build(Config(data=folder), clock=clock, wall=clock)
    center = Center(services, clock)
    lived(center, people=40)
    return center, services


def _started(center: Center, folder: Path, want: object) -> str:
    """What a start on this folder comes to, the second one at most."""
    for attempt in ("", "・二度めの起動で"):
        try:
            services = build(Config(data=folder), clock=center.clock, wall=center.clock)
        except StoreError as error:
            return f"起動しない（{error.code}）"
        try:
            whole = examine(services.database).ok and held(services) == want
        except Exception:  # noqa: BLE001 - the damage was met while the program ran; the next start mends it
            continue
        finally:
            services.close()
        if whole:
            return (
                "そろっている、直したと伝えた" if services.mended else "そろっている、直すところなし"
            ) + attempt
        return "欠けている、伝えた" if services.mended else "欠けている、伝えない"
    return "読めないまま"


def play(places: int, say: Callable[[str], None]) -> Counter[tuple[str, str]]:
    """Every file in turn; the counts by file and outcome."""
    found: Counter[tuple[str, str]] = Counter()
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        center, services = _fresh(work / "center")
        want = held(services)
        shutil.copytree(work / "center", work / "cut")
        services.close()
        shutil.copytree(work / "center", work / "closed")
        for words, kind, file in FILES:
            chance = random.Random(SEED)
            size = (work / kind / file).stat().st_size
            for _ in range(places):
                again = work / "again"
                shutil.copytree(work / kind, again)
                raw = bytearray((again / file).read_bytes())
                raw[chance.randrange(size)] ^= 1 << chance.randrange(8)
                (again / file).write_bytes(raw)
                found[words, _started(center, again, want)] += 1
                shutil.rmtree(again)
            told = "、".join(f"{what} {n}" for (which, what), n in sorted(found.items()) if which == words)
            say(f"{words}（{size:,} バイト）、{places} か所：{told}")
    return found


def main(arguments: list[str]) -> int:
    """Exit 1 if anything that was confirmed is missing."""
    found = play(int(arguments[0]) if arguments else 50, lambda line: print(line, flush=True))
    lost = sum(n for (_, what), n in found.items() if not what.startswith("そろっている"))
    print("失われたもの：なし" if lost == 0 else f"失われたことがある：{lost} 回")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
