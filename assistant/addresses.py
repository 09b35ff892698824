"""Whose machine an address leads to, so that people are told what would leave theirs."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

__all__ = ["host_of", "is_here"]


def host_of(url: str) -> str:
    """The host of `url`; where it has none, as without `http://`, all but user and password."""
    return urlsplit(url).hostname or url.rpartition("@")[2]


def is_here(url: str) -> bool:
    """Whether `url` leads to this machine."""
    host = host_of(url)
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:  # a name, also one like 127.example.com
        return host == "localhost"
