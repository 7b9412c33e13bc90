"""`tasuki certificate show|renew`: the council's own certificate (タブレットの準備)."""

import argparse
from pathlib import Path

from dvc_core.bootstrap import Services
from dvc_core.cli.reply import Reply, command, with_problems
from dvc_core.i18n import text
from dvc_core.tokens import certificates


def _answer(services: Services, *, renew: bool) -> Reply:
    now = services.wall.now()
    folder: Path = services.config.data / "certificates"
    found = certificates.ensure(folder, services.council_name, now, renew=renew)
    fields = {
        "names": list(found.names),
        "days_left": found.days_left(now),
        "fingerprint": found.fingerprint,
    }
    words = [
        text("certificate-line", names="、".join(found.names), days=found.days_left(now)),
        found.fingerprint,
    ]
    return with_problems(list(found.problems), fields, words)


@command("certificate show", "証明書の名前・のこりの日数・指紋")
def show(services: Services, _arguments: argparse.Namespace) -> Reply:
    """The certificate in use; made when there is none yet."""
    return _answer(services, renew=False)


@command("certificate renew", "証明書を作りなおす（タブレットの信頼はそのまま）")
def renew(services: Services, _arguments: argparse.Namespace) -> Reply:
    """A new server certificate under the same CA; a running program takes it over by itself."""
    return _answer(services, renew=True)
