"""A real Dovecot on loopback for tests and trials: own certificate, free ports, a folder that is removed afterwards.

Runs as the user who starts it, or as an ordinary system user when root starts it; nothing of the machine's own mail
server is read or written. Every user name exists, each with an empty mailbox; the password is always `PASSWORD`.

    with Dovecot() as server:
        server.deliver("referrals", message_bytes)
        Mailbox.open(server.settings("referrals"), PASSWORD)

`python -m tests.dovecot` prints one JSON line and serves until SIGTERM or SIGINT.
"""

import contextlib
import ipaddress
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from intake.mail.signin import MailboxSettings, Security

PASSWORD = "geheim-voor-test"
HOST = "127.0.0.1"

CONFIGURATION = """
protocols = imap
listen = {host}
base_dir = {base}/run
state_dir = {base}/state
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
log_path = {base}/dovecot.log
ssl = yes
ssl_cert = <{base}/server.pem
ssl_key = <{base}/server-key.pem
disable_plaintext_auth = no
auth_mechanisms = {mechanisms}
auth_failure_delay = 0
first_valid_uid = 1
mail_location = maildir:~/Maildir
mail_uid = {uid}
mail_gid = {gid}
mail_access_groups =
mail_fsync = never
mail_max_userip_connections = 100
mail_plugins = acl
{oauth}passdb {{
  driver = static
  mechanisms = plain login
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={base}/mail/%u
}}
namespace inbox {{
  inbox = yes
  prefix = {prefix}
  separator = {separator}
  mailbox {drafts} {{
    special_use = \\Drafts
    auto = subscribe
  }}
}}
protocol imap {{
  mail_plugins = acl imap_acl
  imap_capability = {capability}
}}
plugin {{
  acl = vfile
}}
service imap-login {{
  chroot =
  process_min_avail = 1
  service_count = 0
  inet_listener imap {{
    address = {host}
    port = {starttls_port}
  }}
  inet_listener imaps {{
    address = {host}
    port = {port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service auth {{
  user = {user}
}}
service auth-worker {{
  user = {user}
}}
service stats {{
  chroot =
}}
"""

OAUTH = """passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {base}/dovecot-oauth2.conf.ext
}}
"""
INTROSPECTION = """
introspection_mode = post
introspection_url = {url}
username_attribute = username
active_attribute = active
active_value = true
client_id = dovecot
"""


def installed() -> bool:
    """Whether a Dovecot can be started here."""
    return _program() is not None


def _program() -> str | None:
    return shutil.which("dovecot", path=os.environ.get("PATH", "") + os.pathsep + "/usr/sbin")


