"""Where a passphrase comes from: files, a command, the operating system's keyring, the terminal. Never an argument.

Which of them is asked, and in what order, is in `context.py`.
"""

import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from intake.errors import ConfigurationError, IntakeError, WrongUse
from intake.texts import N_, _

LONGEST_SECRET = 4096
COMMAND_SECONDS = 30.0
KEYRING_SERVICE = "ocmw-intake"


class NoPassphrase(IntakeError):
    """There is no passphrase and no terminal to ask it on."""

    template = N_("There is no terminal to ask the passphrase on. Give it with --passphrase-file.")
    exit_code = 4


class SecretFileUnusable(WrongUse):
    """A file with a secret cannot be read."""

    template = N_("The file given with %(option)s cannot be read. Check its name and rights.")


class SecretFileOpen(ConfigurationError):
    """The file with a passphrase that the configuration names can be read by others. Values: path."""

    template = N_(
        "Other users of this machine can read %(path)s, so its passphrase is not used. Take their rights away "
        "(chmod 600), and change the passphrase."
    )


class SecretCommandFailed(ConfigurationError):
    """The command that should give the passphrase does not."""

    template = N_(
        "The 'passphrase_command' of the configuration gave no passphrase. Run it by hand: it must print one line, "
        "end with status 0, and take no longer than %(seconds)s seconds."
    )


class KeyringUnusable(ConfigurationError):
    """The keyring is asked for, and cannot be asked."""

    template = N_("The keyring of this machine cannot be used: %(why)s")


def read_secret(path: Path, option: str) -> str:
    """The first line of a file that holds a secret, without its line break."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            secret = file.readline(LONGEST_SECRET + 1).rstrip("\r\n")
    except (OSError, UnicodeDecodeError):
        raise SecretFileUnusable(option=option) from None
    if not secret or len(secret) > LONGEST_SECRET:
        raise SecretFileUnusable(option=option)
    return secret


def readable_by_others(path: Path) -> bool:
    """Whether other users may read the file. Windows keeps that in access lists, which are not looked at."""
    if os.name != "posix":
        return False
    try:
        return bool(path.stat().st_mode & 0o077)
    except OSError:
        return False


def private_secret(path: Path, option: str) -> str:
    """As `read_secret`; SecretFileOpen when others may read the file."""
    if readable_by_others(path):
        raise SecretFileOpen(path=path)
    return read_secret(path, option)


def warn_of_open_file(path: Path) -> None:
    """Tell a person at the terminal that others may read the file; a script's standard error stays clean."""
    if sys.stderr.isatty() and readable_by_others(path):
        said = _("Other users of this machine can read %(path)s. Take their rights away (chmod 600).")
        sys.stderr.write(said % {"path": path} + "\n")


def secret_of_command(command: Sequence[str], *, seconds: float = COMMAND_SECONDS) -> str:
    """The first line that the command prints. No shell, nothing to read, bounded in time and output.

    Raises SecretCommandFailed.
    """
    import subprocess

    failed = SecretCommandFailed(seconds=round(seconds))
    try:
        process = subprocess.Popen(  # noqa: S603 - the user's own configuration names the program
            list(command), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
    except (OSError, ValueError):
        raise failed from None
    output = process.stdout
    assert output is not None
    got: list[bytes] = []

    def read() -> None:
        with output:
            got.append(output.read(LONGEST_SECRET + 3))

    # A thread, since a pipe has no time limit on Windows.
    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    reader.join(seconds)
    try:
        if reader.is_alive() or not got or len(got[0]) > LONGEST_SECRET + 2 or process.wait(seconds) != 0:
            raise failed
        secret = got[0].decode("utf-8-sig").split("\n")[0].rstrip("\r")
    except (subprocess.TimeoutExpired, UnicodeDecodeError):
        raise failed from None
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    if not secret:
        raise failed
    return secret


def secret_of_keyring(user: str) -> str | None:
    """The passphrase that the operating system keeps for `user`; None when it keeps none.

    Without a terminal only Windows is asked: other keyrings may put up a dialog that nobody answers. Raises
    KeyringUnusable.
    """
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        raise KeyringUnusable(
            why=_("it needs the extra package: pip install 'ocmw-intake[keyring]'.")
        ) from None
    if not sys.stdin.isatty() and type(keyring.get_keyring()).__module__ != "keyring.backends.Windows":
        raise KeyringUnusable(
            why=_(
                "there is no terminal, and it might ask something. Use a passphrase file for unattended work."
            )
        )
    try:
        return keyring.get_password(KEYRING_SERVICE, user) or None
    except KeyringError:
        raise KeyringUnusable(
            why=_("it is locked or there is none. Unlock it, or use another source.")
        ) from None


def ask_secret(prompt: str) -> str:
    """Ask on the terminal without showing what is typed; NoPassphrase without a terminal."""
    import getpass

    if not sys.stdin.isatty():
        raise NoPassphrase
    return getpass.getpass(prompt)


@contextmanager
def secret_file(path: Path | None) -> Iterator[Callable[[str], None]]:
    """A new file that only this user may read, made before the secret is: what cannot be kept must not be made.

    The block is given the function that writes the secret; when the block fails, the file is taken away again.
    Without a path nothing is written. Raises WrongUse when the file exists or cannot be made.
    """
    if path is None:
        yield lambda _secret: None
        return
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise WrongUse(problem=_("The file for the secret exists already. Choose another name.")) from None
    except OSError:
        raise WrongUse(
            problem=_("The file for the secret cannot be written. Choose another folder.")
        ) from None
    with os.fdopen(handle, "w", encoding="utf-8") as file:

        def keep(secret: str) -> None:
            file.write(secret + "\n")
            file.flush()
            os.fsync(file.fileno())

        try:
            yield keep
        except BaseException:
            file.close()
            path.unlink(missing_ok=True)
            raise
