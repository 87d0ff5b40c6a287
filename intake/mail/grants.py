"""What a place that gives tokens answers, checked: a token with its time, or a refusal with its meaning."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from intake.errors import MailboxError
from intake.mail.token_errors import (
    ClientSecretExpired,
    ClientSecretWrong,
    ClientUnknown,
    CodeDeclined,
    CodeExpired,
    CodePending,
    ConsentMissing,
    SignInAnew,
    SignInBarred,
    TenantUnknown,
    TokenServerBusy,
    TokenServerOdd,
)
from intake.mail.ways import LONGEST_SECRET, MailboxSecret

__all__ = ["Grant", "grant_of", "refresh_token_of", "refusal_of"]

_TOKEN = re.compile(r"[\x21-\x7e]{1,16384}")
"""Visible characters alone: one that ends a line or a field of the sign-in would begin another."""
UNTOLD_SECONDS = 300
MOST_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Grant:
    """An access token, for how many seconds it is good, and the secret as it is from now on where that has changed."""

    token: str = field(repr=False)
    seconds: int
    secret: MailboxSecret | None = field(default=None, repr=False)


def grant_of(answer: object, host: str, secret: MailboxSecret | None = None) -> Grant:
    """The token of a good answer. Raises TokenServerOdd."""
    if isinstance(answer, Mapping):
        token, seconds = answer.get("access_token"), answer.get("expires_in", UNTOLD_SECONDS)
        kind = answer.get("token_type", "Bearer")
        if isinstance(seconds, str) and re.fullmatch(r"[0-9]{1,10}", seconds):
            seconds = int(seconds)
        if (
            isinstance(token, str)
            and _TOKEN.fullmatch(token)
            and isinstance(seconds, int | float)
            and isinstance(kind, str)
            and kind.lower() == "bearer"
            and seconds > 0
        ):
            return Grant(token, int(min(seconds, MOST_SECONDS)), secret)
    raise TokenServerOdd(host=host)


def refresh_token_of(answer: Mapping[str, Any]) -> str | None:
    """A refresh token that came along; None when there is none that could be kept."""
    token = answer.get("refresh_token")
    return token if isinstance(token, str) and 0 < len(token) <= LONGEST_SECRET else None


_BY_CODE: Mapping[int, type[MailboxError]] = {
    7000222: ClientSecretExpired,
    7000215: ClientSecretWrong,
    700027: ClientSecretWrong,
    700016: ClientUnknown,
    7000112: ClientUnknown,
    7000218: ClientUnknown,
    90002: TenantUnknown,
    900021: TenantUnknown,
    900023: TenantUnknown,
    65001: ConsentMissing,
    65004: ConsentMissing,
    650052: ConsentMissing,
    650057: ConsentMissing,
    500011: ConsentMissing,
    70011: ConsentMissing,
    50105: ConsentMissing,
    **dict.fromkeys(
        (50005, 50076, 50079, 50097, 50158, 53000, 53001, 53002, 53003, 53011, 530003), SignInBarred
    ),
    70016: CodePending,
    70020: CodeExpired,
}
"""Microsoft's numbers (AADSTS…), which say more than the words of RFC 6749."""

_BY_WORD: Mapping[str, type[MailboxError]] = {
    "authorization_pending": CodePending,
    "slow_down": CodePending,
    "expired_token": CodeExpired,
    "code_expired": CodeExpired,
    "authorization_declined": CodeDeclined,
    "access_denied": CodeDeclined,
    "invalid_client": ClientSecretWrong,
    "unauthorized_client": ClientUnknown,
    "invalid_tenant": TenantUnknown,
    "invalid_scope": ConsentMissing,
    "consent_required": ConsentMissing,
    "invalid_resource": ConsentMissing,
    "interaction_required": SignInBarred,
    "invalid_grant": SignInAnew,
    "temporarily_unavailable": TokenServerBusy,
    "server_error": TokenServerBusy,
}


def refusal_of(answer: Mapping[str, Any], host: str, tenant: str = "") -> MailboxError:
    """What a refusal means; TokenServerOdd for what nobody knows. None of its words are in the error."""
    said = answer.get("error_description")
    codes = [int(number) for number in re.findall(r"AADSTS([0-9]{4,8})", str(said)[:2000])]
    told = answer.get("error_codes")
    codes += [code for code in told[:10] if isinstance(code, int)] if isinstance(told, list) else []
    kind = next((_BY_CODE[code] for code in codes if code in _BY_CODE), None)
    if kind is None:
        kind = _BY_WORD.get(str(answer.get("error")), TokenServerOdd)
    if kind is TenantUnknown:
        return TenantUnknown(tenant=tenant)
    return kind(host=host) if kind in (TokenServerBusy, TokenServerOdd) else kind()
