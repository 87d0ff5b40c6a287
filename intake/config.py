"""Settings in two places, each with one owner.

*Workstation* (`config.toml`): where the store is, who usually works here, the language. One per machine.
*Office* (`OfficeSettings`): mailbox, agreement, postcodes, periods. One per office, kept in the store as a row
signed by who set it, so that every workstation works by the same terms and a changed one is noticed.
"""

import os
import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from intake.agreement import GIVEN_NOW, Agreement
from intake.deadlines import Targets
from intake.errors import ConfigurationError, WrongUse
from intake.mail.ways import Password, SignIn
from intake.retention import Periods
from intake.texts import LANGUAGES, _
from storage.errors import N_

APP_NAME = "ocmw-intake"

Postcode = Annotated[str, StringConstraints(pattern=r"^[0-9]{4,5}$")]
Domain = Annotated[
    str,
    StringConstraints(
        pattern=r"(?i)^([a-z0-9._+-]{1,64}@)?[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+$", to_lower=True
    ),
]
ServerName = Annotated[
    str,
    StringConstraints(
        pattern=r"(?i)^([a-z0-9]([a-z0-9._-]{0,251}[a-z0-9])?)?$", to_lower=True, strip_whitespace=True
    ),
]
"""A server as it names itself in Authentication-Results, or "microsoft"; "" is not set."""
FolderName = Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=r"^[^\x00-\x1f*%\"\\]+$")]


SelectionRule = Annotated[
    str, StringConstraints(max_length=40, pattern=r"^([0-9A-Za-z][0-9A-Za-z ./_-]*)?$", strip_whitespace=True)
]
"""The number of the rule in the selection list of the archives under which case files may be destroyed; "" is not set."""
FolderPath = Annotated[str, StringConstraints(min_length=1, max_length=1024, pattern=r"^[^\x00-\x1f]+$")]
"""A folder, absolute or from the store's folder on."""
Account = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9.-]{0,31}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
"""A language's code of ISO 639, such as nl, fr or tr."""
Argument = Annotated[str, StringConstraints(min_length=1, max_length=4096, pattern=r"^[^\x00]+$")]
CommandName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,40}(\.[a-z0-9-]{1,40})?$")]
KeyName = Annotated[str, StringConstraints(min_length=1, max_length=20, pattern=r"^[^\x00-\x1f]+$")]


class ConfigurationMissing(ConfigurationError):
    """There is no configuration file yet."""

    template = N_(
        "There is no configuration at %(path)s. Run 'ocmw-intake init', or 'ocmw-intake demo' to try it."
    )


class ConfigurationUnusable(ConfigurationError):
    """The configuration file cannot be read or holds something that is not allowed."""

    template = N_(
        "The configuration %(path)s cannot be used: %(where)s. Mend it or run 'ocmw-intake init' again."
    )


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Workstation(_Settings):
    """One machine's settings. `store` is absolute or relative to the configuration `file` they came from.

    Where the passphrase of commands without a terminal comes from is named here, the passphrase itself never:
    `passphrase_file` (readable by its owner alone), `passphrase_command` (a program and its arguments, run without a
    shell), `keyring` (the operating system's own). They are asked in that order.
    `keys` are the user's own keys by the name of the command (`ocmw-intake keys`); the screens check them.
    """

    store: Path
    user: str | None = None
    language: Literal["nl", "en"] = "nl"
    fingerprint: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{40}$")] | None = None
    passphrase_file: Path | None = None
    passphrase_command: tuple[Argument, ...] = Field(default=(), max_length=50)
    keyring: bool = False
    keys: dict[CommandName, KeyName] = Field(default_factory=dict, max_length=200)
    file: Path | None = Field(default=None, exclude=True)

    @field_validator("keys", mode="before")
    @classmethod
    def _flat(cls, keys: object) -> object:
        """In TOML `go.board = "f11"` is a table within the table."""
        if not isinstance(keys, dict):
            return keys
        flat: dict[object, object] = {}
        for name, value in keys.items():
            if isinstance(value, dict):
                flat |= {f"{name}.{below}": key for below, key in value.items()}
            else:
                flat[name] = value
        return flat

    def remember(self, fingerprint: str, user: str | None = None) -> "Workstation":
        """Keep the fingerprint of the office's list of users, once and for all, and who signed in last.

        Returns the settings as they are then. A workstation trusts the list it first signed in to; a later one that
        begins with another founder is refused.
        """
        known = self.model_copy(
            update={"fingerprint": self.fingerprint or fingerprint, "user": user or self.user}
        )
        if known != self and self.file is not None:
            save_workstation(self.file, known)
        return known


