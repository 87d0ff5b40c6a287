"""The global options, where a passphrase comes from, and signing in for a command."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intake.cli.sources import (
    ask_secret,
    private_secret,
    read_secret,
    secret_of_command,
    secret_of_keyring,
    warn_of_open_file,
)
from intake.config import Workstation, config_path, load_workstation
from intake.errors import NotAllowed, sentence
from intake.memory import memory_folder
from intake.texts import N_, _

if TYPE_CHECKING:
    from intake.desk import Desk

CREDENTIAL = "ocmw-intake-passphrase"


class NoUser(NotAllowed):
    """Nobody was named."""

    template = N_("Say who you are: --as USER, $OCMW_INTAKE_USER, or 'user' in the configuration.")


def warn(desk: "Desk") -> None:
    """Say on standard error when the store is not what this workstation saw."""
    if desk.warning is not None:
        sys.stderr.write(" ".join(sentence(desk.warning).split()) + "\n")


@dataclass
class Context:
    """What holds for one call of the program. `open_screen` opens the worklist on a configuration.

    `open_start` opens the first run, which writes the configuration of that name; None from it means that the demo is
    wanted. `list_keys` gives the commands of the screens, of which the command line itself knows nothing.
    """

    config: Path | None = None
    user: str | None = None
    passphrase_file: Path | None = None
    json: bool = False
    open_screen: Callable[..., int] | None = None
    open_start: Callable[[Path], int | None] | None = None
    list_keys: Callable[[Workstation | None], list[dict[str, Any]]] | None = None

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
        """From the first of these that is named; never from an argument.

        `--passphrase-file`, `$CREDENTIALS_DIRECTORY`; of the configuration `passphrase_file`, `passphrase_command`,
        `keyring`; and a prompt.
        """
        if self.passphrase_file is not None:
            warn_of_open_file(self.passphrase_file)
            return read_secret(self.passphrase_file, "--passphrase-file")
        folder = os.environ.get("CREDENTIALS_DIRECTORY")
        if folder and (Path(folder) / CREDENTIAL).is_file():
            return read_secret(Path(folder) / CREDENTIAL, "$CREDENTIALS_DIRECTORY")
        workstation = self.workstation()
        if workstation.passphrase_file is not None:
            return private_secret(workstation.passphrase_file, "passphrase_file")
        if workstation.passphrase_command:
            return secret_of_command(workstation.passphrase_command)
        if workstation.keyring and (kept := secret_of_keyring(user)) is not None:
            return kept
        return ask_secret(_("Passphrase of %(user)s: ") % {"user": user})

    @contextmanager
    def desk(self) -> Iterator["Desk"]:
        """The desk of the user of this call, signed in."""
        from intake.desk import open_desk

        workstation = self.workstation()
        user = self.user_name(workstation)
        passphrase = self.passphrase(user)
        desk = open_desk(
            workstation.store,
            user,
            passphrase,
            trusted=workstation.fingerprint,
            memory=memory_folder(workstation),
        )
        warn(desk)
        try:
            workstation.remember(desk.office.directory.fingerprint)
            desk.tidy()
            yield desk
        finally:
            desk.close()
