"""A line that is as bad as lines get: a proxy on loopback that cuts, halves, stalls, delays and drips, both ways, by seed.

It sees bytes, not letters: TLS goes through it untouched, so that what breaks, breaks anywhere in a command, an answer or
the handshake. No test in here.
"""

import contextlib
import random
import socket
import threading
import time
from collections import Counter
from typing import Self

from tests.dovecot import HOST

__all__ = ["Chaos"]


class Chaos:
    """Listens on loopback in front of a server; `calm` lets everything through unharmed from then on.

    `often` is the chance that a piece of data (at most 64 kB) meets something; `longest` is the longest stall in seconds.
    What happened is counted in `met`.
    """

    KINDS = ("cut", "half", "stall", "silence", "delay", "drip")
    WEIGHTS = (3, 3, 1, 1, 8, 6)

    def __init__(self, port: int, seed: int, *, often: float = 0.08, longest: float = 0.2) -> None:
        self._to, self._often, self._longest = port, often, longest
        self._seeds = random.Random(seed)
        self._guard = threading.Lock()
        self.met: Counter[str] = Counter()
        self.calm = False
        self._ended = threading.Event()
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._listening = socket.create_server((HOST, 0))
        self.port = int(self._listening.getsockname()[1])

    def __enter__(self) -> Self:
        self._run(self._accept)
        return self

    def __exit__(self, *_error: object) -> None:
        self._ended.set()
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        with self._guard:
            left = list(self._open)
        for one in left:
            _cut(one)
        for thread in self._threads:
            thread.join(10)

    def _run(self, work: object, *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)  # type: ignore[arg-type]
        self._threads = [one for one in self._threads if one.is_alive()] + [thread]
        thread.start()

    def _accept(self) -> None:
        while not self._ended.is_set():
            try:
                client, _address = self._listening.accept()
            except OSError:
                return
            try:
                server = socket.create_connection((HOST, self._to), timeout=5)
            except OSError:
                client.close()  # the server is down
                continue
            server.settimeout(None)
            with self._guard:
                self._open |= {client, server}
                dice = [random.Random(self._seeds.getrandbits(64)) for _way in range(2)]
            self._run(self._pass, client, server, dice[0])
            self._run(self._pass, server, client, dice[1])

    def _pass(self, giver: socket.socket, taker: socket.socket, dice: random.Random) -> None:
        with contextlib.suppress(OSError):
            while data := giver.recv(65_536):
                if not self._hand_on(taker, data, dice):
                    break
        _cut(giver)
        _cut(taker)
        with self._guard:
            self._open -= {giver, taker}
        giver.close()

    def _hand_on(self, taker: socket.socket, data: bytes, dice: random.Random) -> bool:
        """Whether the line is still there afterwards."""
        if self.calm or dice.random() >= self._often:
            taker.sendall(data)
            return True
        (kind,) = dice.choices(self.KINDS, self.WEIGHTS)
        self.met[kind] += 1
        if kind == "cut":
            return False
        if kind == "half":
            taker.sendall(data[: len(data) // 2])
            return False
        if kind == "silence":
            # Nothing more comes, and nobody says so: as when a router forgets a connection.
            self._ended.wait(self._longest * 10)
            return False
        if kind == "drip":
            size = max(1, len(data) // dice.randint(2, 12))
            for start in range(0, len(data), size):
                taker.sendall(data[start : start + size])
                time.sleep(0.0005)
            return True
        self._ended.wait(dice.uniform(0.0, self._longest if kind == "stall" else self._longest / 10))
        taker.sendall(data)
        return True


def _cut(one: socket.socket) -> None:
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
