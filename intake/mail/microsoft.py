"""Tokens of Microsoft's identity platform through msal: as an application, or by a person who confirms a code once.

Nothing is kept by msal: each question begins with an empty cache, so that a refused token never comes back.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import msal
from msal.exceptions import MsalError

from intake.mail.certificates import check_certificate
from intake.mail.grants import Grant, grant_of, refresh_token_of, refusal_of
from intake.mail.token_errors import (
    TenantUnknown,
    TokenServerBusy,
    TokenServerOdd,
)
from intake.mail.ways import MailboxSecret, MicrosoftApp, MicrosoftDevice
from intake.mail.web import Web
from intake.plaintext import clean_line

__all__ = ["DeviceSignIn", "ask_token"]

LONGEST_CODE = 40
MOST_CODE_SECONDS = 1800


def today() -> str:
    """The day now, as it is noted beside a refresh token."""
    return datetime.now(UTC).date().isoformat()


def ask_token(way: MicrosoftApp | MicrosoftDevice, secret: MailboxSecret) -> Grant:
    """One token. Microsoft gives another refresh token each time and keeps the old one good: one a day is enough.

    Raises the errors of `token_errors`.
    """
    with _translated(way) as web:
        if isinstance(way, MicrosoftApp):
            app = msal.ConfidentialClientApplication(
                way.client_id, client_credential=_credential(secret), **_where(way, web)
            )
            answer = app.acquire_token_for_client([*way.scope.split()])
        else:
            app = msal.PublicClientApplication(way.client_id, **_where(way, web))
            answer = app.acquire_token_by_refresh_token(secret.parts["refresh_token"], [*way.scope.split()])
        if not isinstance(answer, Mapping):
            raise TokenServerOdd(host=web.host)
        if "error" in answer:
            raise refusal_of(answer, web.host, way.tenant)
        changed = None
        if isinstance(way, MicrosoftDevice) and secret.parts["kept"] != today():
            new = refresh_token_of(answer)
            changed = secret.having(refresh_token=new, kept=today()) if new else None
        return grant_of(answer, web.host, changed)


class DeviceSignIn:
    """One sign-in by a code: `code` is to be typed at `address` within `seconds`; look after each `pause` seconds.

    Made and used beside the desk; raises the errors of `token_errors`.
    """

    def __init__(self, way: MicrosoftDevice) -> None:
        self._way = way
        with _translated(way) as web:
            self._app = msal.PublicClientApplication(way.client_id, **_where(way, web))
            self._flow = self._app.initiate_device_flow([*way.scope.split()])
            self._web = web
            if "user_code" not in self._flow:
                raise refusal_of(self._flow, web.host, way.tenant)
            self.code = clean_line(str(self._flow["user_code"]))[:LONGEST_CODE]
            self.address = clean_line(str(self._flow["verification_uri"]))
            if not self.address.startswith("https://") or len(self.address) > 200:
                raise TokenServerOdd(host=web.host)
            self.seconds = min(max(int(self._flow.get("expires_in", 900)), 1), MOST_CODE_SECONDS)
            # Waiting is done by the caller, who can be stopped, and not in the library.
            self.pause = min(max(int(self._flow.get("interval", 5)), 1), 60)

    def __repr__(self) -> str:
        return "DeviceSignIn(…)"

    def ask(self) -> MailboxSecret:
        """Look once whether it was confirmed. Raises CodePending, CodeExpired, CodeDeclined and the others."""
        with _translated(self._way, self._web):
            answer = self._app.acquire_token_by_device_flow(self._flow, exit_condition=lambda _flow: True)
            if not isinstance(answer, Mapping):
                raise TokenServerOdd(host=self._web.host)
            if "error" in answer:
                raise refusal_of(answer, self._web.host, self._way.tenant)
            refresh = refresh_token_of(answer)
            if refresh is None:
                raise TokenServerOdd(host=self._web.host)
        return MailboxSecret("microsoft-device", {"refresh_token": refresh, "kept": today()})


def _where(way: MicrosoftApp | MicrosoftDevice, web: Web) -> dict[str, Any]:
    """To which place msal goes; it asks no other one whether that place is known."""
    return {
        "authority": f"{way.authority.rstrip('/')}/{way.tenant}",
        "http_client": web,
        "instance_discovery": False,
        "enable_pii_log": False,
    }


def _credential(secret: MailboxSecret) -> Any:
    pem = secret.parts.get("certificate")
    if pem is None:
        return secret.parts["client_secret"]
    check_certificate(pem)
    return {"private_key": pem, "public_certificate": pem}


@contextmanager
def _translated(way: MicrosoftApp | MicrosoftDevice, web: Web | None = None) -> Iterator[Web]:
    """What msal raises becomes an error of ours; it raises ValueError for nearly all that it did not expect."""
    asked = web or Web(way.authority, way.ca_pem)
    try:
        yield asked
    except (MsalError, OSError):
        raise _odd(asked) from None
    except (ValueError, LookupError, TypeError, AttributeError, RuntimeError, RecursionError):
        if asked.last_status in (400, 404):
            raise TenantUnknown(tenant=way.tenant) from None
        raise _odd(asked) from None


def _odd(web: Web) -> TokenServerBusy | TokenServerOdd:
    busy = web.last_status == 429 or web.last_status >= 500
    return TokenServerBusy(host=web.host) if busy else TokenServerOdd(host=web.host)
