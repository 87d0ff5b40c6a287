"""A real terminal for tests: the program on a pseudo-terminal, its screen kept by pyte, waits that end when seen."""

import os
import select
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType

import pyte

ROOT = Path(__file__).resolve().parents[2]


ALTERNATE = 1049
"""The private mode by which a program asks for a screen of its own, which is empty at first."""


class _Screen(pyte.Screen):
    """As pyte's, which knows no second screen."""

    def set_mode(self, *modes: int, **more: bool) -> None:
        super().set_mode(*modes, **more)
        if ALTERNATE in modes and more.get("private"):
            self.erase_in_display(2)


class Terminal:
    """The program in a terminal of `columns` × `lines`. Only where the system has pseudo-terminals."""

    def __init__(self, arguments: Sequence[str], *, columns: int = 80, lines: int = 24) -> None:
        import fcntl
        import pty
        import termios

        self._screen = _Screen(columns, lines)
        self._stream = pyte.ByteStream(self._screen)
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        kept = {
            k: v for k, v in os.environ.items() if not k.startswith(("OCMW_INTAKE", "NO_COLOR", "TEXTUAL"))
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tui.main", *arguments],
            cwd=ROOT,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            env=kept | {"TERM": "xterm-256color", "COLUMNS": str(columns), "LINES": str(lines)},
        )
        os.close(slave)

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        os.close(self._master)

    def text(self) -> str:
        """What stands on the screen now; spaces that do not break are plain ones."""
        return "\n".join(line.replace("\xa0", " ").rstrip() for line in self._screen.display)

    def _read(self, seconds: float) -> None:
        self.draw(self.raw(seconds))

    def raw(self, seconds: float) -> bytes:
        """What the program writes next, waited for at most `seconds`; to be measured, and drawn by `draw` afterwards."""
        ready, _, _ = select.select([self._master], [], [], seconds)
        if not ready:
            return b""
        try:
            return os.read(self._master, 65536)
        except OSError:  # the other side has closed
            time.sleep(0.01)
            return b""

    def draw(self, written: bytes) -> None:
        """Put on the screen what the program wrote."""
        self._stream.feed(written)

    def wait_for(self, *texts: str, seconds: float = 40) -> str:
        """Read until all `texts` stand on the screen; returns the screen. AssertionError with it when they do not."""
        return self.wait_until(lambda screen: all(text in screen for text in texts), seconds, f"{texts}")

    def wait_gone(self, text: str, seconds: float = 40) -> str:
        """Read until `text` no longer stands on the screen."""
        return self.wait_until(lambda screen: text not in screen, seconds, f"{text!r} gone")

    def wait_until(self, true: Callable[[str], bool], seconds: float = 40, what: str = "") -> str:
        """Read until something is true of the screen, which is returned; AssertionError with it when it never is."""
        deadline = time.monotonic() + seconds
        while not true(screen := self.text()):
            assert time.monotonic() < deadline, f"not on the screen: {what}\n{screen}"
            self._read(0.2)
        return screen

    def type(self, text: str) -> None:
        """Type characters."""
        os.write(self._master, text.encode())

    def clear_line(self) -> None:
        """Empty the field that the cursor is in."""
        os.write(self._master, KEYS["end"] + KEYS["ctrl+u"])

    def press(self, *keys: str) -> None:
        """Press named keys."""
        for key in keys:
            os.write(self._master, KEYS[key])

    def wait_closed(self, seconds: float = 30) -> int:
        """The program's exit status, once it has ended by itself."""
        deadline = time.monotonic() + seconds
        while self.process.poll() is None:
            assert time.monotonic() < deadline, self.text()
            self._read(0.2)
        return self.process.returncode


KEYS = {
    "enter": b"\r",
    "escape": b"\x1b",
    "tab": b"\t",
    "down": b"\x1b[B",
    "up": b"\x1b[A",
    "home": b"\x1b[H",
    "space": b" ",
    "right": b"\x1b[C",
    "end": b"\x1b[F",
    "f2": b"\x1bOQ",
    "f4": b"\x1bOS",
    "f6": b"\x1b[17~",
    "ctrl+u": b"\x15",
    "ctrl+o": b"\x0f",
    "ctrl+q": b"\x11",
}
