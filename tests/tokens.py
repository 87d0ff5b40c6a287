"""A place that gives tokens, on loopback, for tests: over TLS what Microsoft's identity platform and an OpenID provider
answer, and beside it the introspection that a Dovecot asks what a token is good for.

    with TokenServer() as tokens, Dovecot(introspection=tokens.introspection_url) as server:
        ...

What it does next is set by its attributes; `asked` holds the forms that came in.
"""

import base64
import json
import ssl
import tempfile
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, unquote_plus, urlsplit

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from tests.dovecot import HOST, write_certificates

TENANT = "8c2f1d4e-0000-4000-8000-4f6f2a7b9c11"
CLIENT = "11111111-2222-4333-8444-555555555555"
CLIENT_SECRET = "app-geheim~Q/+=& %"
JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"

Form = dict[str, str]
Reply = tuple[int, dict[str, Any]]


class Refusal(Exception):
    """An answer of RFC 6749, 5.2."""

    def __init__(self, error: str, code: int = 0, status: int = 400) -> None:
        super().__init__(error)
        self.reply: Reply = (
            status,
            {
                "error": error,
                "error_description": f"AADSTS{code}: woorden van de dienst",
                "error_codes": [code],
            },
        )


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_arguments: object) -> None:
        """Whoever hangs up in the middle is no fault of the server."""


