"""たすき: the ASGI app (plain routes and Streamlit pages in one process) and, run as a page, its navigation.

This file runs both as a module and as a page script, so nothing shared lives in it.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from streamlit import net_util
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dvc_core import bootstrap
from dvc_core.cli import remote
from dvc_core.jobs import Jobs
from dvc_core.tokens.addresses import host_names
from dvc_core.web import all_routes
from dvc_core.web.origin import OriginGuard
from dvc_core.web.policy import ContentPolicy
from dvc_core.web.vendor import localise
from pages._look import show_error

# The folder `pages/` would make every page's URL a page of its own before navigation is known.
PagesManager.uses_pages_directory = False
# Streamlit would ask the internet for this machine's outside address.
net_util.get_external_ip = lambda: None


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:  # noqa: ANN401 - Streamlit's own class
    """Build the services unless the command line has done so; give the database back at the end."""
    if not bootstrap.is_installed():
        bootstrap.install(bootstrap.build(bootstrap.config_from_environment()))
    try:
        with Jobs(bootstrap.installed()):
            yield
    finally:
        bootstrap.installed().close()
        bootstrap.uninstall()


def made() -> st.App:
    """The app, when this file is imported."""
    localise()
    return st.App(
        "app.py",
        routes=[*all_routes(), *remote.routes],
        lifespan=lifespan,
        middleware=[
            Middleware(OriginGuard, names=host_names),
            Middleware(ContentPolicy, shell=Path(st.__file__).with_name("static") / "index.html"),
        ],
        on_script_error=show_error,
    )


if get_script_run_ctx(suppress_warning=True) is None:
    app = made()
else:
    from pages import _navigation

    _navigation.navigate()
