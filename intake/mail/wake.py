"""A bell between threads that a wait on sockets hears too, on Windows as well: a pair of connected sockets."""

import contextlib
import selectors
import socket

__all__ = ["Wake"]


class Wake:
    """Like `threading.Event`, and its `socket` can be waited on beside others. Rung from any thread or signal handler."""

    def __init__(self) -> None:
        self.socket, self._bell = socket.socketpair()
        self.socket.setblocking(False)
        self._bell.setblocking(False)

    @property
    def bell_fileno(self) -> int:
        """Whatever byte comes there rings: for `signal.set_wakeup_fd`."""
        return self._bell.fileno()

    def ring(self) -> None:
        """Wake whoever waits, or whoever waits next."""
        with contextlib.suppress(OSError):  # full: it rings already; closed: nobody waits
            self._bell.send(b"\0")

    def clear(self) -> bool:
        """Still it; whether it had been rung."""
        rung = False
        with contextlib.suppress(BlockingIOError):
            while self.socket.recv(4096):
                rung = True
        return rung

    def wait(self, seconds: float) -> bool:
        """Until it rings, at most so many seconds; whether it rang. It rings on until `clear`."""
        with selectors.DefaultSelector() as selector:
            selector.register(self.socket, selectors.EVENT_READ)
            return bool(selector.select(max(0.0, seconds)))

    def close(self) -> None:
        """No more."""
        self.socket.close()
        self._bell.close()