class TokenServer:
    """A context manager. `user` is the mailbox that its tokens are good for; `seconds` how long."""

    def __init__(self, user: str = "referrals") -> None:
        self.user = user
        self.seconds = 3600
        self.client_secret = CLIENT_SECRET
        self.certificate: x509.Certificate | None = None
        self.refresh_token = "vernieuw-0"
        self.keeps_old = False
        """Whether a refresh token may be used again after another was given, as at Microsoft."""
        self.confirmed = False
        self.refuses: Refusal | None = None
        self.answers: Callable[[BaseHTTPRequestHandler], bool] = lambda _request: False
        """Takes over an answer when it returns True."""
        self.good: dict[str, str] = {}
        """Tokens that introspection calls active, with their user."""
        self.asked: list[Form] = []
        self._numbers = count(1)
        self._base = Path(tempfile.mkdtemp(prefix="tk-"))
        write_certificates(self._base)
        self.ca_pem = (self._base / "ca.pem").read_text(encoding="ascii")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._base / "server.pem", self._base / "server-key.pem")
        self._tls = _Server((HOST, 0), self._handler())
        self._tls.socket = context.wrap_socket(
            self._tls.socket, server_side=True, do_handshake_on_connect=False
        )
        self._plain = _Server((HOST, 0), self._handler())

    @property
    def url(self) -> str:
        """Where it is, without a path."""
        return f"https://{HOST}:{self._tls.server_address[1]}"

    @property
    def token_url(self) -> str:
        """The endpoint of the OpenID provider."""
        return f"{self.url}/realms/ocmw/token"

    @property
    def introspection_url(self) -> str:
        """Where a Dovecot asks."""
        return f"http://{HOST}:{self._plain.server_address[1]}/introspect"

    def __enter__(self) -> Self:
        for server in (self._tls, self._plain):
            threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server in (self._tls, self._plain):
            server.shutdown()
            server.server_close()
        for path in self._base.iterdir():
            path.unlink()
        self._base.rmdir()

    # -- what it says ---------------------------------------------------------------------------------------------

    def reply(self, path: str, form: Form, basic: tuple[str, str] | None) -> Reply:
        if path == "/introspect":
            user = self.good.get(form.get("token", ""))
            return 200, {"active": True, "username": user} if user else {"active": False}
        microsoft = f"/{TENANT}/"
        if not path.startswith((microsoft, "/realms/ocmw/")):
            return 400, {"error": "invalid_tenant", "error_description": "AADSTS90002: geen zo'n map"}
        if path.endswith("/.well-known/openid-configuration"):
            base = f"{self.url}/{TENANT}/oauth2/v2.0"
            return 200, {
                "issuer": f"{self.url}/{TENANT}/v2.0",
                "authorization_endpoint": f"{base}/authorize",
                "token_endpoint": f"{base}/token",
                "device_authorization_endpoint": f"{base}/devicecode",
            }
        self.asked.append(form)
        if self.refuses is not None:
            raise self.refuses
        if path.endswith("/devicecode"):
            return 200, {
                "user_code": "BLAUW-42",
                "device_code": "toestel-code",
                "verification_uri": "https://login.example/toestel",
                "expires_in": 900,
                "interval": 1,
                "message": "To sign in, use a web browser",
            }
        return 200, self._token(form, basic)

    def _token(self, form: Form, basic: tuple[str, str] | None) -> dict[str, Any]:
        grant = form.get("grant_type")
        client = unquote_plus(basic[0]) if basic else form.get("client_id")
        if client != CLIENT:
            raise Refusal("unauthorized_client", 700016)
        if grant == "client_credentials":
            self._check_client(form, basic)
        elif grant == "refresh_token":
            if form.get("refresh_token") != self.refresh_token and not self.keeps_old:
                raise Refusal("invalid_grant", 700082)
        elif grant == DEVICE_GRANT:
            if form.get("device_code") != "toestel-code":
                raise Refusal("bad_verification_code")
            if not self.confirmed:
                raise Refusal("authorization_pending", 70016)
        else:
            raise Refusal("unsupported_grant_type")
        token = f"tok-{next(self._numbers)}-" + "x" * 400
        self.good[token] = self.user
        answer: dict[str, Any] = {
            "token_type": "Bearer",
            "access_token": token,
            "expires_in": self.seconds,
            "scope": form.get("scope", ""),
        }
        if grant != "client_credentials":
            self.refresh_token = f"vernieuw-{next(self._numbers)}"
            answer["refresh_token"] = self.refresh_token
        return answer

    def _check_client(self, form: Form, basic: tuple[str, str] | None) -> None:
        if form.get("client_assertion_type") == JWT_BEARER and self.certificate is not None:
            assertion = form["client_assertion"]
            try:
                jwt.decode(
                    assertion,
                    self.certificate.public_key(),  # type: ignore[arg-type]
                    algorithms=["PS256", "RS256"],
                    audience=f"{self.url}/{TENANT}/oauth2/v2.0/token",
                    issuer=CLIENT,
                )
                thumbprint = jwt.get_unverified_header(assertion)["x5t#S256"]
            except (jwt.PyJWTError, KeyError):
                raise Refusal("invalid_client", 700027, 401) from None
            wanted = base64.urlsafe_b64encode(self.certificate.fingerprint(hashes.SHA256())).decode()
            if thumbprint.rstrip("=") != wanted.rstrip("="):
                raise Refusal("invalid_client", 700027, 401)
            return
        secret = unquote_plus(basic[1]) if basic else form.get("client_secret")
        if secret != self.client_secret:
            raise Refusal("invalid_client", 7000215, 401)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.0"
            timeout = 10

            def do_GET(self) -> None:
                self._do(b"")

            def do_POST(self) -> None:
                self._do(self.rfile.read(int(self.headers.get("Content-Length", "0"))))

            def _do(self, body: bytes) -> None:
                if owner.answers(self):
                    return
                form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
                head = self.headers.get("Authorization", "")
                basic = None
                if head.startswith("Basic "):
                    name, _colon, secret = base64.b64decode(head[6:]).decode().partition(":")
                    basic = (name, secret)
                try:
                    status, said = owner.reply(urlsplit(self.path).path, form, basic)
                except Refusal as refusal:
                    status, said = refusal.reply
                data = json.dumps(said).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_arguments: object) -> None:
                pass

        return Handler


def key_and_certificate(days: int = 30) -> tuple[str, x509.Certificate]:
    """A private key with its own certificate, as one PEM text, good until `days` from now."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "ocmw-intake")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=365))
        .not_valid_after(now + timedelta(days=days))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return (private + certificate.public_bytes(serialization.Encoding.PEM)).decode("ascii"), certificate