S = TypeVar("S", bound=_Settings)


PORTS = {"tls": 993, "starttls": 143}
"""The usual port for each way in which the connection is secured."""
DEFAULT_SENDER = "opgroeien.be"
"""Where the local teams of Kind en Gezin send from."""


class MailboxConfig(_Settings):
    """The shared mailbox: how it is reached, its folders, and the way of signing in, of which older settings had one.

    The password, or whatever the way needs in its place, is a sealed secret, not a setting.
    `junk`: whether mails of trusted senders are taken from the folder for spam too, and which folder that is if neither its
    mark nor its name tells.
    """

    host: str = Field(min_length=1, max_length=253)
    port: int = Field(ge=1, le=65535)
    security: Literal["tls", "starttls"] = "tls"
    user: str = Field(min_length=1, max_length=254)
    ca_pem: str | None = Field(default=None, max_length=65536)
    inbox: FolderName = "INBOX"
    processed: FolderName = "Verwerkt"
    quarantine: FolderName = "Quarantaine"
    junk: bool | FolderName = True
    poll_seconds: int = Field(default=60, ge=5, le=3600)
    sign_in: SignIn = Password()


class WorkerTerms(_Settings):
    """What a worker is for besides everything: an area by its postcodes, the languages spoken with clients."""

    postcodes: tuple[Postcode, ...] = Field(default=(), max_length=100)
    languages: tuple[Language, ...] = Field(default=(), max_length=20)

    @field_validator("postcodes", "languages")
    @classmethod
    def _unique(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(values))


class OfficeSettings(_Settings):
    """What the OCMW decided (protocol, "Settings that the OCMW decides").

    `authentication_server` is the name by which one's own receiving mail server signs its Authentication-Results, "microsoft"
    for Exchange Online; `authenticity` is what follows where that server does not confirm a trusted sender.
    """

    mailbox: MailboxConfig
    agreement: Agreement = Agreement()
    postcodes: tuple[Postcode, ...] = ()
    workers: dict[Account, WorkerTerms] = Field(default_factory=dict, max_length=500)
    trusted_senders: tuple[Domain, ...] = ()
    authenticity: Literal["require", "warn", "off"] = "warn"
    authentication_server: ServerName = ""
    visibility: Literal["assigned", "team"] = "assigned"
    case_files: Literal["external", "local"] = "external"
    contact_working_days: int = Field(default=3, ge=1, le=30)
    hard_stop_months: int = Field(default=1, ge=1, le=6)
    undecided_reminder_days: int = Field(default=14, ge=1, le=90)
    quality_reminder_days: int = Field(default=10, ge=1, le=60)
    attempts_before_unreachable: int = Field(default=3, ge=1, le=20)
    keep_after_unreachable_days: int = Field(default=30, ge=0, le=365)
    keep_after_declined_days: int = Field(default=0, ge=0, le=365)
    keep_quarantine_days: int = Field(default=60, ge=14, le=365)
    recent_activity_days: int = Field(default=0, ge=0, le=90)
    selection_rule: SelectionRule = ""
    closing_days: tuple[date, ...] = Field(default=(), max_length=200)
    lock_minutes: int = Field(default=10, ge=1, le=60)
    backup_folder: FolderPath | None = None
    former_backup_folders: tuple[FolderPath | None, ...] = Field(default=(), max_length=20)
    backup_days: int = Field(default=30, ge=1, le=365)
    version: int = Field(default=1, ge=1)

    @field_validator("postcodes", "trusted_senders")
    @classmethod
    def _unique(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(values))

    @model_validator(mode="after")
    def _someone_confirms(self) -> Self:
        """Nobody's word can be required where it is not said whose word counts."""
        if self.authenticity == "require" and not self.authentication_server:
            raise PydanticCustomError("no_server", "authentication_server")
        return self

    @property
    def periods(self) -> Periods:
        """The retention periods as the table wants them."""
        return Periods(self.keep_after_unreachable_days, self.keep_after_declined_days)

    @property
    def targets(self) -> Targets:
        """The deadlines as `intake.deadlines` wants them."""
        return Targets(self.contact_working_days, self.hard_stop_months, self.undecided_reminder_days)


