"""Asking a place that gives tokens: only over TLS with its certificate verified, only that place, bounded in size and time.

What is asked and what an answer means is in `microsoft.py` and `openid.py`. `requests` is loaded when it is first needed.
"""

import logging
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from intake.mail.connection import ends_at
from intake.mail.errors import MailboxAuthority
from intake.mail.token_errors import TokenServerOdd, TokenServerUnreachable, TokenServerUntrusted

if TYPE_CHECKING:
    import requests

ANSWER_LIMIT = 256 * 1024
"""Bytes of one answer; that of Microsoft's discovery has some 2 kB, a token with its companions some 10."""
REQUEST_SECONDS = 20.0
"""Seconds for one question and its answer, however busily the other side dribbles."""
WAIT_SECONDS = 10.0
"""Seconds for the connection, and for each silence."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, head (names in small letters) and text. In the form in which msal wants it."""

    status_code: int
    text: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    def raise_for_status(self) -> None:
        """What msal calls on an answer that it cannot use."""
        if self.status_code >= 400:
            raise OSError("status of an answer")


class Web:
    """The one place at `address` and nobody else. `ca_pem`: only these authorities are trusted.

    Proxies are those of the environment; `.netrc` and environment certificates are not looked at. Raises
    TokenServerUnreachable, TokenServerUntrusted, TokenServerOdd, MailboxAuthority. `last_status` is that of the newest
    answer.
    """

    def __init__(self, address: str, ca_pem: str | None = None, seconds: float = REQUEST_SECONDS) -> None:
        self._place = _place(address)
        self._ca_pem = ca_pem
        self._seconds = seconds
        self.last_status = 0

    @property
    def host(self) -> str:
        """Its name."""
        return self._place[1]

    def get(self, url: str, **request: Any) -> Answer:
        """Ask with GET; `params` and `headers` as for requests, nothing else counts."""
        return self._ask("GET", url, request)

    def post(self, url: str, **request: Any) -> Answer:
        """Ask with POST; also `data` and `auth`."""
        return self._ask("POST", url, request)

    def close(self) -> None:
        """Nothing is kept open between questions."""

    def _ask(self, method: str, url: str, request: Mapping[str, Any]) -> Answer:
        if not self._place[0] or _place(url) != self._place:
            raise TokenServerOdd(host=self.host)
        import requests
        import urllib3

        # These would write addresses and headers when somebody turns their logs on.
        for name in ("urllib3", "requests", "msal"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        until = time.monotonic() + self._seconds
        try:
            context = ends_at(until, self._ca_pem)
        except OSError:
            raise MailboxAuthority from None
        given = {name: request[name] for name in ("params", "data", "auth") if request.get(name)}
        # Unpacked an answer could be far larger than it was on the line.
        given["headers"] = {**(request.get("headers") or {}), "Accept-Encoding": "identity"}
        try:
            with requests.Session() as session:
                session.trust_env = False
                session.mount("https://", _adapter(context))
                with session.request(
                    method,
                    url,
                    timeout=WAIT_SECONDS,
                    allow_redirects=False,
                    stream=True,
                    proxies=requests.utils.get_environ_proxies(url),
                    **given,
                ) as response:
                    return self._read(response, until)
        except requests.exceptions.SSLError:
            raise TokenServerUntrusted(host=self.host) from None
        except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, OSError):
            raise TokenServerUnreachable(host=self.host) from None
        except (ValueError, LookupError):
            raise TokenServerOdd(host=self.host) from None

    def _read(self, response: "requests.Response", until: float) -> Answer:
        if response.is_redirect or 300 <= response.status_code < 400:
            raise TokenServerOdd(host=self.host)
        data = bytearray()
        for piece in response.iter_content(8192):
            data += piece
            if len(data) > ANSWER_LIMIT or time.monotonic() > until:
                raise TokenServerOdd(host=self.host)
        self.last_status = response.status_code
        headers = {name.lower(): value[:1000] for name, value in response.headers.items()}
        return Answer(response.status_code, data.decode("utf-8"), headers)


def _place(url: str) -> tuple[str, str, int]:
    """Scheme, host and port; anything but https is nowhere."""
    try:
        parts = urlsplit(url)
        port = parts.port or 443
    except ValueError:
        return ("", "", 0)
    if parts.scheme != "https" or not parts.hostname or parts.username is not None:
        return ("", "", 0)
    return (parts.scheme, parts.hostname.lower(), port)


def _adapter(context: ssl.SSLContext) -> Any:
    """A transport that trusts what `context` trusts, and nothing besides it."""
    from requests.adapters import HTTPAdapter

    class Adapter(HTTPAdapter):
        def init_poolmanager(self, *arguments: Any, **more: Any) -> None:
            super().init_poolmanager(*arguments, **more, ssl_context=context)

        def proxy_manager_for(self, *arguments: Any, **more: Any) -> Any:
            return super().proxy_manager_for(*arguments, **more, ssl_context=context)

        def cert_verify(self, conn: Any, *_arguments: Any, **_more: Any) -> None:
            # The library would add the authorities it brings along to those that are trusted here.
            conn.cert_reqs = "CERT_REQUIRED"
            conn.ca_certs = conn.ca_cert_dir = None

    return Adapter()