class Dovecot:
    """One server with its folder; a context manager. `stop` and `start` again keep ports and mail.

    `prefix` and `separator` are those of the personal namespace ("INBOX." and "." as Courier and Cyrus have it);
    `capability` replaces what the server says it can do. `introspection`: where it asks what a token is good for
    (RFC 7662); then one can sign in by token with `mechanisms`, too.
    """

    def __init__(
        self,
        *,
        prefix: str = "",
        separator: str = "/",
        capability: str = "",
        introspection: str = "",
        mechanisms: str = "xoauth2 oauthbearer",
    ) -> None:
        self.host = HOST
        self.password = PASSWORD
        self.prefix, self.separator, self._capability = prefix, separator, capability
        self._introspection, self._mechanisms = introspection, mechanisms
        self.port = self.starttls_port = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._names = count(1)
        # A short path of its own: unix sockets have 108 characters, and root's pytest folder is closed to others.
        self.base = Path(tempfile.mkdtemp(prefix="dc-"))
        self._user, self._group, self.uid, self.gid = _ordinary_user()
        self._own(self.base)
        self.ca_file = self.base / "ca.pem"
        (self.base / "mail").mkdir(mode=0o700)
        self._own(self.base / "mail")
        write_certificates(self.base)
        if introspection:
            oauth = self.base / "dovecot-oauth2.conf.ext"
            oauth.write_text(INTROSPECTION.format(url=introspection), encoding="ascii")
            self._own(oauth)

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start(self) -> None:
        """Start serving; returns when both ports greet. A taken port is tried again with another (first start only)."""
        program = _program()
        assert program is not None, "Dovecot is not installed."
        first = not self.port
        for _attempt in range(5):
            if first:
                self.port, self.starttls_port = _free_ports()
            config = self.base / "dovecot.conf"
            config.write_text(self._configuration(), encoding="utf-8")
            self._process = subprocess.Popen(
                [program, "-F", "-c", str(config)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,
            )
            if self._greets():
                return
            self.stop()
        raise AssertionError(f"Dovecot does not start: {self.log()[-2000:]}")

    def stop(self) -> None:
        """Stop serving at once and cut every session; the mail stays."""
        if self._process is not None:
            # The whole group, because sessions outlive the master; its own group, because it leads a session.
            for number in (signal.SIGTERM, signal.SIGKILL):
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self._process.pid, number)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self._process.wait(5)
            self._process = None

    def close(self) -> None:
        """Stop and remove everything."""
        self.stop()
        shutil.rmtree(self.base, ignore_errors=True)

    def settings(self, user: str, security: Security = Security.TLS) -> MailboxSettings:
        """How to reach the mailbox of `user` here."""
        port = self.port if security is Security.TLS else self.starttls_port
        return MailboxSettings(
            host=self.host, port=port, security=security, user=user, ca_file=self.ca_file, timeout_seconds=10
        )

    def deliver(
        self,
        user: str,
        *messages: bytes,
        folder: str = "INBOX",
        received_at: datetime | None = None,
        flags: str = "",
    ) -> None:
        """Put messages into a folder as a delivery agent would, in this order.

        `received_at` becomes INTERNALDATE (whole seconds); `flags` are Maildir letters: S seen, T deleted.
        """
        root = self.maildir(user, folder)
        moment = received_at.timestamp() if received_at else time.time()
        for message in messages:
            name = f"{int(moment)}.M{next(self._names):09d}P1.test"
            path = root / "tmp" / name
            path.write_bytes(message)
            os.utime(path, (moment, moment))
            self._own(path)
            path.rename(root / "cur" / f"{name}:2,{flags}" if flags else root / "new" / name)

    def maildir(self, user: str, folder: str = "INBOX") -> Path:
        """The Maildir of a folder (made when missing); `folder` is a plain ASCII name."""
        root = self.base / "mail" / user / "Maildir"
        if folder.upper() != "INBOX":
            root = root / ("." + folder.replace(self.separator, "."))
        for path in (root, root / "cur", root / "new", root / "tmp"):
            for missing in reversed([p for p in (path, *path.parents) if not p.exists()]):
                missing.mkdir(mode=0o700)
                self._own(missing)
        return root

    def restrict(self, user: str, rights: str, folder: str = "INBOX") -> None:
        """Limit what `user` may do in a folder to these ACL letters (RFC 4314), as in a mailbox shared read-only."""
        path = self.maildir(user, folder) / "dovecot-acl"
        path.write_text(f"owner {rights}\n", encoding="ascii")
        self._own(path)

    def log(self) -> str:
        """What the server has logged so far."""
        path = self.base / "dovecot.log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def _configuration(self) -> str:
        return CONFIGURATION.format(
            host=self.host,
            base=self.base,
            user=self._user,
            group=self._group,
            uid=self.uid,
            gid=self.gid,
            password=self.password,
            mechanisms=f"plain login {self._mechanisms}" if self._introspection else "plain login",
            oauth=OAUTH.format(base=self.base) if self._introspection else "",
            prefix=self.prefix,
            separator=self.separator,
            drafts=f"{self.prefix}Drafts".removeprefix(self.prefix),
            capability=self._capability,
            port=self.port,
            starttls_port=self.starttls_port,
        )

    def _own(self, path: Path) -> None:
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            os.chown(path, self.uid, self.gid)

    def _greets(self) -> bool:
        """Poll the plain port until the greeting comes; False when the server ended or ten seconds passed."""
        assert self._process is not None
        until = time.monotonic() + 10
        while time.monotonic() < until and self._process.poll() is None:
            try:
                with socket.create_connection((self.host, self.starttls_port), timeout=5) as plain:
                    if plain.recv(4) == b"* OK":
                        return True
            except OSError:
                self._process.poll()
            time.sleep(0.02)
        return False


def _ordinary_user() -> tuple[str, str, int, int]:
    import grp
    import pwd

    entry = pwd.getpwuid(os.geteuid())
    if entry.pw_uid == 0:
        entry = pwd.getpwnam("nobody")
    return entry.pw_name, grp.getgrgid(entry.pw_gid).gr_name, entry.pw_uid, entry.pw_gid


def _free_ports() -> tuple[int, int]:
    with socket.create_server((HOST, 0)) as one, socket.create_server((HOST, 0)) as two:
        return one.getsockname()[1], two.getsockname()[1]


def write_certificates(base: Path) -> None:
    """A certificate authority and a certificate for localhost by it, good for a day."""
    now = datetime.now(UTC)
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test CA")])
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    ca_id = x509.SubjectKeyIdentifier.from_public_key(ca_key.public_key())

    def usage(*, signs_certificates: bool) -> x509.KeyUsage:
        return x509.KeyUsage(
            digital_signature=True,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=signs_certificates,
            crl_sign=signs_certificates,
            encipher_only=False,
            decipher_only=False,
        )

    def build(subject: x509.Name, public: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(ca_name)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(ca_id), critical=False
            )
        )

    ca = (
        build(ca_name, ca_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage(signs_certificates=True), critical=True)
        .sign(ca_key, hashes.SHA256())
    )
    server = (
        build(name, key.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(
            x509.SubjectAlternativeName(
                [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address(HOST))]
            ),
            critical=False,
        )
        .sign(ca_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (base / "ca.pem").write_bytes(ca.public_bytes(pem))
    (base / "server.pem").write_bytes(server.public_bytes(pem))
    private = base / "server-key.pem"
    private.touch(mode=0o600)
    private.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


def main(arguments: Iterable[str] = ()) -> int:
    """Serve until SIGTERM or SIGINT; the arguments are user names whose mailboxes are made beforehand."""
    done = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: done.set())
    with Dovecot() as server:
        users = list(arguments) or ["referrals"]
        for user in users:
            server.maildir(user)
        facts = {
            "host": server.host,
            "port": server.port,
            "starttls_port": server.starttls_port,
            "user": users[0],
            "password": server.password,
            "ca_file": str(server.ca_file),
        }
        print(json.dumps(facts), flush=True)
        done.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
