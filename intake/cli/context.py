"""The global options, where a passphrase comes from, and signing in for a command."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from intake.config import Workstation, config_path, load_workstation
from intake.errors import IntakeError, NotAllowed, WrongUse
from intake.texts import N_, _

if TYPE_CHECKING:
    from intake.desk import Desk

CREDENTIAL = "ocmw-intake-passphrase"
LONGEST_SECRET = 4096


class NoUser(NotAllowed):
    """Nobody was named."""

    template = N_("Say who you are: --as USER, $OCMW_INTAKE_USER, or 'user' in the configuration.")


class NoPassphrase(IntakeError):
    """There is no passphrase and no terminal to ask it on."""

    template = N_("There is no terminal to ask the passphrase on. Give it with --passphrase-file.")
    exit_code = 4


class SecretFileUnusable(WrongUse):
    """A file with a secret cannot be read."""

    template = N_("The file given with %(option)s cannot be read. Check its name and rights.")


@dataclass
class Context:
    """What holds for one call of the program. `open_screen` opens the worklist on a configuration."""

    config: Path | None = None
    user: str | None = None
    passphrase_file: Path | None = None
    json: bool = False
    open_screen: Callable[..., int] | None = None

    @property
    def config_path(self) -> Path:
        """The configuration file of this call."""
        return config_path(self.config)

    def workstation(self) -> Workstation:
        """The configuration; ConfigurationMissing or ConfigurationUnusable."""
        return load_workstation(self.config_path)

    def user_name(self, workstation: Workstation) -> str:
        """`--as`, `$OCMW_INTAKE_USER`, else the configuration's user."""
        name = self.user or os.environ.get("OCMW_INTAKE_USER") or workstation.user
        if not name:
            raise NoUser
        return name

    def passphrase(self, user: str) -> str:
        """From `--passphrase-file`, `$CREDENTIALS_DIRECTORY`, or a prompt; never from an argument."""
        if self.passphrase_file is not None:
            return read_secret(self.passphrase_file, "--passphrase-file")
        folder = os.environ.get("CREDENTIALS_DIRECTORY")
        if folder and (Path(folder) / CREDENTIAL).is_file():
            return read_secret(Path(folder) / CREDENTIAL, "$CREDENTIALS_DIRECTORY")
        return ask_secret(_("Passphrase of %(user)s: ") % {"user": user})

    @contextmanager
    def desk(self) -> Iterator["Desk"]:
        """The desk of the user of this call, signed in."""
        from intake.desk import open_desk

        workstation = self.workstation()
        user = self.user_name(workstation)
        passphrase = self.passphrase(user)
        desk = open_desk(workstation.store, user, passphrase, trusted=workstation.fingerprint)
        try:
            workstation.remember(desk.office.directory.fingerprint)
            yield desk
        finally:
            desk.close()


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
