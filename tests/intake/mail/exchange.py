"""A small IMAP server that says what Exchange Online says, over TLS on loopback; for what no Dovecot can be made to say."""

import base64
import contextlib
import socket
import ssl
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Self

from intake.mail.signin import MailboxSettings, Security
from tests.dovecot import HOST, write_certificates

Answer = Callable[[str, str], str | None]
"""From a tag and a command to the lines of the answer; None for the usual one, "" cuts the connection."""


class Exchange:
    """`good` are the tokens it takes; each answer may be replaced by `answer`. `heard` holds all lines from clients."""

    def __init__(self, folder: Path, answer: Answer = lambda _tag, _command: None) -> None:
        write_certificates(folder)
        self.folder = folder
        self.answer = answer
        self.capability = "IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR UIDPLUS ID UNSELECT IDLE NAMESPACE"
        self.good: set[str] = set()
        self.hangs_up = False
        """After it has said no."""
        self.heard: list[str] = []
        self._listening = socket.create_server((HOST, 0))
        self._threads: list[threading.Thread] = []

    @property
    def settings(self) -> MailboxSettings:
        """How to reach its one mailbox."""
        return MailboxSettings(
            host=HOST,
            port=self._listening.getsockname()[1],
            security=Security.TLS,
            user="kindengezin@ocmw.example",
            ca_file=self.folder / "ca.pem",
            timeout_seconds=10,
        )

    def __enter__(self) -> Self:
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(self.folder / "server.pem", self.folder / "server-key.pem")
        self._run(self._accept)
        return self

    def __exit__(self, *_error: object) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for thread in self._threads:
            thread.join(10)

    def _run(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                plain, _address = self._listening.accept()
            except OSError:
                return
            self._run(self._serve, plain)

    def _serve(self, plain: socket.socket) -> None:
        with contextlib.suppress(OSError), plain:
            plain.settimeout(10)
            with self._context.wrap_socket(plain, server_side=True) as line, line.makefile("rwb") as file:
                self._say(file, "* OK The Microsoft Exchange IMAP4 service is ready.")
                while heard := file.readline():
                    self.heard.append(heard.decode().strip())
                    tag, _space, command = self.heard[-1].partition(" ")
                    if (said := self._reply(file, tag, command)) == "":
                        return
                    self._say(file, said)
                    if command == "LOGOUT" or (self.hangs_up and f"{tag} NO" in said):
                        return

    def _reply(self, file: object, tag: str, command: str) -> str:
        given = self.answer(tag, command)
        if given is not None:
            return given
        if command == "CAPABILITY":
            return f"* CAPABILITY {self.capability}\r\n{tag} OK CAPABILITY completed."
        if command == "AUTHENTICATE XOAUTH2":
            return self._authenticate(file, tag)
        if command == "AUTHENTICATE PLAIN":
            self._say(file, "+ ")
            self._read(file)
            return f"{tag} NO AUTHENTICATE failed."
        if command.startswith("STATUS"):
            return f'* STATUS "INBOX" (UIDVALIDITY 7)\r\n{tag} OK STATUS completed.'
        if command == "LOGOUT":
            return f"* BYE\r\n{tag} OK LOGOUT completed."
        return f"{tag} OK completed."

    def _authenticate(self, file: object, tag: str) -> str:
        self._say(file, "+ ")
        text = base64.b64decode(self._read(file)).decode()
        token = text.split("auth=Bearer ")[1].rstrip("\x01")
        if text.startswith("user=kindengezin@ocmw.example\x01") and token in self.good:
            return f"{tag} OK AUTHENTICATE completed."
        why = '{"status":"401","schemes":"bearer","scope":"geheime woorden van de server"}'
        self._say(file, "+ " + base64.b64encode(why.encode()).decode())
        ended = self._read(file)
        return f"{tag} NO AUTHENTICATE failed." if ended == "" else f"{tag} BAD Command Error. 12"

    def _read(self, file: object) -> str:
        line = file.readline().decode().strip()  # type: ignore[attr-defined]
        self.heard.append(line)
        return str(line)

    @staticmethod
    def _say(file: object, text: str) -> None:
        file.write(text.encode() + b"\r\n")  # type: ignore[attr-defined]
        file.flush()  # type: ignore[attr-defined]
