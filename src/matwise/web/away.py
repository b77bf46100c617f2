"""The address of this machine in the home network, at which a phone can reach what a secret opens."""

from __future__ import annotations

import ipaddress
import socket

from matwise.errors import InvalidInputError, Problem
from matwise.sentence import Sentence

AT_HOME = Sentence("the address of this machine in your home network, such as {address}")
# For documentation alone (RFC 5737), so nobody is there; a datagram socket sends nothing as it is connected.
_NOWHERE = ("192.0.2.1", 9)


def own_address() -> str | None:
    """This machine's address in the network it is in, or None where it is in none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect(_NOWHERE)
        except OSError:
            return None
        found: str = asking.getsockname()[0]
    return found if _is_at_home(found) else None


def home_address(told: str) -> str:
    """The address as it was typed, if it is one that only a home network reaches.

    Raises:
        InvalidInputError: it is none: no address, one of the whole internet, or of this machine alone.
    """
    if not _is_at_home(told):
        want = AT_HOME.format(address=own_address() or "192.168.1.20")
        raise InvalidInputError(Problem("--host", ascii(told)[:60], want))
    return told


def _is_at_home(told: str) -> bool:
    try:
        found = ipaddress.IPv4Address(told)
    except ValueError:
        return False
    return not (found.is_global or found.is_loopback or found.is_unspecified or found.is_multicast or found.is_reserved)
