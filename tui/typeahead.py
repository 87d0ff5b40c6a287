"""Keys in the order in which they were typed: each goes to what has the focus once the key before it has done its work.

Textual hands a key to the widget that has the focus and takes up the next one at once, while what a key is bound to is
looked up only when the key has come back to the application. Of a name, Tab and a passphrase that arrive together (a
password manager that types, a slow line, a machine that is busy) the passphrase would land in the field of the name.
In the same way a key that is typed while a dialog or a screen is on its way waits for it: it was meant for what it asks.
"""

import time
from collections import deque

from textual import events
from textual.app import App
from textual.message import Message
from textual.widget import Widget

PATIENCE_SECONDS = 0.25
"""A key whose end is not told within this time has lost its widget; the next one waits no longer."""

OPENING_SECONDS = 2.0
"""So long a key waits at most for what a key before it brings to the front."""
_LOOK_SECONDS = 0.02

OPENING = frozenset({"assign", "do", "open", "step", "text", "way"})
"""Groups of workers that ask the desk, then put a dialog or another screen in front."""

_ROUNDS = 2
"""A key's own way to the application, and that of what its action told there (a field that is sent with Enter)."""


class KeyDone(Message):
    """Follows a key on its way from the widget up to the application; when it is there, so was the key."""

    def __init__(self, start: Widget) -> None:
        super().__init__()
        self.start = start
        self.rounds = 1
        self.since = time.monotonic()

    def next_round(self) -> "KeyDone":
        """The same once more, from where the key began."""
        again = KeyDone(self.start)
        again.rounds, again.since = self.rounds + 1, self.since
        return again


class KeysInOrder(App[int]):
    """An application that holds back what is typed while a key is under way."""

    _under_way: KeyDone | None = None

    def __init__(self) -> None:
        super().__init__()
        self._held: deque[events.Key | events.Paste] = deque()
        self._opening_since: float | None = None

    async def on_event(self, event: events.Event) -> None:
        """Hand out one key at a time."""
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
            await super().on_event(event)
        elif not self._held and not self._is_busy():
            await self._hand_out(event)
        else:
            self._held.append(event)
            if len(self._held) == 1:
                self._look_again()

    def _is_busy(self) -> bool:
        """Whether a key waits: for the end of the one before it, or for what that one brings to the front."""
        key = self._under_way
        if key is not None and time.monotonic() - key.since <= PATIENCE_SECONDS:
            return True
        if not self._is_opening():
            self._opening_since = None
            return False
        if self._opening_since is None:
            self._opening_since = time.monotonic()
        return time.monotonic() - self._opening_since <= OPENING_SECONDS

    def _is_opening(self) -> bool:
        """Whether something is about to come to the front, or is not yet wholly there."""
        front = self.screen
        if not front.is_mounted:
            return True
        return any(
            worker.group in OPENING and not worker.is_finished and front in worker.node.ancestors_with_self
            for worker in self.workers
        )

    def _look_again(self) -> None:
        self.set_timer(_LOOK_SECONDS, self._hand_out_held)

    async def _hand_out(self, event: events.Key | events.Paste) -> None:
        start = self.focused or self.screen
        self._under_way = done = KeyDone(start)
        await super().on_event(event)
        if not event.is_forwarded or not start.post_message(done):
            self._ended()

    def on_key_done(self, message: KeyDone) -> None:
        """The key was here."""
        if message is self._under_way:
            if message.rounds < _ROUNDS and message.start.is_attached:
                self._under_way = again = message.next_round()
                if message.start.post_message(again):
                    return
            self._ended()

    def _ended(self) -> None:
        self._under_way = None
        if self._held:
            # After what the key asked for: the focus changes in a callback of its own.
            self.call_later(self._hand_out_held)

    async def _hand_out_held(self) -> None:
        if not self._held:
            return
        if not self._is_busy():
            await self._hand_out(self._held.popleft())
        if self._held:
            self._look_again()
