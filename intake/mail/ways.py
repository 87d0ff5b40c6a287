"""The ways of signing in to a mailbox, as settings, and the secret that each needs. Pure: nothing is asked of anyone here.

The settings hold no secret. The secret is sealed apart (`intake.desk.office.MAILBOX_SECRET`) and names its way, so that
what was meant for one place is never sent to another.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from intake.texts import N_

__all__ = [
    "MICROSOFT",
    "WAY_WORDS",
    "MailboxSecret",
    "MicrosoftApp",
    "MicrosoftDevice",
    "OAuth",
    "Password",
    "SignIn",
    "TokenWay",
]

MICROSOFT = "https://login.microsoftonline.com"
APP_SCOPE = "https://outlook.office365.com/.default"
DEVICE_SCOPE = "https://outlook.office365.com/IMAP.AccessAsUser.All"
LONGEST_SECRET = 32_768
"""Characters of a password, client secret, refresh token, or key with its certificate."""

Tenant = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9.-]{0,252}$")]
"""A directory (tenant) of Microsoft: its ID, or a domain of it."""
ClientId = Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=r"^[\x21-\x7e]+$")]
Scope = Annotated[str, StringConstraints(max_length=1000, pattern=r"^[\x21\x23-\x5b\x5d-\x7e ]*$")]
Https = Annotated[
    str,
    StringConstraints(
        max_length=1000,
        pattern=r"^https://([A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(:[0-9]{1,5})?(/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?$",
    ),
]
"""An address without user, query or fragment; only with TLS."""
Pem = Annotated[str, StringConstraints(max_length=65_536)]


class _Way(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Password(_Way):
    """Account and password; all that a mail server on one's own network asks."""

    kind: Literal["password"] = "password"

    @property
    def goes_to(self) -> tuple[str, ...]:
        """To the mail server alone."""
        return ()


class _TokenWay(_Way):
    """What the ways by token share. `ca_pem`: only these authorities are trusted for the place that gives the tokens."""

    client_id: ClientId
    ca_pem: Pem | None = None


class _Microsoft(_TokenWay):
    tenant: Tenant
    authority: Https = MICROSOFT

    @property
    def goes_to(self) -> tuple[str, ...]:
        """Where the secret goes and for whom: when this changes, the kept secret is of no more use."""
        return (self.authority.rstrip("/"), self.tenant, self.client_id)


class MicrosoftApp(_Microsoft):
    """An application with a permission of its own (client credentials), by a secret or a certificate."""

    kind: Literal["microsoft-app"] = "microsoft-app"
    scope: Scope = APP_SCOPE


class MicrosoftDevice(_Microsoft):
    """Somebody who may open the mailbox confirms once, in a browser, with a code; then a refresh token serves."""

    kind: Literal["microsoft-device"] = "microsoft-device"
    scope: Scope = DEVICE_SCOPE


class OAuth(_TokenWay):
    """Any token endpoint as OpenID providers have one (RFC 6749). `client_auth`: how the client secret is sent."""

    kind: Literal["oauth"] = "oauth"
    token_url: Https
    scope: Scope = ""
    grant: Literal["client-credentials", "refresh-token"] = "client-credentials"
    client_auth: Literal["basic", "post"] = "basic"

    @property
    def goes_to(self) -> tuple[str, ...]:
        """Where the secret goes and for whom: when this changes, the kept secret is of no more use."""
        return (self.token_url, self.client_id, self.grant)


TokenWay = MicrosoftApp | MicrosoftDevice | OAuth
SignIn = Annotated[Password | MicrosoftApp | MicrosoftDevice | OAuth, Field(discriminator="kind")]

WAY_WORDS: dict[str, str] = {
    "password": N_("password"),
    "microsoft-app": N_("Microsoft 365, as an application"),
    "microsoft-device": N_("Microsoft 365, confirmed by a person with a code"),
    "oauth": N_("another token service (OpenID)"),
}

_PARTS: Mapping[str, tuple[frozenset[str], ...]] = {
    "password": (frozenset({"password"}),),
    "microsoft-app": (frozenset({"client_secret"}), frozenset({"certificate"})),
    "microsoft-device": (frozenset({"refresh_token", "kept"}),),
    "oauth": (
        frozenset({"client_secret"}),
        frozenset({"refresh_token"}),
        frozenset({"client_secret", "refresh_token"}),
    ),
}
"""Of what the secret of each way consists; one of these."""


@dataclass(frozen=True, slots=True)
class MailboxSecret:
    """The secret of one way. `parts` are never shown; raises ValueError when they are not what the way needs."""

    kind: str
    parts: Mapping[str, str] = field(repr=False)

    def __post_init__(self) -> None:
        if frozenset(self.parts) not in _PARTS.get(self.kind, ()):
            raise ValueError("parts of a secret")
        for text in self.parts.values():
            if not isinstance(text, str) or len(text) > LONGEST_SECRET:
                raise ValueError("part of a secret")

    @classmethod
    def password(cls, password: str) -> "MailboxSecret":
        """That of the first way."""
        return cls("password", {"password": password})

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> "MailboxSecret":
        """As it was sealed; the rows of passwords name no kind. Raises ValueError."""
        parts = dict(row)
        return cls(str(parts.pop("kind", "password")), parts)

    def to_row(self) -> dict[str, str]:
        """To be sealed."""
        return dict(self.parts) if self.kind == "password" else {"kind": self.kind, **self.parts}

    def having(self, **parts: str) -> "MailboxSecret":
        """With other parts, as after a renewal."""
        return replace(self, parts={**self.parts, **parts})

    def fits(self, way: "Password | TokenWay") -> bool:
        """Whether it is a secret of this way."""
        if self.kind != way.kind:
            return False
        return not isinstance(way, OAuth) or ("refresh_token" in self.parts) == (way.grant == "refresh-token")
