"""Free ports of this machine's loopback."""

import socket
from contextlib import ExitStack


def free_ports(count: int) -> list[int]:
    """Different ports that nothing listens on, all held open while they are chosen."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
