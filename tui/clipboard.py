"""Copying a text to the clipboard of whoever sits there: this machine's own, or through the terminal when it is far away."""

import os
from collections.abc import Mapping

__all__ = ["copy_here", "is_remote", "over_ssh"]


def over_ssh(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the terminal is on another machine."""
    return any(environment.get(name) for name in ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"))


def is_remote(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the screen is shown elsewhere: over SSH, or a Windows remote desktop, whose session is called RDP-…"""
    return over_ssh(environment) or environment.get("SESSIONNAME", "").upper().startswith("RDP-")


def copy_here(text: str) -> bool:
    """To this machine's clipboard; False where it has none that can be reached. May wait for another program."""
    import pyperclip

    try:
        pyperclip.copy(text)
    except (pyperclip.PyperclipException, OSError):
        return False
    return True
