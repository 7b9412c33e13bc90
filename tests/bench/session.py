"""A page that is really open: one Streamlit session over its websocket, as a browser holds it.

It sends what the browser sends when something on the page was touched, and waits until the server says that
the script has finished and everything it drew has arrived.
"""

import socket
import time
from contextlib import ExitStack
from types import TracebackType
from typing import Self

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import connect

from tests.support.waiting import until

LONGEST = 60.0
"""Seconds after which a page counts as stuck."""


class Session:
    """One open page.

    Attributes:
        drawn: elements of the last run.
        received: bytes of the last run.
        words: what the last run's titles and texts said, for a look at whether it is the right page.
        tabs: the labels of the tabs by the id of their row, as far as the page follows which one is open.
    """

    def __init__(self, url: str, page: str = "", cookie: str = "") -> None:
        """Open the page of this address (`reception`) and draw it once.

        Args:
            url: where the program answers, `http://127.0.0.1:PORT`.
            page: the page's address; empty for the one page of a program without navigation.
            cookie: `name=value` of a login.
        """
        self._url = f"{url}/{page}"
        line = connect(
            f"ws{url.removeprefix('http')}/_stcore/stream",
            origin=url,  # type: ignore[arg-type] - a plain string is an Origin
            subprotocols=["streamlit"],  # type: ignore[list-item] - likewise
            additional_headers={"Cookie": cookie} if cookie else None,
            max_size=None,
            compression=None,
        )
        self._held = ExitStack()
        self._socket = self._held.enter_context(line)
        self._page, self._hash = page, ""
        self._kept: set[str] = set()
        self._states: dict[str, WidgetState] = {}
        self.drawn = self.received = 0
        self.words: list[str] = []
        self.tabs: dict[str, list[str]] = {}
        self.rerun()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Leave the page."""
        self._held.close()

    def choose(self, label: str) -> None:
        """Open the tab of this name; it stays open."""
        row = next(row for row, labels in self.tabs.items() if label in labels)
        self._states[row] = WidgetState(id=row, string_value=label)
        self.rerun()

    def rerun(self) -> float:
        """Run the page's script once; the seconds until the last element of it is here.

        Raises:
            TimeoutError: if it does not finish.
            RuntimeError: if it does not finish well.
        """
        asked = self._asked().SerializeToString()
        self.drawn = self.received = 0
        self.words, self.tabs = [], {}
        begin = time.perf_counter()
        self._socket.send(asked)
        while True:
            raw = self._socket.recv(timeout=LONGEST)
            assert isinstance(raw, bytes)
            said = ForwardMsg.FromString(raw)
            self.received += len(raw)
            kind = said.WhichOneof("type")
            if kind == "script_finished":
                spent = time.perf_counter() - begin
                if said.script_finished != ForwardMsg.FINISHED_SUCCESSFULLY:
                    raise RuntimeError(f"{self._url}: {said.script_finished}")
                return spent
            self._take(said, kind)

    def _asked(self) -> BackMsg:
        asked = BackMsg()
        state = asked.rerun_script
        state.page_script_hash, state.page_name = self._hash, "" if self._hash else self._page
        state.context_info.url, state.context_info.timezone = self._url, "Asia/Tokyo"
        state.cached_message_hashes.extend(self._kept)
        state.widget_states.widgets.extend(self._states.values())
        return asked

    def _take(self, said: ForwardMsg, kind: str | None) -> None:
        if said.metadata.cacheable and said.hash:
            self._kept.add(said.hash)
        if kind == "navigation":
            self._hash = said.navigation.page_script_hash
        elif kind in {"delta", "ref_hash"}:
            self.drawn += 1
            self._look(said)

    def _look(self, said: ForwardMsg) -> None:
        delta, path = said.delta, tuple(said.metadata.delta_path)
        if delta.HasField("add_block"):
            block = delta.add_block
            if block.HasField("tab_container") and block.tab_container.id:
                self._row, self._row_path = block.tab_container.id, path
                self.tabs[self._row] = []
            elif block.HasField("tab") and self.tabs and path[:-1] == self._row_path:
                self.tabs[self._row].append(block.tab.label)
        elif delta.new_element.HasField("heading"):
            self.words.append(delta.new_element.heading.body)
        elif delta.new_element.HasField("alert"):
            self.words.append(delta.new_element.alert.body)


def reached(url: str) -> str:
    """The address, once something answers there.

    Raises:
        TimeoutError: if nothing does in time.
    """
    host, port = url.removeprefix("http://").split(":")
    until(lambda: _answers(host, int(port)), seconds=LONGEST, what=f"an answer at {url}")
    return url


def _answers(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True
