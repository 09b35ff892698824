"""How often a password may be tried.

Three counts, each with some free tries and then a wait that doubles with every failure:

    name from one address    5 free, at most 15 minutes
    one address             20 free, at most 15 minutes (an office may share one)
    one name, from anywhere 10 free, at most one minute: nobody can lock another out for long

Where an account has signed in before, only the first count applies to it: neither a stranger's
tries on the name nor a neighbour's on the address stop its owner there. A try counts as failed
until it has succeeded, so many at once do not pass; one that came too early is neither looked at
nor counted.
"""

from __future__ import annotations

import ipaddress
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Throttle"]

_FORGET = 3600.0  # seconds without a failure after which a count is forgotten
_KEPT = 10_000  # entries of a count; the longest untouched go first
_FIRST_WAIT = 2.0  # seconds


@dataclass(slots=True)
class _Count:
    failures: int = 0
    last: float = 0.0


class _Counter:
    """Failures by key; `free` of them cost nothing, then the wait doubles up to `longest`."""

    def __init__(self, free: int, longest: float) -> None:
        self._free = free
        self._longest = longest
        self._counts: OrderedDict[str, _Count] = OrderedDict()

    def wait(self, key: str, now: float) -> float:
        """Seconds until `key` may try again."""
        count = self._counts.get(key)
        if count is None or count.failures < self._free:
            return 0.0
        doubled = _FIRST_WAIT * 2.0 ** min(count.failures - self._free, 30)
        return max(count.last + min(doubled, self._longest) - now, 0.0)

    def add(self, key: str, now: float) -> None:
        count = self._counts.setdefault(key, _Count())
        if now - count.last > _FORGET:
            count.failures = 0
        count.failures += 1
        count.last = now
        self._counts.move_to_end(key)
        while len(self._counts) > _KEPT:
            self._counts.popitem(last=False)

    def forget(self, key: str) -> None:
        self._counts.pop(key, None)

    def take_back(self, key: str) -> None:
        """One failure less: the try succeeded."""
        if count := self._counts.get(key):
            count.failures -= 1


class Throttle:
    """Decides whether a password may be tried; safe to share between threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._pairs = _Counter(free=5, longest=900.0)
        self._addresses = _Counter(free=20, longest=900.0)
        self._names = _Counter(free=10, longest=60.0)
        self._known: OrderedDict[str, None] = OrderedDict()

    def begin(self, name: str, address: str) -> int:
        """Seconds to wait, 0 when the password may be tried now; it then counts as failed."""
        network = _network(address)
        now = self._clock()
        with self._lock:
            wait = self._wait(name, network, now)
            if not wait:
                self._pairs.add(_pair(name, network), now)
                self._addresses.add(network, now)
                self._names.add(name, now)
            return wait

    def wait(self, name: str, address: str) -> int:
        """Seconds to wait as things stand."""
        with self._lock:
            return self._wait(name, _network(address), self._clock())

    def _wait(self, name: str, network: str, now: float) -> int:
        pair = _pair(name, network)
        wait = self._pairs.wait(pair, now)
        if pair not in self._known:
            wait = max(wait, self._addresses.wait(network, now), self._names.wait(name, now))
        return math.ceil(wait)

    def succeeded(self, name: str, address: str) -> None:
        """The try just begun was right."""
        network = _network(address)
        pair = _pair(name, network)
        with self._lock:
            self._pairs.forget(pair)
            self._names.forget(name)
            # not forgotten: one account of the attacker's own would buy any number of tries
            self._addresses.take_back(network)
            self._known[pair] = None
            self._known.move_to_end(pair)
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)


def _pair(name: str, network: str) -> str:
    return f"{name}\n{network}"


def _network(address: str) -> str:
    """The address, of IPv6 its /64: one machine has them all."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