def config_path(given: Path | None = None) -> Path:
    """`--config`, else `$OCMW_INTAKE_CONFIG`, else the user's configuration folder."""
    if given is not None:
        return given
    if from_environment := os.environ.get("OCMW_INTAKE_CONFIG"):
        return Path(from_environment)
    from platformdirs import user_config_path

    return user_config_path(APP_NAME, appauthor=False) / "config.toml"


def load_workstation(path: Path) -> Workstation:
    """Read and check a workstation's configuration; `store` comes back absolute, `file` is where it was.

    Raises ConfigurationMissing or ConfigurationUnusable.
    """
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigurationMissing(path=path) from None
    except UnicodeDecodeError as error:
        where = _("byte %(place)d is no text") % {"place": error.start + 1}
        raise ConfigurationUnusable(path=path, where=where) from None
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationUnusable(path=path, where=str(error)) from None
    workstation = checked(Workstation, values, path)
    found: dict[str, Path] = {"store": (path.parent / workstation.store.expanduser()).resolve(), "file": path}
    if workstation.passphrase_file is not None:
        found["passphrase_file"] = path.parent / workstation.passphrase_file.expanduser()
    return workstation.model_copy(update=found)


def checked(model: type[S], values: dict[str, Any], path: Path | str) -> S:
    """`values` as a checked `model`, or ConfigurationUnusable naming the first place that is wrong."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise ConfigurationUnusable(path=path, where=_first_wrong(error)) from None


def checked_use(model: type[S], values: dict[str, Any]) -> S:
    """As `checked`, for what someone gives now: WrongUse naming the first setting that is wrong."""
    try:
        return model.model_validate(values, context=GIVEN_NOW)
    except ValidationError as error:
        problem = _("This setting cannot be used: %(where)s. Give another value.") % {
            "where": _first_wrong(error)
        }
        raise WrongUse(problem=problem) from None


_EXPECTED = {
    "string_pattern_mismatch": N_("the form of the value is not right"),
    "literal_error": N_("this is not one of the choices"),
    "extra_forbidden": N_("there is no such setting"),
    "missing": N_("it is missing"),
    "before_start": N_("this day lies before the day on which the agreement came into force"),
    "no_server": N_("'authenticity' can be 'require' only with an 'authentication_server'"),
}


def _first_wrong(error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    where = ".".join(str(part) for part in first["loc"]) or _("the file")
    kind = first["type"]
    said = _(_EXPECTED[kind]) if kind in _EXPECTED else first["msg"]
    return f"{where}: {said}"


def _toml_string(text: str) -> str:
    import json

    return json.dumps(text, ensure_ascii=False)  # a JSON string is a valid TOML basic string


def save_workstation(path: Path, workstation: Workstation) -> None:
    """Write a workstation's configuration, creating its folder."""
    lines = [
        f"store = {_toml_string(str(workstation.store))}",
        f"language = {_toml_string(workstation.language)}",
    ]
    if workstation.user:
        lines.append(f"user = {_toml_string(workstation.user)}")
    if workstation.fingerprint:
        lines.append(f"fingerprint = {_toml_string(workstation.fingerprint)}")
    if workstation.passphrase_file:
        lines.append(f"passphrase_file = {_toml_string(str(workstation.passphrase_file))}")
    if workstation.passphrase_command:
        lines.append(f"passphrase_command = [{', '.join(map(_toml_string, workstation.passphrase_command))}]")
    if workstation.keyring:
        lines.append("keyring = true")
    if workstation.keys:
        # A table stands last: what follows it would belong to it.
        lines += ["", "[keys]"]
        lines += [f"{name} = {_toml_string(key)}" for name, key in workstation.keys.items()]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    except OSError as error:
        raise ConfigurationUnusable(path=path, where=error.strerror or str(error)) from None


def language_of(path: Path) -> str:
    """The language to speak before anything else is known: `$OCMW_INTAKE_LANGUAGE`, the file, else Dutch."""
    asked = os.environ.get("OCMW_INTAKE_LANGUAGE", "")
    if asked in LANGUAGES:
        return asked
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8")).get("language", "nl")
    except (OSError, ValueError):
        return "nl"
    return found if found in LANGUAGES else "nl"
