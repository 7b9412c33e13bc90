"""By which addresses and names this machine is reached on its own network, found without asking anyone.

Neither a name is looked up nor a packet sent: the operating system's list of interfaces says it all.
"""

import ipaddress
import re
import socket

import ifaddr

_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
# Interfaces that no tablet stands behind: container and virtual-machine bridges, tunnels.
_VIRTUAL = re.compile(
    r"docker|br-|veth|virbr|vmnet|vboxnet|virtualbox|vmware|vethernet|hyper-v|wsl|tailscale|zt|tun|tap|utun",
    re.IGNORECASE,
)

_NEAR = tuple(ipaddress.ip_network(block) for block in ("192.168.0.0/16", "10.0.0.0/8"))


def local_addresses() -> list[ipaddress.IPv4Address]:
    """This machine's IPv4 addresses but loopback, the one to tell people first.

    IPv6 is left out because the listeners do not serve it. A link-local address stays in: a Wi-Fi without a
    router has nothing else.
    """
    found: dict[ipaddress.IPv4Address, tuple[bool, int]] = {}
    for adapter in ifaddr.get_adapters():
        virtual = bool(_VIRTUAL.match(adapter.nice_name) or _VIRTUAL.match(adapter.name))
        for entry in adapter.ips:
            if isinstance(entry.ip, str):
                address = ipaddress.IPv4Address(entry.ip)
                if not address.is_loopback and not address.is_unspecified:
                    found.setdefault(address, (virtual, _rank(address)))
    return sorted(found, key=lambda address: (found[address], address))


def host_names() -> list[str]:
    """This machine's own name, alone and with `.local` (mDNS), where it can stand in a certificate."""
    name = socket.gethostname().lower().rstrip(".")
    short = name.partition(".")[0]
    names = [name, f"{short}.local"] if all(_LABEL.fullmatch(part) for part in name.split(".")) else []
    return [
        each for each in dict.fromkeys(names) if each != "localhost" and not each.startswith("localhost.")
    ]


def _rank(address: ipaddress.IPv4Address) -> int:
    if address.is_link_local:
        return len(_NEAR) + 1
    return next((rank for rank, network in enumerate(_NEAR) if address in network), len(_NEAR))
