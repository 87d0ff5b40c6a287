"""A token of any OpenID provider's token endpoint: client credentials, or a refresh token (RFC 6749, 4.4 and 6)."""

import json
from typing import Any
from urllib.parse import quote_plus

from intake.mail.grants import Grant, grant_of, refresh_token_of, refusal_of
from intake.mail.token_errors import TokenServerBusy, TokenServerOdd
from intake.mail.ways import MailboxSecret, OAuth
from intake.mail.web import Web


def ask_token(way: OAuth, secret: MailboxSecret) -> Grant:
    """One token. Where the endpoint gives another refresh token, the grant holds the secret with it: keep it at once.

    Raises the errors of `token_errors`.
    """
    web = Web(way.token_url, way.ca_pem)
    form = {"grant_type": way.grant.replace("-", "_")}
    if way.grant == "refresh-token":
        form["refresh_token"] = secret.parts["refresh_token"]
    if way.scope:
        form["scope"] = way.scope
    request: dict[str, Any] = {"headers": {"Accept": "application/json"}, "data": form}
    client_secret = secret.parts.get("client_secret")
    if client_secret is None:
        form["client_id"] = way.client_id
    elif way.client_auth == "post":
        form |= {"client_id": way.client_id, "client_secret": client_secret}
    else:
        # Encoded as a form has it, before it becomes a header (RFC 6749, 2.3.1).
        request["auth"] = (quote_plus(way.client_id), quote_plus(client_secret))
    answer = web.post(way.token_url, **request)
    if answer.status_code >= 500 or answer.status_code == 429:
        raise TokenServerBusy(host=web.host)
    try:
        said = json.loads(answer.text)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise TokenServerOdd(host=web.host)
    if answer.status_code != 200 or "error" in said:
        raise refusal_of(said, web.host)
    new = refresh_token_of(said)
    rotated = way.grant == "refresh-token" and new is not None and new != secret.parts["refresh_token"]
    return grant_of(said, web.host, secret.having(refresh_token=new) if rotated and new else None)
