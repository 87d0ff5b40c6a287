"""The fields for the way of signing in to the mailbox, part of the dialog on the mailbox: only those of the chosen way show.

Secrets are never shown: an empty field leaves them as they are.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from textual.app import ComposeResult
from textual.widget import Widget
from textual.widgets import Checkbox, Input

from intake.desk.starting import read_authority
from intake.errors import WrongUse, sentence
from intake.mail.ways import WAY_WORDS, MailboxSecret, MicrosoftDevice, Password, TokenWay
from intake.texts import _
from storage.errors import Refusal
from tui.dialogs.base import Mistake
from tui.widgets.choice import Choice
from tui.widgets.field import Field, fields_of

_SHOWN: dict[str, frozenset[str]] = {
    "password": frozenset({"password"}),
    "microsoft-app": frozenset({"tenant", "client", "secret", "certificate", "scope", "token-authority"}),
    "microsoft-device": frozenset({"tenant", "client", "anew", "scope", "token-authority"}),
    "oauth": frozenset({"token-url", "client", "grant", "secret", "refresh", "scope", "token-authority"}),
}
_NAMES = frozenset().union(*_SHOWN.values())
_PLACES = {
    "tenant": "tenant",
    "client_id": "client",
    "token_url": "token-url",
    "scope": "scope",
    "grant": "grant",
}
NO_AUTHORITY = "-"
"""Typed instead of a file: the authorities that the machine trusts again."""
_LARGEST_PEM = 32_768


@dataclass(frozen=True, slots=True)
class WayTyped:
    """A way of signing in as values to be checked, and of its secret what was typed; empty is unchanged.

    `anew`: a person is to confirm a code again.
    """

    values: dict[str, Any]
    parts: dict[str, str]
    anew: bool = False

    def __repr__(self) -> str:
        return "WayTyped(…)"


def way_fields(way: Password | TokenWay) -> ComposeResult:
    """All fields of all ways, filled with the way that is set."""
    known: dict[str, Any] = way.model_dump()
    unchanged = _("Empty: unchanged. It is never shown.")
    yield Field("way", _("Signs in by"), Choice([(k, _(words)) for k, words in WAY_WORDS.items()], way.kind))
    yield Field("password", _("Password"), _hidden(), unchanged)
    url = Input(str(known.get("token_url", "")), max_length=1000, compact=True)
    yield Field("token-url", _("Token endpoint"), url, _("https://… of the token service"))
    tenant = Input(str(known.get("tenant", "")), max_length=253, compact=True)
    yield Field("tenant", _("Directory (ID)"), tenant, _("Of the office at Microsoft (tenant)"))
    client = Input(str(known.get("client_id", "")), max_length=255, compact=True)
    yield Field("client", _("Application (ID)"), client)
    grants = [
        ("client-credentials", _("the application itself")),
        ("refresh-token", _("a refresh token of a person")),
    ]
    yield Field("grant", _("Asks as"), Choice(grants, str(known.get("grant", "client-credentials"))))
    yield Field("secret", _("Secret"), _hidden(), unchanged)
    file = Input(max_length=1000, compact=True)
    yield Field(
        "certificate", _("or certificate"), file, _("The file with private key and certificate (PEM)")
    )
    yield Field("refresh", _("Refresh token"), _hidden(), unchanged)
    again = Checkbox(_("ask a new code when this is sent"), compact=True)
    yield Field("anew", _("Confirm again"), again, _("A person who may open the mailbox confirms it once."))
    scope = Input(_own_scope(way), max_length=1000, compact=True)
    yield Field("scope", _("Scope"), scope, _("Empty: the usual one"))
    own = _("Empty: unchanged. A minus sign: the authorities that this machine trusts.")
    usual = _("Only for a token service with its own authority: the file (PEM)")
    authority = Input(max_length=1000, compact=True)
    yield Field("token-authority", _("Its authority"), authority, own if known.get("ca_pem") else usual)


def show_way(dialog: Widget, kind: str, before: Password | TokenWay) -> None:
    """Show the fields of this way alone. The scope of the way that is set does not go along to another."""
    fields = fields_of(dialog)
    for name, field in fields.items():
        if name in _NAMES:
            field.display = name in _SHOWN[kind]
    scope = _own_scope(before)
    if kind != before.kind and scope and fields["scope"].text == scope:
        fields["scope"].text = ""


def _own_scope(way: Password | TokenWay) -> str:
    """The scope that was set, if it is not the usual one."""
    if isinstance(way, Password) or way.scope == type(way).model_fields["scope"].default:
        return ""
    return way.scope


def read_way(dialog: Widget, before: Password | TokenWay) -> WayTyped:
    """What was typed. Raises Mistake for files that cannot be used; the values are checked with all the others."""
    fields = fields_of(dialog)
    kind = fields["way"].text
    shown = _SHOWN[kind]
    values: dict[str, Any] = before.model_dump() if before.kind == kind else {"kind": kind}
    for name, place in _PLACES.items():
        if place not in shown:
            continue
        text = fields[place].text.strip()
        if name == "scope" and not text:
            values.pop(name, None)
        else:
            values[name] = text
    if "token-authority" in shown:
        values["ca_pem"] = typed_authority(
            fields["token-authority"].text.strip(), values.get("ca_pem"), "token-authority"
        )
    return WayTyped(
        values, _parts(fields, shown, values), kind == "microsoft-device" and bool(fields["anew"].text)
    )


def secret_for(typed: WayTyped, way: Password | TokenWay) -> MailboxSecret | None:
    """The secret that was typed, None where it stays or a code is to be asked. Raises Mistake."""
    if not typed.parts:
        return None
    try:
        secret = MailboxSecret(way.kind, typed.parts)
    except ValueError:
        secret = None
    if secret is None or not secret.fits(way):
        name = "certificate" if "certificate" in typed.parts else "refresh"
        problem = (
            _("Give a secret or a certificate, not both.")
            if name == "certificate"
            else _("Give the refresh token, too.")
        )
        raise Mistake(name, problem)
    return secret


def needs_secret(before: Password | TokenWay, after: Password | TokenWay) -> Mistake | None:
    """Where the kept secret would go to another place: the field in which the new one is missing."""
    if (before.kind, before.goes_to) == (after.kind, after.goes_to) or isinstance(after, MicrosoftDevice):
        return None
    field = "password" if isinstance(after, Password) else "secret"
    if getattr(after, "grant", "") == "refresh-token":
        field = "refresh"
    return Mistake(
        field, _("Another way of signing in: give its secret, so that the old one is not sent there.")
    )


def field_of_way(problem: str) -> str | None:
    """The field that the first wrong setting of a way stands in; None for one of another part."""
    if "mailbox.sign_in" not in problem:
        return None
    return next((place for name, place in _PLACES.items() if f".{name}:" in problem), "way")


def _hidden() -> Input:
    return Input(password=True, max_length=8192, compact=True)


def typed_authority(text: str, known: str | None, field: str) -> str | None:
    """The certificates of the file that was typed; the `known` ones where nothing was, none for `NO_AUTHORITY`. Raises Mistake."""
    if not text:
        return known
    if text == NO_AUTHORITY:
        return None
    try:
        return read_authority(text)
    except WrongUse as error:
        raise Mistake(field, str(error.values["problem"])) from None


def _parts(fields: dict[str, Field], shown: frozenset[str], values: dict[str, Any]) -> dict[str, str]:
    names = {"password": "password", "secret": "client_secret"}
    if values.get("grant") == "refresh-token":
        names["refresh"] = "refresh_token"
    parts = {part: fields[name].text for name, part in names.items() if name in shown and fields[name].text}
    if "certificate" in shown and (text := fields["certificate"].text.strip()):
        parts["certificate"] = _certificate(text)
    return parts


def _certificate(text: str) -> str:
    from intake.mail.certificates import check_certificate

    try:
        with Path(text).expanduser().open(encoding="ascii") as file:
            pem = file.read(_LARGEST_PEM)
    except (OSError, RuntimeError, ValueError):
        pem = ""
    try:
        check_certificate(pem)
    except Refusal as error:
        raise Mistake("certificate", sentence(error)) from None
    return pem
