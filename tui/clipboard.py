"""Copying a text to the clipboard of whoever sits there: this machine's own, or through the terminal when it is far away."""

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from textual.app import App

if TYPE_CHECKING:
    from tui.bridge import Bridge

__all__ = ["copy", "copy_here", "is_remote", "over_ssh"]


def over_ssh(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the terminal is on another machine."""
    return any(environment.get(name) for name in ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"))


def is_remote(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the screen is shown elsewhere: over SSH, or a Windows remote desktop, whose session is called RDP-…"""
    return over_ssh(environment) or environment.get("SESSIONNAME", "").upper().startswith("RDP-")


async def copy(app: App[Any], text: str) -> bool:
    """The one way in which all is copied. False where only the terminal got the text, which may not pass it on."""
    app.copy_to_clipboard(text)  # through the terminal
    bridge: Bridge = app.bridge  # type: ignore[attr-defined]  # of this program's application
    return not over_ssh() and await bridge.apart(lambda: copy_here(text))


def copy_here(text: str) -> bool:
    """To this machine's clipboard; False where it has none that can be reached. May wait for another program."""
    import pyperclip

    try:
        pyperclip.copy(text)
    except (pyperclip.PyperclipException, OSError):
        return False
    return True
